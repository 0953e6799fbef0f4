"""Related links, references, other identifiers and the lists of other trials.

Belongs here: lists whose items are known by a shape (a web address, an identifier's label, an NCT number). Does not:
which identifier is the record's own among those in prose (mentions.py). Ids in the lists of other trials are never the
record's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import shapes
from .fields import SECTIONS_BY_KEY, Page, span
from .sections import Line, Part
from .slots import find_label
from .template import ID_SOURCE_LABELS, ID_TYPE_LABELS

_REFERENCES = "protocolSection.referencesModule."
_IDS = "protocolSection.identificationModule."
_DOI = re.compile(r"\b(?:doi:? ?|doi\.org/)(10\.\d{4,9}/[^\s;,]{1,200})", re.IGNORECASE)
_PMID = re.compile(r"(?:PMID|PubMed(?: ID)?):? ?(\d{1,9})\b", re.IGNORECASE)
_ID_LINE = re.compile(r"(NCT\d{8})(?:[ ,;|-]{1,3}(\S.{0,80}))?\Z")


# --- links and references -------------------------------------------------------------------------------------------


def read_links(page: Page, part: Part) -> None:
    """Web addresses, each perhaps followed by its label."""
    field = _REFERENCES + "seeAlsoLinks"
    if not part.body:
        page.empty(part, field)
        return
    links: list[dict[str, Any]] = []
    broken = False
    for line in part.body:
        if shapes.is_url(line.text):
            links.append({"url": line.text, "label": None})
        elif links and links[-1]["label"] is None:
            links[-1]["label"] = line.text
        else:
            broken = True
            page.leave(part.key, [line])
    state = "damaged" if broken else "present"
    page.set(field, state, links or None, [line.text for line in part.body], span(part.body))


def find_doi(text: str) -> str | None:
    """The DOI that a citation gives, without the full stop that ends its sentence."""
    match = _DOI.search(text)
    return None if match is None else match.group(1).rstrip(".)]>")


def read_references(page: Page, part: Part) -> None:
    """Citations, one a line; a line with a PubMed number or a reference type belongs to the citation next to it."""
    field = _REFERENCES + "references"
    if not part.body:
        page.empty(part, field)
        return
    items: list[dict[str, Any]] = []
    pending: dict[str, Any] = {}
    for line in part.body:
        detail = _detail(line.text)
        if detail is None:
            items.append({"pmid": None, "type": None, "citation": line.text, "doi": find_doi(line.text), **pending})
            pending = {}
        elif items and not pending and items[-1][detail[0]] is None and not _leads(part.body):
            items[-1][detail[0]] = detail[1]
        else:
            pending[detail[0]] = detail[1]
    for item in items:
        told = _PMID.search(item["citation"]) if item["pmid"] is None else None
        item["pmid"] = told.group(1) if told else item["pmid"]
    state = "damaged" if pending or not items else "present"
    page.set(field, state, items or None, [line.text for line in part.body], span(part.body))


def _leads(body: Sequence[Line]) -> bool:
    """Whether details stand above their citation on this page."""
    return _detail(body[0].text) is not None


def _detail(text: str) -> tuple[str, str] | None:
    if len(text) > 60:
        return None
    if (match := _PMID.match(text)) is not None and match.end() == len(text):
        return "pmid", match.group(1)
    label = find_label(text, ("Reference Type", "Citation Type", "Type"))
    kind = shapes.code("ReferenceType", label.rest if label and label.rest else text)
    return ("type", kind) if kind is not None and (label is not None or shapes.is_code("ReferenceType", text)) else None


# --- other identifiers ----------------------------------------------------------------------------------------------


class _Identifier:
    __slots__ = ("id", "id_line", "lines", "source", "type", "type_line", "type_shown")

    def __init__(self) -> None:
        self.id: str | None = None
        self.type: str | None = None
        self.source: str | None = None
        self.id_line: Line | None = None
        self.type_line: Line | None = None
        self.type_shown: tuple[str, str] = ("", "")
        self.lines: list[Line] = []


def _identifiers(lines: Sequence[Line]) -> tuple[list[_Identifier], bool]:
    """(identifiers, whether a type or source stands without its identifier)."""
    found: list[_Identifier] = []
    broken = False
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        kind = find_label(line.text, ID_TYPE_LABELS)
        source = None if kind is not None else find_label(line.text, ID_SOURCE_LABELS)
        label = kind or source
        if label is None:
            found.append(_Identifier())
            found[-1].id, found[-1].id_line = line.text, line
            found[-1].lines.append(line)
            continue
        leaf = "type" if kind is not None else "source"
        if not found or getattr(found[-1], leaf) is not None or (leaf == "type" and found[-1].source is not None):
            found.append(_Identifier())
            broken = True
        current = found[-1]
        current.lines.append(line)
        value, value_line = label.rest, line
        if value is None and index < len(lines) and not _is_id_label(lines[index].text) and len(lines[index].text) < 60:
            value, value_line = lines[index].text, lines[index]
            current.lines.append(value_line)
            index += 1
        if leaf == "type":
            shown = line.text if value in shapes.NULL_MARKERS and value_line is line else label.shown
            current.type_line, current.type_shown = value_line, (shown, value or "")
        setattr(current, leaf, None if value in shapes.NULL_MARKERS else value)
    return found, broken


def _is_id_label(text: str) -> bool:
    return find_label(text, ID_TYPE_LABELS + ID_SOURCE_LABELS) is not None


def read_identifiers(page: Page, part: Part) -> None:
    """Other identifiers: id, type, source. The source says whether it is the organisation's own or a secondary one."""
    if not part.body:
        page.empty(part, "page.otherIdentifiers")
        return
    items, broken = _identifiers(part.body)
    named = [item for item in items if item.id is not None]
    whole = [{"id": item.id, "type": item.type, "source": item.source} for item in items]
    vouching = [line.text for line in part.body] if len(items) == 1 else [item.id for item in named]
    told = all(item.source for item in items)
    state = "damaged" if broken else "present" if told else "present_unlabelled"
    page.set("page.otherIdentifiers", state, whole, vouching, span(part.body))
    _note_own(page, [item for item in named if item.source == "org_study_id"])
    page.aliases += [item.id or "" for item in named if item.source == "nct_alias" and shapes.is_nct(item.id or "")]
    secondary = [item for item in named if item.source == "secondary_id"]
    unclear = [item for item in named if item.source not in ("org_study_id", "secondary_id", "nct_alias")]
    name = _IDS + "secondaryIdInfos"
    if secondary:
        lines = [line for item in secondary for line in item.lines]
        values = [{"id": item.id, "type": item.type, "domain": None, "link": None} for item in secondary]
        page.set(name, "damaged" if unclear else "present", values, [line.text for line in lines], span(lines))
    elif unclear:
        lines = [line for item in unclear for line in item.lines]
        page.set(name, "ambiguous", None, [line.text for line in lines], span(lines))
        if not page.has(_IDS + "orgStudyIdInfo.id"):
            page.set(_IDS + "orgStudyIdInfo.id", "ambiguous", None, [item.id for item in unclear], span(lines))
    else:
        page.set(name, "absent", [])


def _note_own(page: Page, own: Sequence[_Identifier]) -> None:
    name = _IDS + "orgStudyIdInfo.id"
    lines = [item.id_line for item in own if item.id_line is not None]
    if len({item.id for item in own}) > 1:
        page.set(name, "ambiguous", None, [item.id for item in own], span(lines))
    elif own:
        page.set(name, "present", own[0].id, own[0].id, span(lines[:1]))
        if own[0].type_line is not None:
            shown, verbatim = own[0].type_shown
            state = "present" if own[0].type else "empty"
            place = span([own[0].type_line])
            page.set(_IDS + "orgStudyIdInfo.type", state, own[0].type, verbatim or None, place, shown)


# --- other trials ---------------------------------------------------------------------------------------------------


def id_line(text: str) -> tuple[str, str | None, list[str] | None] | None:
    """(NCT id, status, phases) of "NCT99000444 ACTIVE_NOT_RECRUITING NA"; None when the line is anything else."""
    match = _ID_LINE.match(text)
    if match is None:
        return None
    nct, tail = match.groups()
    if not tail:
        return nct, None, None
    whole = shapes.code("Status", tail)
    if whole is not None:
        return nct, whole, None
    status_text, _, phase_text = tail.partition(" ")
    status = status_text if shapes.is_code("Status", status_text) else None
    phases = shapes.code_list("Phase", (phase_text if status else tail).strip())
    if (status is None and phases is None) or (status is not None and phase_text and phases is None):
        return None
    return nct, status, phases


def read_related(page: Page, part: Part) -> None:
    """Other trials: title, then id with status and phases, on one line or on lines of their own."""
    field = "page.relatedClinicalTrials" if part.key == "related" else "page.moreRelatedTrials"
    if not part.body:
        page.empty(part, field, labelled=True)
        return
    trials: list[dict[str, Any]] = []
    title: Line | None = None
    titles: list[str] = []
    id_lines: list[str] = []
    broken = False
    for line in part.body:
        told = id_line(line.text)
        current = trials[-1] if trials and title is None else None
        if told is not None:
            broken = broken or title is None
            trials.append(_trial(told, title.text if title else None))
            title = None
            id_lines.append(line.text)
        elif current and shapes.is_code("Status", line.text) and current["overallStatus"] is None:
            current["overallStatus"] = line.text
            id_lines.append(line.text)
        elif current and current["phases"] is None and (phases := shapes.code_list("Phase", line.text)):
            current["phases"] = phases
            id_lines.append(line.text)
        else:
            if title is not None:
                broken = True
                trials.append(_trial((None, None, None), title.text))
            title = line
            titles.append(line.text)
    if title is not None:
        broken = True
        trials.append(_trial((None, None, None), title.text))
    label = SECTIONS_BY_KEY[part.key] if part.key == "related" and part.heading else None
    certain = part.heading is not None or part.caption is not None
    state = "damaged" if broken else "present" if certain else "present_unlabelled"
    page.set(field, state, trials, titles + id_lines, span(part.body), label)


def _trial(told: tuple[str | None, str | None, list[str] | None], title: str | None) -> dict[str, Any]:
    return {"nctId": told[0], "briefTitle": title, "overallStatus": told[1], "phases": told[2]}
