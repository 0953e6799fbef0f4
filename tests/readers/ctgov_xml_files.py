"""Records of ClinicalTrials.gov's legacy XML, written as the two layouts have them, and what is read from them.

Belongs here: the wrapping that every test of the format needs. Does not: tests.
"""

from __future__ import annotations

from typing import Any

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.settings import Limits

HEADER = (
    "<required_header><download_date>ClinicalTrials.gov processed this data on {}</download_date></required_header>"
)
ID = "<id_info><org_study_id>ORG-1</org_study_id><nct_id>NCT90000001</nct_id></id_info>"
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'


def xml(body: str, rank: str = "7", day: str = "May 31, 2024", ids: str = ID) -> bytes:
    """A file of one record as the API gave it, the elements of `body` in it."""
    return f'{PROLOG}<clinical_study rank="{rank}">\n{HEADER.format(day)}{ids}{body}\n</clinical_study>\n'.encode()


def archived(body: str, ids: str = "<nct_id>\n NCT90000001\n</nct_id>") -> bytes:
    """A file of one record in the layout of the archive."""
    return f"<clinical_study>\n<study_id>\n{ids}\n</study_id>\n{body}\n</clinical_study>\n".encode()


def records(data: bytes, limits: Limits | None = None) -> list[RawRecord | BadRecord]:
    """What the reader that takes the bytes makes of them."""
    reader = recognise(data[:65536])
    assert reader is not None
    return list(reader.read(Member.of_bytes(None, data), limits or Limits()))


def study_of(data: bytes) -> dict[str, Any]:
    """The study of a file of one good record, in which every element is known."""
    (record,) = records(data)
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    assert not [key for key in record.study if ":" in key or key.startswith("~")]
    return record.study


def protocol(body: str) -> dict[str, Any]:
    """The protocol section of a record with these elements."""
    return dict(study_of(xml(body))["protocolSection"])


def bad(data: bytes, limits: Limits | None = None) -> BadRecord:
    """Why a file of one record is refused."""
    (record,) = records(data, limits)
    assert isinstance(record, BadRecord), record
    return record


def kept(study: dict[str, Any]) -> dict[str, str]:
    """The elements kept beside the study shape: path and value."""
    return {one["path"]: one["value"] for one in study["registrySection"]["sourceFields"]}
