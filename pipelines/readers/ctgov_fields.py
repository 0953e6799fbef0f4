"""Study fields of ClinicalTrials.gov's API until June 2024: for each study the values of chosen fields, by name alone.

Belongs here: telling such answers, JSON and tables, and giving each field its place in a full study. Does not: what a
field means (the mapping of the full studies), full studies (ctgov_classic.py).

The answer has lost which value belongs to which item. Of fields that every item has, the first values are the first
item's, the second ones the second's; another field goes with them where it has as many values. All else is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.ctgov_classic_values import CONVERTERS
from pipelines.readers.json_records import read_json
from pipelines.readers.json_split import Landmark
from pipelines.readers.json_window import SPACE, UTF8_BOM
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.mapping.converters import text
from pipelines.readers.mapping.table import Row as MappingRow
from pipelines.readers.reasons import READER_FAILED
from pipelines.readers.tables import (
    BadRow,
    Dialect,
    Heading,
    Row,
    TableFault,
    check_columns,
    open_table,
    read_heading,
    table_refused,
)
from pipelines.settings import Limits

Struct = dict[str, Any]
JSON, CSV = "ctgov_fields_json", "ctgov_fields_csv"
ID_COLUMN = "NCTId"
_TEXT = rb'"(?:[^"\\]|\\.){0,8000}"'
_BESIDE = rb'"[^"\\]{1,80}"\s*:\s*(?:' + _TEXT + rb"|[-+.\w]{1,40}|\[\s*(?:" + _TEXT + rb"\s*,?\s*){0,400}\])"
_RESPONSE = re.compile(rb'(?:\[\s*)?\{\s*"StudyFieldsResponse"\s*:\s*\{')
_ENVELOPE = re.compile(_RESPONSE.pattern + rb"\s*(?:" + _BESIDE + rb'\s*,\s*){0,20}"StudyFields"\s*:\s*\[', re.DOTALL)
_NO_STUDIES = re.compile(_RESPONSE.pattern + rb"\s*(?:" + _BESIDE + rb"\s*,?\s*){0,20}\}\s*\}\s*\]?\s*\Z", re.DOTALL)
_LANDMARK = Landmark(re.compile(rb'(?<!:)(?<!: )\{\s*"Rank"\s*:'), b'"Rank"')
_DIALECT = Dialect(delimiters=(",", ";", "\t"))
_ID = re.compile(r"NCT[0-9]{8}")
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

    @property
    def is_list(self) -> bool:
        """Whether a study can have several values of it."""
        return self.items is not None or (len(self.names) > 1 and self.names[-2].endswith("List"))


def recognise_json(head: bytes) -> bool:
    """Whether a member that begins with `head` is an answer of chosen fields in JSON."""
    text = head.removeprefix(UTF8_BOM).lstrip(SPACE)
    return _ENVELOPE.match(text) is not None or _NO_STUDIES.match(text) is not None


def read_json_fields(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The studies of a member, in their order; an answer to a search that found none gives none."""
    if _NO_STUDIES.match(member.head().removeprefix(UTF8_BOM).lstrip(SPACE)):
        return iter(())
    return read_json(member, limits, _LANDMARK, _ENVELOPE, partial(_study, JSON), _stated_id)


def _stated_id(raw: bytes) -> str | None:
    found = _NCT.search(raw)
    return found[1].decode() if found else None


def recognise_table(head: bytes) -> bool:
    """Whether the columns of a member that begins with `head` are fields of the API, the study's id among them."""
    heading = read_heading(head, _DIALECT)
    if heading is None or ID_COLUMN not in heading.names:
        return False
    known = sum(name in _places() for name in heading.names)
    return known > 1 and 2 * known >= len(heading.names)


def read_table(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """A record for each row; `position` is the line in the member on which it begins."""
    try:
        with open_table(member, _DIALECT, limits) as table:
            check_columns(table.heading, (ID_COLUMN,), _places())
            own = table.heading.names.index(ID_COLUMN)
            table.starts_row = lambda fields: len(fields) > own and _ID.fullmatch(fields[own].strip()) is not None
            for row in table:
                if isinstance(row, BadRow):
                    yield row.as_record(member)
                elif row.fields[own].strip() != ID_COLUMN:
                    yield _record(member, row, table.heading)
    except TableFault as error:
        yield table_refused(member, error)


def _record(member: Member, row: Row, heading: Heading) -> RawRecord | BadRecord:
    cells = zip(heading.names, row.fields, strict=True)
    record = {name or f"column {number}": _values(name, cell) for number, (name, cell) in enumerate(cells, start=1)}
    try:
        return RawRecord(member.name, row.line, row.raw, _study(CSV, record))
    except Exception as error:  # noqa: BLE001  a row no one foresaw must not end the run: it is kept, with the fault named
        reason = f"the row at line {row.line:,} made the reader fail: {type(error).__name__}: {error}"
        return BadRecord(member.name, row.line, READER_FAILED, reason, excerpt_of(row.raw))


def _values(name: str, cell: str) -> list[str]:
    """The values in a cell: several stand with bars between them, where a study can have several."""
    place = _places().get(name)
    parts = cell.split("|") if place is not None and place.is_list else [cell]
    return [part.strip() for part in parts if part.strip()]


def _study(format_name: str, record: Struct) -> Struct:
    tree, kept = _tree(record)
    study = _mapper(format_name).of_json(tree)
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
    for row in load_mapping(JSON).rows:
        names = tuple(row.source.split("/"))
        if row.items is None:
            found.setdefault(names[-1], _Place(names))
        else:
            for inner in row.rows:
                _note(found, inner, names)
    return found


def _note(found: dict[str, _Place], row: MappingRow, items: tuple[str, ...]) -> None:
    names = tuple(row.source.split("/"))
    if row.items is None:
        found.setdefault(names[-1], _Place(names, items if len(names) == 1 else (*items, *names)))
    for inner in row.rows:
        _note(found, inner, (*items, *names))


@cache
def _mapper(format_name: str) -> Mapper:
    return Mapper(load_mapping(format_name), CONVERTERS)


JSON_READER = Reader(JSON, "CTGOV", recognise_json, read_json_fields, standing="chosen")
CSV_READER = Reader(CSV, "CTGOV", recognise_table, read_table, standing="chosen")
READERS = (JSON_READER, CSV_READER)
