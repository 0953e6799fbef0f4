"""ISRCTN records that somebody converted from the registry's XML to JSON.

Belongs here: telling these files apart and cutting their records. Does not: the forms of such conversions
(isrctn/json_tree.py), what stands in a record (isrctn/, mapping).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.isrctn import CONVERTERS, finish
from pipelines.readers.isrctn.json_tree import full_trial
from pipelines.readers.json_records import read_json
from pipelines.readers.json_split import Landmark
from pipelines.readers.json_window import SPACE, UTF8_BOM
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.settings import Limits

_NAME = rb'"(?:\{[^"{}]{1,80}\}|[A-Za-z_][\w.-]{0,40}:)?(?:'
_SIGNS = re.compile(_NAME + rb'trialDescription)"\s*:\s*[\[{]')
_PART = re.compile(_NAME + rb'(?:isrctn|externalRefs|participants|scientificTitle|studyHypothesis|allTrials))"\s*:')
# Not behind a colon: the element `trial` of a record is no record of its own.
_BEGIN = re.compile(rb"(?<!:)(?<!: )\{\s*" + _NAME + rb'_id|isrctn|trial|fullTrial)"\s*:')
_LANDMARK = Landmark(_BEGIN, b'trialDescription"')
_ENVELOPE = re.compile(
    rb"\{\s*"
    + _NAME
    + rb'allTrials)"\s*:\s*\{\s*(?:"[^"\\]{0,200}"\s*:\s*(?:"[^"\\]{0,200}"|[0-9]{1,9}|\{[^{}]{0,2000}\})\s*,\s*){0,8}'
    + _NAME
    + rb'fullTrial)"\s*:\s*\['
)
_OWN_ID = re.compile(_NAME + rb'isrctn)"\s*:[\s\[]*(?:\{[^{}]{0,300}?)?"(?:ISRCTN)?(?P<number>[0-9]{8})"')
_EMPTY = re.compile(rb"\{\s*" + _NAME + rb'allTrials)"\s*:')
_MAPPER = Mapper(load_mapping("isrctn_json"), CONVERTERS)


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` holds ISRCTN records in JSON, good or damaged."""
    text = head.removeprefix(UTF8_BOM).lstrip(SPACE)
    if text[:1] not in (b"{", b"["):
        return False
    return (_SIGNS.search(text) is not None and _PART.search(text) is not None) or _EMPTY.match(text) is not None


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The records of a member, in their order."""
    return read_json(member, limits, _LANDMARK, _ENVELOPE, _study, _stated_id)


def _study(record: dict[str, Any]) -> dict[str, Any]:
    tree = full_trial(record)
    return _MAPPER.shown.noted(tree, finish(_MAPPER.of_json(tree)))


def _stated_id(raw: bytes) -> str | None:
    found = _OWN_ID.search(raw)
    return f"ISRCTN{found['number'].decode()}" if found else None


# Conversions drop people, organisations and the dates in attributes: they must not hide the registry's own XML.
READER = Reader(format="isrctn_json", registry="ISRCTN", recognise=recognise, read=read, standing="part")
