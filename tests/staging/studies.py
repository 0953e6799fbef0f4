"""Small invented studies for the tests of the staging room."""

from __future__ import annotations

from typing import Any

import orjson

from pipelines.readers.base import RawRecord, Reader
from pipelines.staging.batch import Item

V2 = Reader("ctgov_v2_json", "CTGOV", lambda head: True, lambda member: iter(()))
PAGE = Reader("page_text", "CTGOV", lambda head: True, lambda member: iter(()), content_identity=True)


def study(nct_id: str | None = "NCT01000001", **modules: Any) -> dict[str, Any]:
    """A minimal v2 study; `modules` replace or add modules of the protocol section."""
    identification: dict[str, Any] = {"briefTitle": "A Study of Sleep"}
    if nct_id is not None:
        identification["nctId"] = nct_id
    protocol = {
        "identificationModule": identification,
        "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": "2026-03-04"}},
        "designModule": {"studyType": "INTERVENTIONAL", "enrollmentInfo": {"count": 12, "type": "ESTIMATED"}},
    }
    return {"protocolSection": protocol | modules, "hasResults": False}


def item(content: dict[str, Any] | bytes, position: int = 1, file_no: int = 0, reader: Reader = V2) -> Item:
    """A raw record as a reader would give it."""
    raw = content if isinstance(content, bytes) else orjson.dumps(content)
    parsed = content if isinstance(content, dict) and reader is not V2 else None
    return Item(file_no, reader, RawRecord(None, position, raw, parsed))
