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

_INTERVENTION_TYPES = (
    "Behavioral", "Biological", "Combination Product", "Device", "Diagnostic Test", "Dietary Supplement", "Drug",
    "Genetic", "Procedure", "Radiation", "Other",
)  # fmt: skip
_AS_WRITTEN = {form: name for name in _INTERVENTION_TYPES for form in (name, name.upper().replace(" ", "_"))}
_NEXT_INTERVENTION = re.compile(rf"\|(?=(?:{'|'.join(_AS_WRITTEN)}): )")
_DOCUMENT = re.compile(r'"?(?P<label>[^"|]+?)"?, (?P<url>https?://\S+)')
_FILE = re.compile(r"(?P<type>(?:Prot|SAP|ICF)(?:_SAP|_ICF){0,2})_[0-9]+\.[a-z]+")
_AGE = re.compile(r"(?:(?P<limits>[^()]*[^() ]) ?)?\((?P<groups>[^()]*)\)")
_MOST_PIECES = 3
_FEW_CELLS = 1024
"""How many different cells are remembered of columns that have few; what is given for one is not to be changed."""
_DAMAGED_DESIGN = frozenset({("Observational Model", ""), ("Time Perspective", "p")})


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
    known, ends = _countries()
    for piece in cell.split("|"):
        last = piece.rpartition(", ")[2]
        if last in known and last not in ends and not begun:  # nearly all of them: the rest is for the others
            found.append({"place": piece, "country": last})
            continue
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
