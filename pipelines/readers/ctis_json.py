"""JSON of the EU's Clinical Trials Information System (CTIS): trials as its public API gives them, one or many.

Belongs here: recognising such a member, completing each record's study. Does not: cutting members into records
(json_records.py), reading a record (ctis/), which field goes where (mappings/ctis_json.yaml).

A member is one trial (the API's `retrieve`), a list of trials, the page of a search (`{"pagination": …, "data": […]}`)
or NDJSON as tools export it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.ctis import parties
from pipelines.readers.ctis.facts import areas, ctis_date, said
from pipelines.readers.ctis.layout import Tree, one_layout
from pipelines.readers.ctis.study import completed
from pipelines.readers.json_records import read_json
from pipelines.readers.json_split import Landmark
from pipelines.readers.json_window import SPACE, UTF8_BOM
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.mapping.converters import text as plain
from pipelines.settings import Limits

FORMAT, REGISTRY = "ctis_json", "CTIS"
Struct = dict[str, Any]
_NUMBER = rb'"ctNumber"\s*:\s*"(?P<number>[0-9]{4}-[0-9]{6}-[0-9]{2}(?:-[0-9]{2})?)"'
_KEY = re.compile(rb'"ctNumber"\s*:\s*"')
_SIGN = re.compile(
    rb'"(?:ctStatus|ctTitle|ctPublicStatusCode|authorizedApplication|authorizedPartI|trialCountries|decisionDateOverall)"\s*:'
)
_LANDMARK = Landmark(re.compile(rb'\{\s*"(?:_id|ctNumber|ctStatus|ctTitle)"\s*:'), b'"ctNumber"')
_ENVELOPE = re.compile(
    rb'\{\s*(?:"[^"\\]{1,80}"\s*:\s*(?:"[^"\\]{0,200}"|[-+.\w]{1,40}|\{[^{}\[\]]{0,2000}\})\s*,\s*){0,20}"data"\s*:\s*\['
)
_OWN_ID = re.compile(_NUMBER)


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` holds CTIS records, good or damaged."""
    start = head.removeprefix(UTF8_BOM).lstrip(SPACE)
    if start[:1] not in (b"{", b"[") or b'"protocolSection"' in start:
        return False
    return _SIGN.search(start) is not None and (_KEY.search(start) is not None or b'"authorizedPartI"' in start)


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The records of a member, in their order."""
    return read_json(member, limits, _LANDMARK, _ENVELOPE, study_of, _stated_id)


def _stated_id(raw: bytes) -> str | None:
    found = _OWN_ID.search(raw)
    return found["number"].decode() if found else None


def study_of(record: Tree) -> Struct:
    """The study of a parsed record, which is changed."""
    mapping = load_mapping(FORMAT)
    words = mapping.words
    tree = one_layout(record, frozenset(words["left_out"]))
    parties.join_site_contacts(tree)
    study = completed(_mapper().of_json(tree), tree, words)
    return _mapper().shown.noted(tree, study)


@cache
def _mapper() -> Mapper:
    def named(domain: str) -> Any:
        return lambda value: {"id": plain(value), "domain": domain}

    own = {
        "ctis_date": ctis_date,
        "said": said,
        "areas": areas,
        "nct_number": named("ClinicalTrials.gov"),
        "isrctn_number": named("ISRCTN"),
        "utn": named("WHO Universal Trial Number"),
        "eudract_number": lambda value: {"id": plain(value), "type": "EUDRACT_NUMBER"},
    }
    return Mapper(load_mapping(FORMAT), own)


# The form asks for a public title and for criteria; an item of a search list has neither, and is a part of the record.
_LISTED = "brief_title IS NULL AND eligibility_criteria IS NULL"

READER = Reader(format=FORMAT, registry=REGISTRY, recognise=recognise, read=read, chosen_where=_LISTED)
