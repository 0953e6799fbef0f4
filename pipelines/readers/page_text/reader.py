"""Read one registry page: sections → fields → the study shape.

Belongs here: the order in which sections are read, and putting the readings together. Does not: any section's reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import arms, conditions, lists, people, places, prose, sponsors
from .fields import FIELDS, FieldReading, Page
from .mentions import read_mentions
from .sections import Part, content_lines, find_parts, page_lines, section_table
from .signatures import recover

_DESCRIPTION = "protocolSection.descriptionModule."


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page as read: all 87 fields in order, the template's sections, the layout, the study built from them."""

    fields: tuple[FieldReading, ...]
    sections: list[dict[str, object]]
    layout: str
    study: dict[str, Any]

    def field(self, name: str) -> FieldReading:
        """The reading of one field."""
        return self.fields[FIELDS.index(name)]


# Sections that others lean on come first: the study type for its design, the responsible party for the lead sponsor.
_READERS: tuple[tuple[str, Callable[[Page, Part], Any]], ...] = (
    ("results", prose.read_results),
    ("basic", prose.read_basic),
    ("summary", lambda page, part: prose.read_text(page, part, _DESCRIPTION + "briefSummary")),
    ("related", lists.read_related),
    ("description", lambda page, part: prose.read_text(page, part, _DESCRIPTION + "detailedDescription")),
    ("conditions", conditions.read_conditions),
    ("design", prose.read_design),
    ("eligibility", prose.read_eligibility),
    ("responsible", sponsors.read_responsible_party),
    ("sponsors", sponsors.read_sponsors),
    ("officials", people.read_officials),
    ("locations", places.read_locations),
    ("countries", places.read_countries),
    ("central", people.read_central_contacts),
    ("facility", people.read_facility_contacts),
    ("links", lists.read_links),
    ("references", lists.read_references),
    ("ids", lists.read_identifiers),
    ("more", lists.read_related),
)


def read_page(text: str) -> PageReading:
    """Read the text of one page. Never raises; a text that is no page gives 87 fields of which most are absent."""
    raw = page_lines(text)
    lines = content_lines(raw)
    preamble, anchored, repeats = find_parts(lines)
    head, parts = recover(preamble, anchored)
    page = Page(raw, lines, {part.key: part for part in parts}, head)
    prose.read_head(page, parts[0].key if parts else None)
    for key, read in _READERS:
        part = page.parts.get(key)
        if part is not None:
            _pass_on(page, key, read(page, part))
    arms.read_arms(page, page.parts.get("groups"), page.parts.get("interventions"))
    for part in repeats:
        page.leave(part.key, part.body)
    mentions = read_mentions(page)
    layout = "labelled" if page.labels_seen else "label-less"
    fields = tuple(page.get(name) for name in FIELDS)
    return PageReading(fields, section_table(anchored), layout, _study(page, fields, layout, mentions))


def _pass_on(page: Page, key: str, spare: Any) -> None:
    """Give lines that a section could not be the owner of to the next one, or leave them unread."""
    if not isinstance(spare, list) or not spare:
        return
    if key == "locations":
        places.read_countries(page, Part("countries", None, None, spare))
    else:
        page.leave(key, spare)


def _prune(value: Any) -> Any:
    """Leave out nulls; an empty list stays, it says that there is none."""
    if isinstance(value, dict):
        return {key: _prune(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_prune(inner) for inner in value if inner is not None]
    return value


def _put(study: dict[str, Any], path: str, value: Any) -> None:
    *stems, leaf = path.split(".")
    for stem in stems:
        study = study.setdefault(stem, {})
    study[leaf] = value


def _study(page: Page, fields: tuple[FieldReading, ...], layout: str, mentions: list[dict[str, Any]]) -> dict[str, Any]:
    study: dict[str, Any] = {}
    page_section: dict[str, Any] = {"layout": layout}
    for reading in fields:
        if reading.value is None:
            continue
        section, _, path = reading.field.partition(".")
        if section == "page":
            page_section[path] = _prune(reading.value)
        elif section not in ("eligibility", "mentions"):
            _put(study, reading.field, _prune(reading.value))
    if page.aliases:
        _put(study, "protocolSection.identificationModule.nctIdAliases", list(page.aliases))
    for reference in study.get("protocolSection", {}).get("referencesModule", {}).get("references", ()):
        reference.pop("doi", None)
    if page.unread:
        page_section["unreadLines"] = [
            {"section": key, "line": line.no, "text": line.text}
            for key, line in sorted(page.unread, key=lambda item: item[1])
        ]
    study["registrySection"] = {
        "page": page_section,
        "fieldStates": [_state_row(reading) for reading in fields],
        "criteria": page.criteria,
        "mentions": mentions,
    }
    return study


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _state_row(reading: FieldReading) -> dict[str, Any]:
    start, end = reading.lines or (None, None)
    row = {
        "field": reading.field,
        "state": reading.state,
        "lineStart": start,
        "lineEnd": end,
        "label": reading.label,
        "value": _json(reading.value),
        "verbatim": _json(reading.verbatim),
    }
    return {key: value for key, value in row.items() if value is not None}
