"""The shapes of single values on a page: codes, dates, counts, ages, phones. Text in, value or None out.

Belongs here: recognising one value by its form, and turning it into the study shape's form. Does not: where a value
stands or which field it belongs to. Nothing here guesses: a text that is not wholly of the shape is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pipelines.study.shape import load_enums

NULL_MARKERS = frozenset({"-", "–", "—", "--"})

_NOT_WORD = re.compile(r"[^A-Z0-9]+")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}\Z")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:T[\d:.]{5,15}Z?)?\Z")
_BARE_YEAR = re.compile(r"(?:19|20)\d{2}\Z")
_WORD_DATE = re.compile(r"(?:(\d{1,2}) )?([A-Z][a-z]{2,8})\.?(?: (\d{1,2}),)? (\d{4})\Z")
_TYPED = re.compile(r"(.{4,40}?)\s?[(,\s]\s?(ACTUAL|ESTIMATED|Actual|Estimated|Anticipated)\)?\Z")
_COUNT = re.compile(
    r"([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?: (?:participants?|subjects?|patients?|enrolled))?\Z", re.IGNORECASE
)
_AGE = re.compile(r"(\d{1,4}) (Year|Month|Week|Day|Hour|Minute)(s?)\Z", re.IGNORECASE)
_MASKING = re.compile(r"(\w{4,10}) ?\(([^()]{3,120})\)\Z")
_NCT = re.compile(r"NCT\d{8}\Z", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}\.[A-Za-z]{2,24}\Z")
_PHONE = re.compile(r"[+(]?[\d(][\d\s().+/\-–]{4,40}\Z")
_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|x)\s?:?\s?(\+?\d[\d-]{0,18})\Z", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|ftp://|www\.)\S{3,2000}\Z", re.IGNORECASE)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"), ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip

# Spellings for people that do not turn into the code by upper-casing alone.
_SPELLINGS: dict[str, dict[str, str]] = {
    "Status": {"UNKNOWN_STATUS": "UNKNOWN"},
    "Phase": {
        "N_A": "NA", "NOT_APPLICABLE": "NA", "EARLY_PHASE_1": "EARLY_PHASE1", "PHASE_0": "EARLY_PHASE1",
        "PHASE_1": "PHASE1", "PHASE_2": "PHASE2", "PHASE_3": "PHASE3", "PHASE_4": "PHASE4", "PHASE_I": "PHASE1",
        "PHASE_II": "PHASE2", "PHASE_III": "PHASE3", "PHASE_IV": "PHASE4",
    },
    "DesignAllocation": {"N_A": "NA", "NONRANDOMIZED": "NON_RANDOMIZED"},
    "InterventionalAssignment": {
        f"{code}_ASSIGNMENT": code for code in ("SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL")
    },
    "PrimaryPurpose": {"EDUCATIONAL_COUNSELING_TRAINING": "ECT"},
    "DesignMasking": {"NONE_OPEN_LABEL": "NONE", "OPEN_LABEL": "NONE"},
    "EnrollmentType": {"ANTICIPATED": "ESTIMATED"},
    "DateType": {"ANTICIPATED": "ESTIMATED"},
    "Sex": {"BOTH": "ALL"},
}  # fmt: skip
_LISTS = {"Phase": re.compile(r"[/|,;]"), "WhoMasked": re.compile(r"[,;/|]"), "StandardAge": re.compile(r"[,;/|]")}


@dataclass(frozen=True, slots=True)
class Value:
    """What a text says in a slot: the value and the state (present, damaged, empty).

    `extra` is what was written with it: a date's or a count's type, who is masked.
    """

    value: Any
    state: str = "present"
    extra: Any = None


@cache
def codes(kind: str) -> frozenset[str]:
    """The closed list of an enum kind."""
    return frozenset(load_enums()[kind])


def is_code(kind: str, text: str) -> bool:
    """Whether `text` is, letter for letter, a code of the enum."""
    return text in codes(kind)


def code(kind: str, text: str) -> str | None:
    """The code that `text` stands for: the code itself, or its spelling for people ("Phase 1", "Crossover")."""
    if text in codes(kind):
        return text
    if len(text) > 60:
        return None
    key = _NOT_WORD.sub("_", text.upper()).strip("_")
    key = _SPELLINGS.get(kind, {}).get(key, key)
    return key if key in codes(kind) else None


def code_list(kind: str, text: str) -> list[str] | None:
    """A list of codes written in one line ("PHASE1/PHASE2"), all of them known; None otherwise."""
    whole = code(kind, text)
    if whole is not None:
        return [whole]
    parts = [code(kind, part.strip()) for part in _LISTS[kind].split(text)]
    if None in parts or len(set(parts)) != len(parts):
        return None
    return [part for part in parts if part is not None]


def iso_date(text: str) -> Value | None:
    """`2026-06-30` or `2026-06` as such; a date that looks like one and cannot be is damaged, with value None."""
    typed = _TYPED.match(text)
    kind = None
    if typed is not None:
        text, kind = typed.group(1).rstrip(), code("DateType", typed.group(2))
    if (iso := _ISO_DATE.match(text)) is not None:
        year, month, day = int(iso[1]), int(iso[2]), int(iso[3] or 1)
        written = f"{iso[1]}-{iso[2]}" + (f"-{iso[3]}" if iso[3] else "")
    elif (word := _WORD_DATE.match(text)) is not None and word[2].lower() in _MONTHS:
        year, month, day = int(word[4]), _MONTHS[word[2].lower()], int(word[1] or word[3] or 1)
        written = f"{year:04}-{month:02}" + (f"-{day:02}" if word[1] or word[3] else "")
    else:
        return None
    try:
        date(year, month, day)
    except ValueError:
        return Value(None, "damaged", kind)
    return Value(written, "present", kind)


def stated_date(text: str) -> Value | None:
    """A date in a slot that is labelled as one: as iso_date, and a year alone. Without a label 2012 may be a count."""
    return Value(text) if _BARE_YEAR.match(text) else iso_date(text)


def count(text: str) -> Value | None:
    """Number of participants, as an int: "100 participants", "1,200", "100 participants (ACTUAL)"."""
    typed = _TYPED.match(text)
    kind = None
    if typed is not None:
        text, kind = typed.group(1).rstrip(), code("EnrollmentType", typed.group(2))
    match = _COUNT.match(text)
    return None if match is None else Value(int(match.group(1).replace(",", "")), "present", kind)


def age(text: str) -> Value | None:
    """An age limit in the registry's form ("18 Years"). "N/A" is the registry's word for no limit: empty."""
    if text in ("N/A", "No limit"):
        return Value(None, "empty")
    match = _AGE.match(text)
    return None if match is None else Value(f"{int(match[1])} {match[2].capitalize()}{match[3].lower()}")


def age_in_days(text: str) -> float:
    """An age limit as a number of days, for comparing two limits only."""
    number, unit = text.split()
    return (
        int(number)
        * {"y": 365.25, "mo": 30.44, "w": 7.0, "d": 1.0, "h": 1 / 24, "mi": 1 / 1440}[
            unit[:2].lower() if unit[:1].lower() == "m" else unit[:1].lower()
        ]
    )


def yes_no(text: str) -> Value | None:
    """Yes and No (in any case), true and false."""
    answer = {"yes": True, "no": False, "true": True, "false": False}.get(text.casefold())
    return None if answer is None else Value(answer)


def _nct(text: str) -> Value | None:
    if _NCT.match(text):
        return Value(text.upper())
    return Value(None, "damaged") if text[:3].upper() == "NCT" else None


def _scalar(kind: str, text: str) -> Value | None:
    if kind in _LISTS:
        several = code_list(kind, text)
        return None if several is None else Value(several)
    found = code(kind, text)
    if found is None and kind == "DesignMasking" and (match := _MASKING.match(text)) is not None:
        found, who = code(kind, match[1]), code_list("WhoMasked", match[2])
        return Value(found, extra=who) if found and who else None
    return None if found is None else Value(found)


_READERS = {"date": stated_date, "count": count, "age": age, "yes_no": yes_no, "nct": _nct, "duration": age}


def read(kind: str, text: str) -> Value | None:
    """Read `text` as a value of `kind` (an enum's name, or date, count, age, yes_no, nct, duration, text).

    None where the text has another shape. The page's null marker is empty in every slot.
    """
    if text in NULL_MARKERS:
        return Value(None, "empty")
    if kind == "text":
        return Value(text)
    reader = _READERS.get(kind)
    return reader(text) if reader is not None else _scalar(kind, text)


def looks_like_code(text: str) -> bool:
    """An upper-case code such as a registry may add to a closed list later."""
    return _CODE.match(text) is not None


def is_nct(text: str) -> bool:
    """A whole, well-formed NCT number."""
    return _NCT.match(text) is not None


def is_email(text: str) -> bool:
    """An e-mail address and nothing else."""
    return _EMAIL.match(text) is not None


def is_url(text: str) -> bool:
    """A web address and nothing else."""
    return _URL.match(text) is not None


def extension(text: str) -> str | None:
    """The digits of "ext. 12", "x12", "Extension: 12"."""
    match = _EXTENSION.match(text)
    return None if match is None else match.group(1)


def phone(text: str) -> tuple[str, str | None] | None:
    """(number as written, extension or None) of a telephone number line with at least five digits."""
    head, sep, tail = text.rpartition(" ext")
    inner = extension("ext" + tail) if sep else None
    if inner is None:
        head, sep, tail = text.rpartition(" x")
        inner = extension("x" + tail) if sep else None
    number = head.rstrip(" ,;") if inner is not None else text
    if _PHONE.match(number) is None or sum(character.isdigit() for character in number) < 5:
        return None
    return number, inner
