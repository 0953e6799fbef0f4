"""Single values of the ClinicalTrials.gov CSV download, as its mapping's converters read them.

Belongs here: dates, numbers, limits of age, masking, kinds of study. Does not: cells that hold several values
(ctgov_csv_cells.py), closed vocabularies (the mapping).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.readers.ctgov_csv_cells import commas
from pipelines.readers.mapping import Unreadable
from pipelines.readers.mapping.converters import integer as whole_number
from pipelines.readers.mapping.converters import text as plain_text
from pipelines.study.dates import ImpossibleDate, parse_long_date, parse_partial_date

_LIMIT = "[0-9]+ (?:Year|Month|Week|Day|Hour|Minute)s?"
_LIMITS = re.compile(
    rf"(?P<minimum>{_LIMIT}) (?:to (?P<maximum>{_LIMIT})|and older)|up to (?P<only>{_LIMIT})", re.IGNORECASE
)
_FIGURES = re.compile(r"(?P<first>[0-9]{1,2})([/.-])(?P<second>[0-9]{1,2})\2(?P<year>[12][0-9]{3})")
_MASKING = re.compile(r"(?P<masking>[^()]*[^() ]) ?(?:\((?P<who>[^()]*)\))?")
_WHOLE_WITH_ZERO = re.compile(r"[0-9]+\.0")

_MASKINGS = {
    "none": "NONE", "open label": "NONE", "single": "SINGLE", "single blind": "SINGLE", "single-blind": "SINGLE",
    "double": "DOUBLE", "triple": "TRIPLE", "quadruple": "QUADRUPLE",
}  # fmt: skip
_MASKED = {
    "participant": "PARTICIPANT", "subject": "PARTICIPANT", "care provider": "CARE_PROVIDER",
    "caregiver": "CARE_PROVIDER", "investigator": "INVESTIGATOR", "outcomes assessor": "OUTCOMES_ASSESSOR",
}  # fmt: skip
_STUDY_TYPES = {
    "interventional": "INTERVENTIONAL",
    "observational": "OBSERVATIONAL",
    "expanded access": "EXPANDED_ACCESS",
}
_ACCESS = {
    "individual patients": "individual",
    "intermediate-size population": "intermediate",
    "treatment ind/protocol": "treatment",
}


def date(value: Any) -> str:
    """yyyy-MM-dd, yyyy-MM, or "June 30, 2026", "June 2026": ISO of the same precision.

    Spreadsheet programs write dates in figures over them: these are taken only where one figure can be no month.
    """
    raw = plain_text(value)
    figures = _FIGURES.fullmatch(raw)
    if figures is not None:
        return _from_figures(int(figures["first"]), int(figures["second"]), figures["year"])
    try:
        found = parse_partial_date(raw) if raw[:1].isdigit() and raw[:4].isdigit() else parse_long_date(raw)
    except ImpossibleDate as error:
        raise Unreadable(error.reason) from None
    return found.earliest.isoformat()[: {"day": 10, "month": 7, "year": 4}[found.precision]]


def _from_figures(first: int, second: int, year: str) -> str:
    if first != second and max(first, second) <= 12:
        raise Unreadable("a spreadsheet's date in figures: which one is the month is not to be told", "ambiguous")
    month, day = min(first, second), max(first, second)
    try:
        return parse_partial_date(f"{year}-{month:02d}-{day:02d}").raw
    except ImpossibleDate as error:
        raise Unreadable(error.reason) from None


def results_date(value: Any) -> str | None:
    """As date; "No Study Results Posted" says that there is none."""
    return None if plain_text(value).startswith("No ") else date(value)


def count(value: Any) -> int:
    """A whole number; "100.0", as programs write a column of numbers with gaps, counts."""
    found = plain_text(value)
    return whole_number(found[:-2] if _WHOLE_WITH_ZERO.fullmatch(found) else found)


def age_limits(value: Any) -> dict[str, str | None]:
    """ "18 Years to 65 Years", "18 Years and older" or "up to 65 Years": minimumAge, maximumAge."""
    match = _LIMITS.fullmatch(plain_text(value))
    if match is None:
        raise Unreadable("not limits of age", "ambiguous")
    return {"minimumAge": match["minimum"], "maximumAge": match["maximum"] or match["only"]}


def masking(value: Any) -> dict[str, Any]:
    """ "DOUBLE (PARTICIPANT, INVESTIGATOR)": masking and whoMasked.

    "Double Blind", until 2017 for any number of parties, is read only where it names two.
    """
    match = _MASKING.fullmatch(" ".join(plain_text(value).split()))
    if match is None:
        raise Unreadable("not a masking", "ambiguous")
    kind = match["masking"].casefold()
    who = [one.replace("_", " ").casefold() for one in commas(match["who"] or "")]
    if kind in ("none", "open label"):
        who = [one for one in who if one not in ("open label", "no masking")]
    if not all(one in _MASKED for one in who):
        raise Unreadable("names a party that is not in the registry's list", "ambiguous")
    if kind in ("double blind", "double-blind"):
        kind = "double" if len(who) == 2 else kind
    if kind not in _MASKINGS:
        raise Unreadable("not a word of this field's vocabulary", "ambiguous")
    return {"masking": _MASKINGS[kind], "whoMasked": [_MASKED[one] for one in who] or None}


def study_type(value: Any) -> dict[str, Any]:
    """ "INTERVENTIONAL", "Observational [Patient Registry]", "Expanded Access:Individual Patients|…"."""
    text = " ".join(plain_text(value).replace("_", " ").split())
    name, _, access = text.partition(":")
    name, bracket, _ = name.partition("[Patient Registry]")
    kind = _STUDY_TYPES.get(name.strip().casefold())
    kinds = [_ACCESS.get(one.strip().casefold()) for one in re.split("[|,]", access)] if access else []
    if kind is None or None in kinds:
        raise Unreadable("not a word of this field's vocabulary", "ambiguous")
    found: dict[str, Any] = {"studyType": kind}
    if bracket:
        found["patientRegistry"] = True
    if kinds:
        found["expandedAccessTypes"] = {one: True for one in kinds if one}
    return found


CONVERTERS = {
    "date": date,
    "results_date": results_date,
    "count": count,
    "age_limits": age_limits,
    "masking": masking,
    "study_type": study_type,
}
"""For the mapping."""
