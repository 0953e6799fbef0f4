"""Tiny synthetic protocols of the EU Clinical Trials Register's form; no text of any real record."""

from __future__ import annotations

from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord
from pipelines.readers.euctr_text import read
from pipelines.settings import Limits

NOTICE = (
    "This file contains full details on each clinical trial selected for download. Where multi-state trials have been "
    "downloaded full information for each of the member states/countries involved in the trial are included separately."
)
NUMBER = "2015-012345-67"
Struct = dict[str, Any]


def form(
    body: str = "", *, number: str = NUMBER, country: str | None = "SE", status: str = "Ongoing", end: str = ""
) -> str:
    """A protocol whose sections A to N are `body`; without a country it has no link and no authority."""
    lines = [
        "Summary",
        f"EudraCT Number: {number}",
        "Sponsor's Protocol Code Number: ABC-1",
        "Clinical Trial Type: EEA CTA",
        f"Trial Status: {status}",
        "Date on which this record was first entered in the EudraCT database: 2015-03-04",
    ]
    if country:
        lines.append(f"Link: https://www.clinicaltrialsregister.eu/ctr-search/trial/{number}/{country}/")
    return "\n".join(
        [
            *lines,
            "",
            "A. Protocol Information",
            body.strip("\n"),
            "",
            "P. End of Trial",
            f"P. End of Trial Status: {status}",
            end,
            "",
        ]
    )


def take(data: bytes | str, limits: Limits | None = None) -> list[RawRecord | BadRecord]:
    """The records of a file."""
    raw = data.encode() if isinstance(data, str) else data
    return list(read(Member.of_bytes(None, raw), limits or Limits()))


def studies(data: bytes | str) -> list[Struct]:
    """The studies of a file that has no bad records."""
    found = []
    for record in take(data):
        assert isinstance(record, RawRecord), record
        assert record.study is not None
        found.append(record.study)
    return found


def study(body: str, **more: Any) -> Struct:
    """The study of one protocol."""
    (only,) = studies(form(body, **more))
    return only


def own(found: Struct) -> Struct:
    """The register's own part of a study."""
    (only,) = found["registrySection"]["euctr"]
    return only  # type: ignore[no-any-return]


def states(found: Struct) -> dict[str, Struct]:
    """Field states by field."""
    return {state["field"]: state for state in found["registrySection"].get("fieldStates", [])}


def unknown(found: Struct) -> dict[str, Any]:
    """What nobody foresaw."""
    return {name: value for name, value in found.items() if ":" in name}
