"""Single values whose labels are gone: found by closed list, by shape, and by the template's order.

Belongs here: which field an unlabelled value belongs to. Does not: labelled values (slots.py), blocks of lines.
A value that could belong to two fields goes to neither: both are ambiguous and keep its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.study.criterion_lines import unescape

from . import shapes
from .fields import Page, span
from .sections import Line
from .shapes import Value
from .slots import note
from .template import DESIGN_SLOTS

_P = "protocolSection."
_STATUS, _DESIGN, _ELIGIBILITY = _P + "statusModule.", _P + "designModule.", _P + "eligibilityModule."
DATE_FIELDS = tuple(_STATUS + f"{name}DateStruct.date" for name in ("start", "primaryCompletion", "completion"))
STOPPED = frozenset({"TERMINATED", "WITHDRAWN", "SUSPENDED"})
_ONE_EACH = (
    ("Status", _STATUS + "overallStatus"),
    ("Phase", _DESIGN + "phases"),
    ("count", _DESIGN + "enrollmentInfo.count"),
    ("StudyType", _DESIGN + "studyType"),
)
_INTERVENTIONAL = frozenset({"DesignAllocation", "InterventionalAssignment", "PrimaryPurpose", "DesignMasking"})
_OBSERVATIONAL = frozenset({"ObservationalModel", "DesignTimePerspective"})
_YEARS = r"[- ]?(?:years?|yrs?|y/?o|y)\b"
_OLD = r"(?:[- ]old| of age)?"
_LOWER = re.compile(
    r"(?:≥|>=|>|at least|older than|over|above|minimum(?: age)?(?: of)?) ?(\d{1,3})" + _YEARS, re.IGNORECASE
)
_UPPER = re.compile(
    r"(?:≤|<=|<|younger than|under|below|up to|at most|maximum(?: age)?(?: of)?) ?(\d{1,3})" + _YEARS, re.IGNORECASE
)
_LOWER_BEHIND = re.compile(
    r"\b(\d{1,3})" + _YEARS + _OLD + r",? (?:or|and) (?:older|above|over|more|up)", re.IGNORECASE
)
_UPPER_BEHIND = re.compile(
    r"\b(\d{1,3})" + _YEARS + _OLD + r",? (?:or|and) (?:younger|below|under|less)", re.IGNORECASE
)
_RANGE = re.compile(r"\b(\d{1,3}) ?(?:years? |yrs? )?(?:-|–|to|and|until|through) ?(\d{1,3})" + _YEARS, re.IGNORECASE)


def ambiguous(page: Page, names: Sequence[str], lines: Sequence[Line]) -> None:
    """Note that a text is there and which of several fields it belongs to is not certain."""
    verbatim = lines[0].text if len(lines) == 1 else [line.text for line in lines]
    for name in names:
        if not page.has(name):
            page.set(name, "ambiguous", None, verbatim, span(lines))


def read_basic(page: Page, lines: Sequence[Line]) -> list[Line]:
    """Unlabelled lines of Basic Information; gives back those that have none of its shapes."""
    by_kind: dict[str, list[Line]] = {}
    rest: list[Line] = []
    for line in lines:
        kind = next(
            (kind for kind in ("Status", "Phase", "StudyType", "count", "date") if _reads(kind, line.text)), None
        )
        if kind is None:
            rest.append(line)
        else:
            by_kind.setdefault(kind, []).append(line)
    for kind, name in _ONE_EACH:
        candidates = by_kind.get(kind, [])
        if page.has(name) and page.get(name).state != "empty":
            rest += candidates
        elif len(candidates) == 1:
            page.readings.pop(name, None)
            value = shapes.read(kind, candidates[0].text) or Value(None, "damaged")
            note(page, name, value, candidates[0].text, candidates[0], None, "present_unlabelled")
        elif candidates:
            page.readings.pop(name, None)
            ambiguous(page, [name], candidates)
    rest += _dates(page, by_kind.get("date", []))
    return _why_stopped(page, sorted(rest))


def _reads(kind: str, text: str) -> bool:
    if text in shapes.NULL_MARKERS:
        return False
    if kind == "date":
        return shapes.iso_date(text) is not None
    return shapes.read(kind, text) is not None


def _dates(page: Page, lines: Sequence[Line]) -> list[Line]:
    """Unlabelled dates by the template's order: start, (primary completion,) completion."""
    if not lines:
        return []
    free = [name for name in DATE_FIELDS if page.get(name).state in ("absent", "empty")]
    values = [shapes.iso_date(line.text) or Value(None, "damaged") for line in lines]
    names: list[str] = []
    if len(free) == 3 and len(lines) in (2, 3):
        names = [DATE_FIELDS[0], DATE_FIELDS[2]] if len(lines) == 2 else list(DATE_FIELDS)
    elif len(free) < 3 and len(lines) == 1:
        names = _by_neighbour(page, free, lines[0])
    told = [value.value[:7] for value in values if value.value is not None]
    if not names or told != sorted(told):
        targets = free if len(free) < 3 else [DATE_FIELDS[0], DATE_FIELDS[2]]
        if not targets:
            return list(lines)
        for name in targets:
            page.readings.pop(name, None)
        ambiguous(page, targets, lines)
        return []
    for name, value, line in zip(names, values, lines, strict=True):
        page.readings.pop(name, None)
        note(page, name, value, line.text, line, None, "present_unlabelled")
    return []


def _by_neighbour(page: Page, free: Sequence[str], line: Line) -> list[str]:
    """The field of one unlabelled date beside labelled ones: the start before, the completion after them."""
    told = [page.get(name).lines for name in DATE_FIELDS if name not in free]
    before = all(place is not None and line.no < place[0] for place in told)
    after = all(place is not None and line.no > place[1] for place in told)
    if before and DATE_FIELDS[0] in free:
        return [DATE_FIELDS[0]]
    return [DATE_FIELDS[2]] if after and DATE_FIELDS[2] in free and DATE_FIELDS[0] not in free else []


def _why_stopped(page: Page, lines: list[Line]) -> list[Line]:
    """One line of prose in a stopped study's basics can hardly be anything but the reason; not certain all the same."""
    name = _STATUS + "whyStopped"
    prose = [line for line in lines if " " in line.text]
    if len(prose) != 1 or page.has(name) or page.get(_STATUS + "overallStatus").value not in STOPPED:
        return lines
    page.set(name, "ambiguous", prose[0].text, prose[0].text, span(prose))
    return [line for line in lines if line != prose[0]]


def read_design(page: Page, lines: Sequence[Line]) -> list[Line]:
    """Unlabelled codes of Study Design, by closed list and the template's order; gives back the other lines."""
    study_type = page.get(_DESIGN + "studyType").value
    off = {"INTERVENTIONAL": _OBSERVATIONAL, "OBSERVATIONAL": _INTERVENTIONAL}.get(study_type, frozenset())
    free = [
        slot for slot in DESIGN_SLOTS if not page.has(slot.field) and slot.kind[:1].isupper() and slot.kind not in off
    ]
    coded = [line for line in lines if any(_reads(slot.kind, line.text) for slot in free)][:12]
    rest = [line for line in lines if line not in coded]
    choices = [[place for place, slot in enumerate(free) if _reads(slot.kind, line.text)] for line in coded]
    readings = _monotone(choices)
    for place, line in enumerate(coded):
        taken = {reading[place] for reading in readings} if readings else set(choices[place])
        if len(taken) == 1 and not page.has(free[next(iter(taken))].field):
            slot = free[taken.pop()]
            note(page, slot.field, shapes.read(slot.kind, line.text) or Value(None), line.text, line, None,
                 "present_unlabelled")  # fmt: skip
        elif len(taken) > 1:
            ambiguous(page, [free[number].field for number in sorted(taken)], [line])
        else:
            rest.append(line)
    return sorted(rest)


def _monotone(choices: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """All ways to give each line a slot so that slots keep the template's order; [] when there is none."""
    readings: list[tuple[int, ...]] = [()]
    for options in choices:
        readings = [(*reading, slot) for reading in readings for slot in options if not reading or slot > reading[-1]]
        if len(readings) > 200:
            return []
    return readings


def read_eligibility(page: Page, lines: Sequence[Line], inclusion: str) -> list[Line]:
    """Unlabelled ages, sex and healthy volunteers below the criteria; gives back the other lines.

    `inclusion` is the text of the inclusion criteria, which may say of one age alone which limit it is.
    """
    ages = [line for line in lines if _reads("age", line.text)]
    rest = [line for line in lines if line not in ages]
    for kind, leaf in (("Sex", "sex"), ("yes_no", "healthyVolunteers"), ("StandardAge", "stdAges")):
        name = _ELIGIBILITY + leaf
        candidates = [line for line in rest if _reads(kind, line.text)]
        if not candidates or page.get(name).state not in ("absent", "empty"):
            continue
        page.readings.pop(name, None)
        rest = [line for line in rest if line not in candidates]
        if len(candidates) == 1:
            value = shapes.read(kind, candidates[0].text) or Value(None)
            note(page, name, value, candidates[0].text, candidates[0], None, "present_unlabelled")
        else:
            ambiguous(page, [name], candidates)
    if ages:
        rest += _ages(page, ages, inclusion)
    return sorted(rest)


def _ages(page: Page, lines: Sequence[Line], inclusion: str) -> list[Line]:
    """Age limits: two are minimum and maximum by order; one needs a labelled neighbour or the criteria to say which."""
    lower, upper = _ELIGIBILITY + "minimumAge", _ELIGIBILITY + "maximumAge"
    free = [name for name in (lower, upper) if page.get(name).state in ("absent", "empty")]
    for name in free:
        page.readings.pop(name, None)
    values = [shapes.age(line.text) or Value(None) for line in lines]
    if len(lines) == len(free) == 2 and _ordered(values):
        for name, value, line in zip(free, values, lines, strict=True):
            note(page, name, value, line.text, line, None, "present_unlabelled")
    elif len(lines) == len(free) == 1:
        note(page, free[0], values[0], lines[0].text, lines[0], None, "present_unlabelled")
    elif len(lines) == 1 and len(free) == 2 and (told := _limit_in_text(values[0].value, inclusion)):
        note(page, lower if told == "lower" else upper, values[0], lines[0].text, lines[0], None, "inferred")
    elif free:
        ambiguous(page, free, lines)
    else:
        return list(lines)
    return []


def _ordered(values: Sequence[Value]) -> bool:
    limits = [shapes.age_in_days(value.value) for value in values if value.value is not None]
    return limits == sorted(limits)


def _limit_in_text(limit: str | None, text: str) -> str | None:
    """Whether the criteria use the number of an age limit as a lower or an upper bound; None when they do not say."""
    if limit is None or not limit.endswith(("Year", "Years")):
        return None
    number = limit.split()[0]
    text = unescape(text[:20_000])
    lower = {match[1] for pattern in (_LOWER, _LOWER_BEHIND, _RANGE) for match in pattern.finditer(text)}
    upper = {match[1] for pattern in (_UPPER, _UPPER_BEHIND) for match in pattern.finditer(text)}
    upper |= {match[2] for match in _RANGE.finditer(text)}
    if (number in lower) == (number in upper):
        return None
    return "lower" if number in lower else "upper"
