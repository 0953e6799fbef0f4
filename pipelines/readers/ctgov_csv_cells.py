"""Cells of the ClinicalTrials.gov CSV download, taken apart as far as that can be done with certainty.

Belongs here: the joined values (bars, labels, commas) of single columns. Does not: the table, the study shape.

The download joins the values of a list with a bar and does not mark bars and commas within values. A cell is cut only
where something else than the separator says so: the type in front of each intervention, the country at the end of each
location, the address at the end of each document. Conditions, sponsors, ids and outcome measures have nothing but the
bar; none of 3,500 real records had one within such a value (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from pipelines.readers.mapping import Unreadable
from pipelines.readers.mapping.converters import integer as whole_number
from pipelines.readers.mapping.converters import text as plain_text
from pipelines.study.dates import ImpossibleDate, parse_long_date, parse_partial_date

_INTERVENTION_TYPES = (
    "Behavioral", "Biological", "Combination Product", "Device", "Diagnostic Test", "Dietary Supplement", "Drug",
    "Genetic", "Procedure", "Radiation", "Other",
)  # fmt: skip
_AS_WRITTEN = {form: name for name in _INTERVENTION_TYPES for form in (name, name.upper().replace(" ", "_"))}
_NEXT_INTERVENTION = re.compile(rf"\|(?=(?:{'|'.join(_AS_WRITTEN)}): )")
_DOCUMENT = re.compile(r'"?(?P<label>[^"|]+?)"?, (?P<url>https?://\S+)')
_FILE = re.compile(r"(?P<type>(?:Prot|SAP|ICF)(?:_SAP|_ICF){0,2})_[0-9]+\.[a-z]+")
_AGE = re.compile(r"(?:(?P<limits>[^()]*[^() ]) ?)?\((?P<groups>[^()]*)\)")
_LIMIT = "[0-9]+ (?:Year|Month|Week|Day|Hour|Minute)s?"
_LIMITS = re.compile(
    rf"(?P<minimum>{_LIMIT}) (?:to (?P<maximum>{_LIMIT})|and older)|up to (?P<only>{_LIMIT})", re.IGNORECASE
)
_FIGURES = re.compile(r"(?P<first>[0-9]{1,2})([/.-])(?P<second>[0-9]{1,2})\2(?P<year>[12][0-9]{3})")
_MASKING = re.compile(r"(?P<masking>[^()]*[^() ]) ?(?:\((?P<who>[^()]*)\))?")
_MOST_PIECES = 3
_FEW_CELLS = 1024
"""How many different cells are remembered of columns that have few; what is given for one is not to be changed."""
_WHOLE_WITH_ZERO = re.compile(r"[0-9]+\.0")
_DAMAGED_DESIGN = frozenset({("Observational Model", ""), ("Time Perspective", "p")})

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


def bars(cell: str) -> list[str]:
    """Texts between bars."""
    if "|" not in cell:
        return [cell.strip()]
    return [piece for piece in map(str.strip, cell.split("|")) if piece]


def commas(cell: str) -> list[str]:
    """Words between commas."""
    return [piece for piece in map(str.strip, cell.split(",")) if piece]


def interventions(cell: str) -> list[dict[str, str]]:
    """Type and name of each; a bar is a separator only where a type stands behind it."""
    found = []
    for piece in _NEXT_INTERVENTION.split(cell) if "|" in cell else (cell,):
        kind, colon, name = piece.partition(": ")
        known = _AS_WRITTEN.get(kind.lstrip()) if colon else None
        found.append({"type": known, "name": name} if known else {"name": piece})
    return found


def sponsors(cell: str) -> dict[str, Any]:
    """Classic: the lead sponsor, then the collaborators."""
    lead, *others = bars(cell) or [""]
    return {"lead": lead, "others": others}


def funders(cell: str) -> dict[str, Any]:
    """Classic: the classes of all sponsors, each once. A single one is the lead sponsor's as well."""
    found = bars(cell)
    return {"listed": cell, "all": found[0] if len(found) == 1 else None}


def ids(cell: str) -> dict[str, Any]:
    """The organisation's own id, which every record has, and behind it the secondary ids."""
    first, *others = bars(cell) or [""]
    return {"first": first, "others": others}


@lru_cache(_FEW_CELLS)
def ages(cell: str) -> dict[str, Any]:
    """ "ADULT, OLDER_ADULT", or in classic files "18 Years to 65 Years (Adult, Older Adult)"."""
    text = " ".join(cell.split())
    match = _AGE.fullmatch(text)
    if match is not None:
        return {"limits": match["limits"], "groups": commas(match["groups"])}
    if any(figure in text for figure in "0123456789"):
        return {"limits": text}
    return {"groups": commas(text)}


@lru_cache(_FEW_CELLS)
def designs(cell: str) -> dict[str, Any]:
    """ "Allocation: RANDOMIZED|Masking: …": label → values; a piece without a label stands under "unlabelled".

    "Observational Model: |Time Perspective: p" is what today's download writes for every observational study, whatever
    the record holds (2024 on): such labels stand under "lost".
    """
    found: dict[str, Any] = {}
    for piece in bars(cell):
        label, colon, value = piece.partition(":")
        label, value = (label.strip(), value.strip()) if colon else ("unlabelled", piece)
        if (label, value) in _DAMAGED_DESIGN:
            found.setdefault("lost", []).append(label)
        elif value:
            found.setdefault(label, []).append(value)
    return found


def documents(cell: str) -> list[dict[str, Any]]:
    """Label, address and file name of each. What kind it is is in the registry's own file names (Prot_SAP_000.pdf)."""
    found: list[dict[str, Any]] = []
    for piece in bars(cell):
        match = _DOCUMENT.fullmatch(piece)
        if match is None:
            found.append({"other": piece})
            continue
        name = match["url"].rpartition("/")[2]
        kind = _FILE.fullmatch(name)
        one: dict[str, Any] = {"label": match["label"], "file": name}
        if kind is not None:
            parts = kind["type"].split("_")
            one |= {"type": kind["type"], "Prot": "Prot" in parts, "SAP": "SAP" in parts, "ICF": "ICF" in parts}
        found.append(one)
    return found


def locations(cell: str) -> list[dict[str, str]]:
    """Each location whole, and its country where its end is the name of one.

    A piece that does not end with a country goes on behind the bar: facilities have bars in their names.
    """
    found = []
    begun = ""
    for piece in cell.split("|"):
        place = f"{begun}|{piece}" if begun else piece
        country = country_at_end(piece.strip())
        if country is None:
            begun = place
            continue
        begun = ""
        found.append({"place": place.strip(), "country": country})
    return [*found, {"place": begun.strip()}] if begun.strip() else found


def country_at_end(place: str) -> str | None:
    """The longest name of a country (names with commas count) that the text is, or that stands behind its last
    commas."""
    known, ends = _countries()
    last = place[place.rfind(", ") + 2 :] if ", " in place else place
    if last not in ends:
        return last if last in known else None
    pieces = place.split(", ")
    names = (", ".join(pieces[at:]) for at in range(max(0, len(pieces) - _MOST_PIECES), len(pieces)))
    return next((name for name in names if name in known), None)


@cache
def _countries() -> tuple[frozenset[str], frozenset[str]]:
    """Names of countries, and what stands behind the last comma of those that have one (none is a country itself)."""
    text = files("pipelines.readers.page_text").joinpath("vocabulary/countries.txt").read_text(encoding="utf-8")
    names = frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return names, frozenset(name.rpartition(", ")[2] for name in names if "," in name)


CELLS: dict[str, Callable[[str], Any]] = {
    "Conditions": bars,
    "Interventions": interventions,
    "Primary Outcome Measures": bars,
    "Secondary Outcome Measures": bars,
    "Other Outcome Measures": bars,
    "Collaborators": bars,
    "Age": ages,
    "Phases": bars,
    "Study Design": designs,
    "Other IDs": ids,
    "Locations": locations,
    "Study Documents": documents,
    # the classic site's
    "Sponsor/Collaborators": sponsors,
    "Age Groups": bars,
    "Funded Bys": funders,
    "Study Designs": designs,
}
"""Column → how its cells are taken apart; other columns hold one value."""


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
