"""Tables as ClinicalTrials.gov downloads them, and what is read from them.

Belongs here: writing one, taking its parts. Does not: tests.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from pipelines.landing.member import Member
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.ctgov_csv import READER
from pipelines.settings import Limits

LIMITS = Limits()


def table(names: Sequence[str], *rows: Sequence[str], delimiter: str = ",") -> bytes:
    """A file of this heading and these rows."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([names, *rows])
    return text.getvalue().encode()


def take(data: bytes) -> list[RawRecord | BadRecord]:
    """What the reader makes of a file."""
    return list(READER.read(Member.of_bytes("m.csv", data), LIMITS))


def study_of(**cells: str) -> dict[str, Any]:
    """The study of a row with these cells; `_` in a name stands for a blank."""
    names = [name.replace("_", " ") for name in cells]
    (record,) = take(table(["NCT Number", *names], ["NCT01234567", *cells.values()]))
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    return record.study


def protocol(study: dict[str, Any], *names: str) -> Any:
    """A module, or a value in it."""
    found: Any = study["protocolSection"]
    for name in names:
        found = found[name]
    return found


def states(study: dict[str, Any]) -> list[tuple[str, str]]:
    """Fields with a state: their last names, and it."""
    found = study.get("registrySection", {}).get("fieldStates", [])
    return [(one["field"].rpartition(".")[2], one["state"]) for one in found]


def kept(study: dict[str, Any]) -> list[tuple[str, str]]:
    """Columns kept beside the study shape: place and value."""
    return [(one["place"], one["value"]) for one in study.get("registrySection", {}).get("sourceFields", [])]
