"""Study fields of ClinicalTrials.gov's API until June 2024: for each study the values of chosen fields, by name alone.

Belongs here: telling such answers, giving each field its place in a full study. Does not: what a field means (the
mapping of the full studies), full studies (ctgov_classic.py).

The answer has lost which value belongs to which item. Of fields that every item has, the first values are the first
item's, the second ones the second's; another field goes with them where it has as many values. All else is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.ctgov_classic_values import CONVERTERS
from pipelines.readers.json_records import read_json
from pipelines.readers.json_split import Landmark
from pipelines.readers.json_window import SPACE, UTF8_BOM
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.mapping.converters import text
from pipelines.readers.mapping.table import Row
from pipelines.settings import Limits

Struct = dict[str, Any]
FORMAT = "ctgov_fields_json"
_TEXT = rb'"(?:[^"\\]|\\.){0,8000}"'
_BESIDE = rb'"[^"\\]{1,80}"\s*:\s*(?:' + _TEXT + rb"|[-+.\w]{1,40}|\[\s*(?:" + _TEXT + rb"\s*,?\s*){0,400}\])"
_RESPONSE = re.compile(rb'(?:\[\s*)?\{\s*"StudyFieldsResponse"\s*:\s*\{')
_ENVELOPE = re.compile(_RESPONSE.pattern + rb"\s*(?:" + _BESIDE + rb'\s*,\s*){0,20}"StudyFields"\s*:\s*\[', re.DOTALL)
_LANDMARK = Landmark(re.compile(rb'(?<!:)(?<!: )\{\s*"Rank"\s*:'), b'"Rank"')
_NCT = re.compile(rb'"NCTId"\s*:\s*\[\s*"(NCT[0-9]{8})"')

_IN_EACH_ITEM = frozenset(
    {
        *("SecondaryId", "CollaboratorName", "CollaboratorClass", "ArmGroupLabel"),
        *("InterventionType", "InterventionName", "PrimaryOutcomeMeasure", "SecondaryOutcomeMeasure"),
        *("OtherOutcomeMeasure", "CentralContactName"),
        *("OverallOfficialName", "LocationCity", "LocationCountry", "ReferenceCitation", "SeeAlsoLinkURL"),
        *("LargeDocFilename", "EventGroupId", "FlowGroupId", "BaselineGroupId", "UnpostedEventType"),
        *("ConditionMeshId", "ConditionMeshTerm", "ConditionAncestorId", "ConditionAncestorTerm"),
        *("InterventionMeshId", "InterventionMeshTerm", "InterventionAncestorId", "InterventionAncestorTerm"),
    }
)  # fmt: skip
"""Fields without which the registry's form takes no item, or which it fills itself."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a full study has a field: the names that lead to it, or to the list whose items have it."""

    names: tuple[str, ...]
    items: tuple[str, ...] | None = None


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` is an answer of chosen fields."""
    return _ENVELOPE.match(head.removeprefix(UTF8_BOM).lstrip(SPACE)) is not None


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The studies of a member, in their order."""
    return read_json(member, limits, _LANDMARK, _ENVELOPE, _study, _stated_id)


def _stated_id(raw: bytes) -> str | None:
    found = _NCT.search(raw)
    return found[1].decode() if found else None


def _study(record: Struct) -> Struct:
    tree, kept = _tree(record)
    study = _mapper().of_json(tree)
    if kept:
        study.setdefault("registrySection", {}).setdefault("sourceFields", []).extend(kept)
    if "ResultsFirstSubmitDate" in record:
        study["hasResults"] = bool(record["ResultsFirstSubmitDate"])
    return study


def _tree(record: Struct) -> tuple[Struct, list[Struct]]:
    """A study with as much as is certain, and the values that have no certain place, as source fields."""
    tree: Struct = {}
    kept: list[Struct] = []
    items: dict[tuple[str, ...], Struct] = {}
    for name, values in record.items():
        place = _places().get(name)
        if place is None:
            tree[name] = values
        elif place.items is not None:
            items.setdefault(place.items, {})[name] = values if isinstance(values, list) else [values]
        else:
            _put(tree, place.names, values)
    for path, fields in items.items():
        counts = {len(values) for name, values in fields.items() if name in _IN_EACH_ITEM}
        count = counts.pop() if len(counts) == 1 else None
        known = {name: values for name, values in fields.items() if len(values) == count}
        if known:
            _put(tree, path, [dict(zip(known, one, strict=True)) for one in zip(*known.values(), strict=True)])
        for name in sorted(fields.keys() - known.keys()):
            kept += [
                {"path": name, "place": f"{name}[{number}]", "value": text(value)}
                for number, value in enumerate(fields[name], start=1)
                if value is not None
            ]
    return tree, kept


def _put(tree: Struct, names: tuple[str, ...], value: Any) -> None:
    for name in names[:-1]:
        tree = tree.setdefault(name, {})
    tree[names[-1]] = value


@cache
def _places() -> dict[str, _Place]:
    """The place of each field; those of items within items have one that no value of them is put to."""
    found: dict[str, _Place] = {}
    for row in load_mapping(FORMAT).rows:
        names = tuple(row.source.split("/"))
        if row.items is None:
            found.setdefault(names[-1], _Place(names))
        else:
            for inner in row.rows:
                _note(found, inner, names)
    return found


def _note(found: dict[str, _Place], row: Row, items: tuple[str, ...]) -> None:
    names = tuple(row.source.split("/"))
    if row.items is None:
        found.setdefault(names[-1], _Place(names, items if len(names) == 1 else (*items, *names)))
    for inner in row.rows:
        _note(found, inner, (*items, *names))


@cache
def _mapper() -> Mapper:
    return Mapper(load_mapping(FORMAT), CONVERTERS)


READER = Reader(format=FORMAT, registry="CTGOV", recognise=recognise, read=read, standing="chosen")
