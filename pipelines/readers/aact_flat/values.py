"""How AACT writes values: folded texts, padded dates, words of two generations.

Belongs here: converters of this format and what its dates mean. Does not: which column holds what (the mapping),
vocabularies (its `words`).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.readers.mapping import Converter, Unreadable
from pipelines.readers.mapping.converters import boolean, text
from pipelines.study.dates import ImpossibleDate, PartialDate, parse_long_date, parse_partial_date

_LIST_MARK = r"(?:[*•-]|[0-9]{1,3}\\?[.)]|[a-zA-Z][.)])[ \t]"
_SIGN = re.compile(
    # beside a number, as in "~50 mg", "18~65 years"; not where the number is that of a list's item
    r"(?:(?<=[0-9%)\s(\[<>=≤≥,;:/])|(?<![\s\S]))~(?=[ ]?[<>≤≥]?[0-9])(?![ \t]*" + _LIST_MARK + ")"
    # between blanks, as in "Day 1 ~ Week 2"
    r"|(?<=[ ])~(?=[ ])(?![ \t]*" + _LIST_MARK + ")"
)
_BARE = re.compile(r"(?<!\\)~")
_HOLD = "\0"
_PHASES = {
    "early phase 1": ["EARLY_PHASE1"],
    "early_phase1": ["EARLY_PHASE1"],
    "phase 0": ["EARLY_PHASE1"],
    "na": ["NA"],
    "n/a": ["NA"],
    "not applicable": ["NA"],
} | {f"phase{space}{number}": [f"PHASE{number}"] for number in range(1, 5) for space in ("", " ")}
_HEALTHY = {"accepts healthy volunteers": True, "no healthy volunteers": False}
_EMPLOYED = {
    "all principal investigators are employed by the organization sponsoring the study.": True,
    "principal investigators are not employed by the organization sponsoring the study.": False,
}
_LENGTH = {"day": 10, "month": 7, "year": 4}


def unfolded(value: Any) -> str:
    """A long text of AACT since 2024 with its lines again: `~` is a line break and the blank behind it.

    These texts are CommonMark as the registry writes it, in which a `~` of the text's own is `\\~`.
    """
    return _BARE.sub("\n", text(value)).strip()


def unfolded_plain(value: Any) -> str:
    """As unfolded, for the texts of before 2024, which are not CommonMark.

    A `~` that stands by a number or between blanks, where it means "about" or "to", stays.
    """
    return _SIGN.sub(_HOLD, text(value)).replace("~", "\n").replace(_HOLD, "~").strip()


def has_breaks(value: Any) -> str:
    """A long text from an export that has line breaks in its rows: every `~` stays."""
    return text(value).replace("\r\n", "\n")


def phases(value: Any) -> list[str]:
    """ "PHASE1/PHASE2", "Phase 1/Phase 2", "N/A", "Early Phase 1" → the phases of the study shape."""
    whole = " ".join(text(value).lower().split())
    found: list[str] = []
    for part in [whole] if whole in _PHASES else whole.split("/"):
        if part.strip() not in _PHASES:
            raise Unreadable("not a phase", "ambiguous")
        found += _PHASES[part.strip()]
    return found


def masking(value: Any) -> str:
    """ "DOUBLE", "Double (Participant, Investigator)", "None (Open Label)", "Open Label"."""
    word = text(value).partition("(")[0].strip().lower().removesuffix(" blind").removesuffix(" masked")
    known = {"open label": "NONE"} | {
        name: name.upper() for name in ("none", "single", "double", "triple", "quadruple")
    }
    if word not in known:
        raise Unreadable("not a kind of masking", "ambiguous")
    return known[word]


def age(value: Any) -> str | None:
    """ "18 Years"; "N/A" stands for no limit."""
    found = text(value)
    return None if found.upper() == "N/A" else found


def healthy_volunteers(value: Any) -> bool:
    """t and f since 2024; before, a sentence."""
    word = text(value).lower()
    return _HEALTHY[word] if word in _HEALTHY else boolean(value)


def employed(value: Any) -> bool:
    """t and f since 2024; before, a sentence."""
    word = text(value).lower()
    return _EMPLOYED[word] if word in _EMPLOYED else boolean(value)


def is_unknown(value: Any) -> bool | None:
    """Whether a date in words is "Unknown", as that of a submission canceled before May 2018; nothing otherwise."""
    return text(value).lower() == "unknown" or None


def filename(value: Any) -> str:
    """The last part of the link to a document: AACT makes the link of the file's name."""
    return text(value).rstrip("/").rpartition("/")[2]


def item_where_true(item: str) -> Converter:
    """A column of truth values that stands for an item of a list."""
    return lambda value: [item] if boolean(value) else None


def said_registry(value: Any) -> bool | None:
    """Whether a study type of before 2024 says that the study is a patient registry; nothing where it does not."""
    return True if "[patient registry]" in text(value).lower() else None


CONVERTERS: dict[str, Converter] = {
    "unfolded": unfolded,
    "phases": phases,
    "masking": masking,
    "age": age,
    "healthy_volunteers": healthy_volunteers,
    "employed": employed,
    "is_unknown": is_unknown,
    "filename": filename,
    "said_registry": said_registry,
    "participant": item_where_true("PARTICIPANT"),
    "care_provider": item_where_true("CARE_PROVIDER"),
    "investigator": item_where_true("INVESTIGATOR"),
    "outcomes_assessor": item_where_true("OUTCOMES_ASSESSOR"),
    "child": item_where_true("CHILD"),
    "adult": item_where_true("ADULT"),
    "older_adult": item_where_true("OLDER_ADULT"),
}
"""The converters that mappings/aact_flat.yaml names beside the common ones."""


@dataclass(frozen=True, slots=True)
class PaddedDate:
    """What a pair of AACT's columns says: the date as precise as it is known (None: nothing), and why it is unsure."""

    value: str | None
    doubt: str | None = None
    state: str = "ambiguous"


def padded_date(stated: str | None, padded: str | None, *, to_first: bool = False) -> PaddedDate:
    """The date of a pair such as `start_month_year` and `start_date`.

    The first is what the registry says ("2026-06", "2026-06-30", until 2024 "June 2026"), the second a whole day that
    AACT made of it: the last of the month, or of the year. Only the first tells how precise the date is. Where it is
    missing, the last day of a month is taken for the month, and is doubtful; any other day stands. `to_first`: the
    first of a month is doubtful as well (expected postings of results).
    """
    if stated is not None:
        found = _parsed(stated)
        if found is None:
            return PaddedDate(None, "neither yyyy-MM-dd nor a date in words", "damaged")
        day = _parsed(padded) if padded is not None else None
        if day is not None and not found.earliest <= day.earliest <= found.latest:
            return PaddedDate(_iso(found), f"the date beside it is {padded}: one of the two is wrong")
        return PaddedDate(_iso(found))
    if padded is None:
        return PaddedDate(None)
    found = _parsed(padded)
    if found is None:
        return PaddedDate(None, "not a date", "damaged")
    ends = ("first", "last") if to_first else ("last",)
    if found.precision == "day" and _end_of_month(found.earliest) in ends:
        end = _end_of_month(found.earliest)
        doubt = f"precision suspect: the {end} day of a month, which AACT also writes where only the month"
        year = " or the year" if found.earliest.month == 12 else ""
        return PaddedDate(_iso(found)[:7], f"{doubt}{year} is known")
    return PaddedDate(_iso(found))


def _parsed(raw: str) -> PartialDate | None:
    for parse in (parse_partial_date, parse_long_date):
        try:
            return parse(raw)
        except ImpossibleDate:
            continue
    return None


def _iso(found: PartialDate) -> str:
    return found.earliest.isoformat()[: _LENGTH[found.precision]]


def _end_of_month(day: date) -> str | None:
    if day.day == 1:
        return "first"
    return "last" if day.day == calendar.monthrange(day.year, day.month)[1] else None
