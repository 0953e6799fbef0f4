"""Small AACT exports, and what is read of them; ids and texts are invented."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from pipelines.readers import read_file
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.settings import Limits

LIMITS = Limits()
Files = dict[str, bytes]
A, B = "NCT00000101", "NCT00000102"


def table(text: str) -> bytes:
    """A table from lines, blanks around them dropped."""
    return ("\n".join(line.strip() for line in text.strip().splitlines()) + "\n").encode()


def small(**more: bytes) -> Files:
    """Two studies in three tables, and whatever a test puts beside or in place of them."""
    files = {
        "studies": table(f"""
            nct_id|brief_title|overall_status|study_type|phase|start_month_year|start_date
            {B}|Second|RECRUITING|INTERVENTIONAL|PHASE1/PHASE2|2026-06|2026-06-30
            {A}|First|COMPLETED|OBSERVATIONAL||2020-05-31|2020-05-31
        """),
        "conditions": table(f"""
            id|nct_id|name|downcase_name
            3|{A}|Cough|cough
            1|{B}|Hiccup|hiccup
            2|{A}|Ache|ache
        """),
        "sponsors": table(f"""
            id|nct_id|agency_class|lead_or_collaborator|name
            1|{A}|INDUSTRY|lead|Acme
            2|{B}|OTHER|lead|"A|B ""One"" Institute"
        """),
    }
    return files | more


def packed(files: Files, folder: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{folder}{name}.txt", content)
    return data.getvalue()


def take(tmp_path: Path, data: bytes) -> tuple[dict[str, RawRecord], list[BadRecord]]:
    """Records by NCT id in their order, and all that was refused but the tables that `small` leaves out."""
    path = tmp_path / "file"
    path.write_bytes(data)
    good: dict[str, RawRecord] = {}
    bad: list[BadRecord] = []
    for _, found in read_file(path, LIMITS, tmp_path / "scratch"):
        for record in found:
            if isinstance(record, BadRecord):
                bad.append(record)
            else:
                assert record.study is not None
                good[record.study["protocolSection"]["identificationModule"]["nctId"]] = record
    return good, [one for one in bad if not one.reason.startswith("missing: baseline_counts")]


def study(record: RawRecord) -> dict[str, Any]:
    assert record.study is not None
    return record.study


def protocol(record: RawRecord, *names: str) -> Any:
    value: Any = study(record)["protocolSection"]
    for name in names:
        value = value.get(name, {})
    return value


def states(record: RawRecord, state: str) -> list[dict[str, Any]]:
    found = study(record).get("registrySection", {}).get("fieldStates", [])
    return [one for one in found if one["state"] == state]


def marked(record: RawRecord) -> list[str]:
    """The fields that are damaged."""
    return [one["field"] for one in states(record, "damaged")]
