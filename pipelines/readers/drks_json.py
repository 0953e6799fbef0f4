"""DRKS records in the register's JSON.

Belongs here: telling these files apart and cutting their records. Does not: what stands in a record (drks/, mapping).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.drks import finish
from pipelines.readers.json_records import read_json
from pipelines.readers.json_split import Landmark
from pipelines.readers.json_window import SPACE, UTF8_BOM
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.prose import day, line, prose
from pipelines.settings import Limits

_ID = re.compile(rb'"drksId"\s*:\s*(?:"|null)')
_PARTS = re.compile(
    rb'"(?:ethicsCommittee|materialSupports|observationalGroups|recruitment|registrationDrks|studiedHealthConditions|'
    rb'studyCharacteristic|trialContacts|trialDescriptions|trialResults)"\s*:'
)
_BEGIN = re.compile(rb'\{\s*(?:"drksId"\s*:\s*(?:"[^"\\]{0,60}"|null)\s*,\s*"(?!description)|"ethicsCommittee"\s*:)')
_LANDMARK = Landmark(_BEGIN, b'"trialDescriptions"')
_ENVELOPE = re.compile(
    rb'\{\s*(?:"[^"\\]{0,200}"\s*:\s*(?:"[^"\\]{0,500}"|[-+.\w]{1,40})\s*,\s*){0,20}"(?:trials|studies|data|results|content)"\s*:\s*\['
)
_OWN_ID = re.compile(rb'\{\s*"drksId"\s*:\s*"(?P<id>DRKS[0-9]{8})"')
_MAPPER = Mapper(load_mapping("drks_json"), {"prose": prose, "one_line": line, "day": day})


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` holds records of the German register, good or damaged."""
    text = head.removeprefix(UTF8_BOM).lstrip(SPACE)
    if text[:1] not in (b"{", b"[") or b'"protocolSection"' in text:
        return False
    return _ID.search(text) is not None and _PARTS.search(text) is not None


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The records of a member, in their order."""
    return read_json(member, limits, _LANDMARK, _ENVELOPE, _study, _stated_id)


def _study(record: dict[str, Any]) -> dict[str, Any]:
    return _MAPPER.shown.noted(record, finish(_MAPPER.of_json(record)))


def _stated_id(raw: bytes) -> str | None:
    found = _OWN_ID.search(raw)
    return found["id"].decode() if found else None


READER = Reader(format="drks_json", registry="DRKS", recognise=recognise, read=read)
