"""Records as the CTIS portal gives them, and what is read from them.

Belongs here: making one, taking its parts. Does not: tests.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from pipelines.readers.base import BadRecord, Member, RawRecord
from pipelines.readers.ctis_json import read
from pipelines.settings import Limits

Struct = dict[str, Any]

NUMBER = "2023-512345-67-00"


def take(data: bytes | Struct | list[Struct]) -> list[RawRecord | BadRecord]:
    """What the reader makes of a file."""
    raw = data if isinstance(data, bytes) else orjson.dumps(data)
    return list(read(Member.of_bytes(None, raw), Limits()))


def study(record: Struct) -> Struct:
    """The study of one record."""
    (only,) = take(json.loads(json.dumps(record)))
    assert isinstance(only, RawRecord), only
    assert only.study is not None
    return only.study


def record(**more: Any) -> Struct:
    """A record that says no more than it must, and `more`."""
    return {"ctNumber": NUMBER, "ctStatus": 4, **more}


def with_part(part: Struct, **more: Any) -> Struct:
    """A record with this Part I of its authorised application."""
    return record(authorizedApplication={"authorizedPartI": part, **more})


def with_information(information: Struct) -> Struct:
    """A record with this information on the trial."""
    return with_part({"trialDetails": {"trialInformation": information}})


def own(found: Struct) -> Struct:
    """What the register says beyond the study shape."""
    (only,) = found["registrySection"]["ctis"]
    return only  # type: ignore[no-any-return]


def unknown(found: Struct) -> Struct:
    """Its unknown fields."""
    return {name: value for name, value in found.items() if ":" in name}
