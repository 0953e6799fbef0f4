"""Tiny ICTRP exports with invented trials, as XML and as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from pipelines.readers import READERS, recognise
from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.settings import Limits

Fields = dict[str, str]
LIMITS = Limits()

REGISTERS = {
    "NCT09000001": "ClinicalTrials.gov",
    "EUCTR2012-100001-91-DE": "EU Clinical Trials Register",
    "CTIS2023-500001-91-00": "Clinical Trials Information System",
    "ISRCTN90000001": "ISRCTN",
    "ChiCTR2090000001": "ChiCTR",
    "JPRN-jRCT2090000001": "JPRN",
    "JPRN-UMIN000090001": "JPRN",
    "CTRI/2019/09/900001": "CTRI",
    "DRKS90000001": "German Clinical Trials Register",
    "ACTRN12619999999901": "ANZCTR",
    "KCT9000001": "CRIS",
    "IRCT20190900001N1": "IRCT",
    "NL-OMON90001": "NL-OMON",
    "TCTR20190900001": "TCTR",
    "RBR-9aaaaaa": "REBEC",
    "PACTR201909000000001": "PACTR",
}


def trial(trial_id: str = "NCT09000001", **more: str) -> Fields:
    """A trial's fields by their XML names; `more` overrides."""
    return {
        "TrialID": trial_id,
        "Last_Refreshed_on": "3 February 2020",
        "Public_title": "Tea for cough",
        "Scientific_title": "Tea for cough, a trial",
        "Primary_sponsor": "Institute of Tea",
        "Source_Register": REGISTERS.get(trial_id, "ISRCTN"),
        "Export_date": "4/7/2020 10:40:56 AM",
    } | more


def as_xml(trials: Sequence[Fields], declaration: str = "<?xml version='1.0' encoding='UTF-8' ?>") -> str:
    """An export with its usual line ends inside the elements."""
    records = "".join(
        "\n\n  <Trial>"
        + "\n".join(f"    <{name}>{escape(text)}\n    </{name}>" for name, text in one.items())
        + "\n  </Trial>\n"
        for one in trials
    )
    return f"{declaration}\n<Trials_downloaded_from_ICTRP>{records}</Trials_downloaded_from_ICTRP>\n"


def as_csv(trials: Sequence[Fields], *, spaced: bool = True) -> str:
    """A table of all columns that any of the trials has, headed as the downloads are."""
    names = list(dict.fromkeys(name for one in trials for name in one))
    text = io.StringIO(newline="")
    text.write(",".join(name.replace("_", " ") if spaced else name for name in names) + "\r\n")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([one.get(name, "") for name in names] for one in trials)
    return text.getvalue()


def reader_of(data: bytes) -> Reader | None:
    """The reader that takes the content, of all; the heads of two readers never overlap."""
    takers = [reader for reader in READERS if reader.recognise(data[:65536])]
    assert len(takers) < 2
    return recognise(data[:65536])


def read_all(data: str | bytes) -> list[RawRecord | BadRecord]:
    """What the reader that recognises the content gives."""
    raw = data.encode() if isinstance(data, str) else data
    reader = reader_of(raw)
    assert reader is not None
    assert reader.registry == "ICTRP"
    return list(reader.read(Member.of_bytes("m", raw), LIMITS))


def studied(record: RawRecord | BadRecord) -> dict[str, Any]:
    """The study of a record that was read."""
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    return record.study


def study(trial_id: str = "NCT09000001", **more: str) -> dict[str, Any]:
    """The study of one trial; XML and table must give the same."""
    fields = trial(trial_id, **more)
    found = []
    for data in (as_xml([fields]), as_csv([fields]), as_csv([fields], spaced=False)):
        (record,) = read_all(data)
        found.append(studied(record))
    assert found[0] == found[1] == found[2]
    return found[0]


def module(of: dict[str, Any], name: str) -> dict[str, Any]:
    """A module of the protocol section."""
    found: dict[str, Any] = of["protocolSection"].get(name, {})
    return found


def own(of: dict[str, Any]) -> dict[str, Any]:
    """What ICTRP says of the record beyond the study shape."""
    found: dict[str, Any] = of["registrySection"]["ictrp"][0]
    return found


def states(of: dict[str, Any]) -> dict[str, str]:
    """State of each field that could not be read."""
    return {one["field"]: one["state"] for one in of["registrySection"].get("fieldStates", [])}
