"""Locations and countries: site blocks, "city, state, country" lines, the list of country names.

Belongs here: reading those two sections with the country vocabulary. Does not: contacts of a site (people.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from . import shapes
from .fields import Page, span
from .sections import Line, Part
from .slots import find_label
from .template import SITE_STATUS_LABELS

_POSTCODE = re.compile(r"(?=[^\d]{0,10}\d)[A-Z0-9][A-Z0-9 -]{2,11}\Z")
_LOCATIONS = "protocolSection.contactsLocationsModule.locations"


@cache
def country_names() -> frozenset[str]:
    """Names of countries, casefolded, as registries write them."""
    text = files(__package__).joinpath("vocabulary/countries.txt").read_text(encoding="utf-8")
    return frozenset(line.strip().casefold() for line in text.splitlines() if line.strip() and line[0] != "#")


def is_country(text: str) -> bool:
    """Whether a text is a country's name."""
    return text.casefold() in country_names()


def read_place(text: str) -> dict[str, str | None] | None:
    """City, state, zip and country of "Bergen, Vestland, Norway"; empty parts are null. None when it is no such line.

    The country is the longest ending that is a country's name ("Korea, Republic of" has a comma of its own); without a
    known country only a line of exactly three parts with an empty one ("X, , Y") is a place.
    """
    if len(text) > 300 or "," not in text:
        return None
    parts = [part.strip() for part in text.split(",")]
    for size in (3, 2, 1):
        if len(parts) > size and is_country(", ".join(parts[-size:])):
            return _place(parts[:-size], ", ".join(parts[-size:]))
    if len(parts) == 3 and not parts[1] and parts[0] and parts[2]:
        return _place(parts[:2], parts[2])
    return None


def _place(parts: Sequence[str], country: str) -> dict[str, str | None] | None:
    """City, state and postcode of the parts before the country; what cannot be told apart stays together as city."""
    if len(parts) > 3:
        return None
    city, state, postcode = (*parts, "", "")[:3]
    if len(parts) == 3 and not _POSTCODE.match(postcode):
        # A comma within a name. "Upper Quay, Bath, , X" has no state; otherwise city and state cannot be told apart.
        city, state, postcode = ", ".join(part for part in parts if part), "", ""
    elif len(parts) == 2 and _POSTCODE.match(state) and not _POSTCODE.match(city):
        state, postcode = "", state
    return {"city": city or None, "state": state or None, "zip": postcode or None, "country": country}


class _Site:
    __slots__ = ("facility", "lines", "place", "status")

    def __init__(self) -> None:
        self.facility: str | None = None
        self.place: dict[str, str | None] | None = None
        self.status: str | None = None
        self.lines: list[str] = []

    def as_dict(self) -> dict[str, Any]:
        place = self.place or {"city": None, "state": None, "zip": None, "country": None}
        return {"facility": self.facility, "status": self.status, **place, "geoPoint": None, "contacts": None}


def _site_status(lines: Sequence[Line], index: int) -> tuple[bool, str | None, int]:
    """(whether the line is about a site's status, the status, how many lines it takes)."""
    text = lines[index].text
    label = find_label(text, SITE_STATUS_LABELS)
    if label is not None and (
        label.rest is None or shapes.code("Status", label.rest) or label.rest in shapes.NULL_MARKERS
    ):
        if label.rest is not None:
            return True, shapes.code("Status", label.rest), 1
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        if following in shapes.NULL_MARKERS:
            return True, None, 2
        status = shapes.code("Status", following) if following else None
        return True, status, 2 if status else 1
    return (True, text, 1) if shapes.is_code("Status", text) else (False, None, 1)


def read_locations(page: Page, part: Part) -> list[Line]:
    """Sites: facility, place, status. Gives back a country's name at the end that can only belong to Countries."""
    body = list(part.body)
    spare: list[Line] = []
    while len(body) > 1 and "countries" not in page.parts and is_country(body[-1].text) and read_place(body[-2].text):
        spare.insert(0, body.pop())
    if not body:
        page.empty(part, _LOCATIONS)
        return spare
    sites, broken = _sites(body)
    state = "damaged" if broken else "ambiguous" if any(_runs_together(site) for site in sites) else "present"
    page.set(_LOCATIONS, state, [site.as_dict() for site in sites], _vouching(sites), span(body))
    return spare


def _sites(body: Sequence[Line]) -> tuple[list[_Site], bool]:
    sites: list[_Site] = []
    broken = False
    index = 0
    while index < len(body):
        text = body[index].text
        is_status, status, size = _site_status(body, index)
        place = None if is_status or _names_its_city(body, index) else read_place(text)
        slot = "status" if is_status else "place" if place is not None else "facility"
        # A status ends a site, a place needs its facility before it, a facility starts one: whatever else is a loss.
        started = bool(sites)
        if slot == "facility" or not started or (slot == "place" and (sites[-1].place or sites[-1].status)):
            broken = broken or slot != "facility" or (started and sites[-1].place is None)
            sites.append(_Site())
        setattr(sites[-1], slot, status if is_status else place if place is not None else text)
        sites[-1].lines += [text] if not is_status else [body[index + size - 1].text] if status else []
        index += size
    return sites, broken or sites[-1].place is None


def _runs_together(site: _Site) -> bool:
    """Whether city and state of a site are one text with two commas in it, of which one belongs to a name."""
    return site.place is not None and (site.place["city"] or "").count(",") == 2


def _names_its_city(body: Sequence[Line], index: int) -> bool:
    """Whether a line like "Harbour Clinic, Singapore" is a facility: a full "city, state, country" line follows it."""
    following = body[index + 1].text if index + 1 < len(body) else ""
    return body[index].text.count(",") == 1 and following.count(",") >= 2 and read_place(following) is not None


def _vouching(sites: Sequence[_Site]) -> list[str]:
    return [text for site in sites for text in site.lines]


def read_countries(page: Page, part: Part) -> list[Line]:
    """Country names, one a line. Names run together are split by the vocabulary (damaged); gives back what is none."""
    if not part.body:
        page.empty(part, "page.countries", labelled=True)
        return []
    end = next((place for place, line in enumerate(part.body) if not _may_be_country(line.text)), len(part.body))
    lines, rest = part.body[:end], part.body[end:]
    if not lines:
        page.set("page.countries", "damaged", None, [line.text for line in rest], span(rest), "Countries")
        return []
    names: list[str] = []
    split = False
    for line in lines:
        several = [line.text] if is_country(line.text) else _split_names(line.text)
        split = split or several is None or len(several) > 1
        names += several or [line.text]
    verbatim = lines[0].text if len(lines) == 1 else [line.text for line in lines]
    label = "Countries" if part.heading is not None else None
    page.set("page.countries", "damaged" if split else "present", names, verbatim, span(lines), label)
    return list(rest)


def _may_be_country(text: str) -> bool:
    return is_country(text) or (len(text) <= 400 and not any(c.isdigit() or c in "@:." for c in text))


def _split_names(text: str) -> list[str] | None:
    """Names of countries run together; [text] when it is one phrase nobody knows, None when it is neither."""
    for sep in ("|", ";", ","):
        parts = [part.strip() for part in text.split(sep)]
        if len(parts) > 1 and all(is_country(part) for part in parts):
            return parts
    words = text.split()
    best: list[list[str] | None] = [[]] + [None] * len(words)
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - 8), end):
            before, name = best[start], " ".join(words[start:end])
            current = best[end]
            if before is not None and is_country(name) and (current is None or len(before) + 1 < len(current)):
                best[end] = [*before, name]
    return best[-1] or ([text] if len(words) <= 4 else None)
