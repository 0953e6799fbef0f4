"""Values as a reader sees them: numbers with separators, days of dates, words of codes, a dash for nothing.

Belongs here: one value and its kind → text, sort key, link, tone. Does not: HTML (templates; they escape), what the
value means.

Kinds: text, long (a text of which more is shown, its lines kept), code, number, signed, share, days, date, moment,
bytes, term (a code word of the registry), registry (a registry's or id type's code), phase, truth (yes, no, cannot
tell), record, trial, sponsor, severity, state, list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

TEXT_CHARACTERS = 150
"""A cell of a list shows this much of a text; the whole stands on the trial's page and in the warehouse."""

LONG_CHARACTERS = 1500
"""No cell holds more, not even behind what is shown: the size of a page must not hang on a record's texts."""

NOTHING = "–"

NUMERIC_KINDS = frozenset({"number", "signed", "share", "days", "bytes"})
_ABBREVIATIONS = {"NIH", "NA", "US", "EU", "FDA", "WHO", "FDAAA", "ORG"}
"""Code words that are abbreviations and stay as they are."""
_WORDS: Mapping[str, str] = {
    # classes of sponsors (ClinicalTrials.gov, AgencyClass)
    "AMBIG": "Ambiguous",
    "FED": "US federal agency",
    "INDIV": "Individual",
    "OTHER_GOV": "Other government",
    # laws of core.reporting_law, and its sign for all duties or routes
    "EU_CTR": "EU CTR",
    "EU_GUIDELINE": "EU guideline",
    "*": "All",
    # roles of identifiers
    "org": "Organisation's own",
}
_REGISTRY_WORDS: Mapping[str, str] = {
    # as the registries write themselves; the others are written as their codes
    "CHICTR": "ChiCTR",
    "CTGOV": "ClinicalTrials.gov",
    "EUDRACT": "EudraCT",
    "JRCT": "jRCT",
    "ORG": "Organisation",
    "OTHER": "Other",
    "REBEC": "ReBEC",
    "UTN": "WHO UTN",
}
_SEVERITIES = ("gate", "error", "warn", "info")
_TONES: Mapping[str, str] = {
    "gate": "bad",
    "error": "bad",
    "warn": "warn",
    "info": "calm",
    "present": "good",
    "present_unlabelled": "calm",
    "derived": "calm",
    "inferred": "warn",
    "ambiguous": "warn",
    "damaged": "bad",
    "empty": "mute",
    "absent": "mute",
    "overdue": "bad",
    "late": "bad",
    "disagree": "bad",
    "agree": "good",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value made ready. `sort`: what its column is sorted by; `full`: the whole text where `text` is cut."""

    text: str
    kind: str = "text"
    sort: str = ""
    href: str = ""
    tone: str = ""
    full: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is set flush right."""
        return self.kind in NUMERIC_KINDS

    @property
    def is_short(self) -> bool:
        """Whether it stays on one line."""
        return self.kind in ("date", "moment", "severity") or (
            self.kind in ("code", "record", "trial") and len(self.text) <= 24
        )

    @property
    def is_nothing(self) -> bool:
        """Whether there is no value."""
        return self.text == NOTHING and not self.sort


@dataclass(frozen=True)
class Links:
    """Which trials and sponsors have a page in this report: by record key or trial id, and by name."""

    trials: Mapping[str, str] = field(default_factory=dict)
    sponsors: Mapping[str, str] = field(default_factory=dict)


def cell(value: Any, kind: str = "text", links: Links | None = None) -> Cell:
    """The value made ready for its kind; None, blank text and empty lists are nothing, which sorts last."""
    if value is None and kind == "truth":
        return Cell("cannot tell", kind)
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return Cell(NOTHING, kind)
    if kind in ("record", "trial"):
        text = _shortened(str(value))
        return Cell(text, kind, text, href=(links or Links()).trials.get(str(value), ""))
    if kind == "sponsor":
        name = str(value)
        return _cut(Cell(name, kind, name.casefold(), href=(links or Links()).sponsors.get(name, "")))
    made = _CELL_OF_KIND.get(kind, _text)(value)
    return Cell(_shortened(made.text), kind, _shortened(made.sort), tone=made.tone, full=made.full)


def _cut(whole: Cell) -> Cell:
    if len(whole.text) <= TEXT_CHARACTERS:
        return whole
    short = whole.text[: TEXT_CHARACTERS - 1].rstrip() + "…"
    return Cell(short, whole.kind, whole.sort[:TEXT_CHARACTERS], whole.href, whole.tone, full=_shortened(whole.text))


def _shortened(text: str) -> str:
    """At most LONG_CHARACTERS: no cell may grow with what a record holds."""
    return text if len(text) <= LONG_CHARACTERS else text[: LONG_CHARACTERS - 1].rstrip() + "…"


def _text(value: Any) -> Cell:
    if isinstance(value, list | tuple):
        return _list(value)
    if isinstance(value, bool):
        return _truth(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return _date(value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    text = " ".join(str(value).split())
    return _cut(Cell(text, "text", text.casefold()))


def _long(value: Any) -> Cell:
    text = str(value).strip()
    return Cell(_shortened(text), "long", text[:TEXT_CHARACTERS].casefold())


def _code(value: Any) -> Cell:
    return Cell(str(value), "code", str(value))


def _number(value: Any) -> Cell:
    """Two decimals, and below one as many as it takes: a score of 0.9996 is no 1, a change of 0.0004 no 0."""
    if isinstance(value, float | Decimal) and value != int(value):
        is_small = abs(float(value)) < 1
        places = range(2, 17) if is_small else (2,)
        shown = (f"{value:,.{decimals}f}".rstrip("0").rstrip(".") for decimals in places)
        text = next((text for text in shown if "." in text), str(value) if is_small else f"{value:,.0f}")
        return Cell(text, "number", repr(float(value)))
    return Cell(f"{int(value):,}", "number", str(int(value)))


def _signed(value: Any) -> Cell:
    plain = _number(value)
    sign = "+" if value > 0 else ""
    return Cell(sign + plain.text.replace("-", "−"), "signed", plain.sort)


def _share(value: Any) -> Cell:
    """Full and none are said only where they are exact: 99.96 % is no 100 %."""
    percent = float(value) * 100
    shown = f"{percent:.1f}"
    if shown in ("100.0", "0.0") and percent not in (100.0, 0.0):
        shown = ">99.9" if percent > 50 else "<0.1"
    return Cell(f"{shown.removesuffix('.0')} %", "share", repr(float(value)))


def _days(value: Any) -> Cell:
    plain = _number(value)
    return Cell(f"{plain.text.replace('-', '−')} {'day' if abs(value) == 1 else 'days'}", "days", plain.sort)


def _date(value: Any) -> Cell:
    text = value.isoformat() if isinstance(value, date) else str(value)
    return Cell(text, "date", text)


def _moment(value: Any) -> Cell:
    text = value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
    return Cell(text, "moment", text)


def _bytes(value: Any) -> Cell:
    size = float(value)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return Cell(f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}", "bytes", str(value))
        size /= 1000
    raise AssertionError("unreachable")


def words_of(code: str) -> str:
    """A code word as people write it: ACTIVE_NOT_RECRUITING → Active, not recruiting."""
    if code in _ABBREVIATIONS:
        return code
    if code in _WORDS:
        return _WORDS[code]
    text = code.replace("_", " ").strip().lower().replace("active not", "active, not")
    return text[:1].upper() + text[1:] or code


def _term(value: Any) -> Cell:
    return Cell(words_of(str(value)), "term", str(value), tone=_TONES.get(str(value), ""))


def _registry(value: Any) -> Cell:
    return Cell(_REGISTRY_WORDS.get(str(value), str(value)), "registry", str(value))


def _phase(value: Any) -> Cell:
    text = str(value)
    if text == "NA":
        return Cell("Not applicable", "phase", text)
    if "PHASE" not in text:
        return Cell(words_of(text), "phase", text)
    number = text.replace("EARLY_PHASE1", "1 (early)").replace("PHASE", "")
    return Cell(f"Phase {number}", "phase", text)


def _truth(value: Any) -> Cell:
    return Cell("yes" if value else "no", "truth", "1" if value else "0")


def _severity(value: Any) -> Cell:
    text = str(value)
    order = _SEVERITIES.index(text) if text in _SEVERITIES else len(_SEVERITIES)
    return Cell(text, "severity", str(order), tone=_TONES.get(text, ""))


def _state(value: Any) -> Cell:
    text = str(value)
    return Cell(text.replace("_", " "), "state", text, tone=_TONES.get(text, ""))


def _list(value: Any) -> Cell:
    text = ", ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
    return _cut(Cell(text, "list", text.casefold()))


_CELL_OF_KIND: Mapping[str, Callable[[Any], Cell]] = {
    "text": _text,
    "long": _long,
    "code": _code,
    "number": _number,
    "signed": _signed,
    "share": _share,
    "days": _days,
    "date": _date,
    "moment": _moment,
    "bytes": _bytes,
    "term": _term,
    "registry": _registry,
    "phase": _phase,
    "truth": _truth,
    "severity": _severity,
    "state": _state,
    "list": _list,
}

KINDS = frozenset(_CELL_OF_KIND) | {"record", "trial", "sponsor"}
