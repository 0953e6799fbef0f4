"""The head of the page, the results notice, the descriptions, the eligibility criteria.

Belongs here: sections that are text rather than lists of things. Does not: splitting criteria (criteria.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import shapes, unlabelled
from .criteria import CriteriaReading, parse_criteria
from .fields import SECTIONS_BY_KEY, Page, span
from .lists import id_line
from .sections import Line, Part, is_notice
from .slots import Found, SlotTable, note_all
from .template import (
    BASIC_SLOTS,
    DESIGN_SLOTS,
    ELIGIBILITY_SLOTS,
    HEAD_SLOTS,
    NO_RESULTS_SENTENCE,
    ORDER,
    RESULTS_NOTICES,
)

_ID, _STATUS = "protocolSection.identificationModule.", "protocolSection.statusModule."
_CRITERIA = "protocolSection.eligibilityModule.eligibilityCriteria"
_TITLE_MAX = 600
"""Longest title the registry takes (official title, 2026-11); a longer line above the first heading is prose."""

BASIC_TABLE = SlotTable(BASIC_SLOTS, HEAD_SLOTS)
DESIGN_TABLE = SlotTable(DESIGN_SLOTS)
ELIGIBILITY_TABLE = SlotTable(ELIGIBILITY_SLOTS)
_TAIL_KINDS = ("age", "Sex", "StandardAge", "SamplingMethod")


def read_head(page: Page, first_key: str | None) -> None:
    """Title, NCT number and date above the first heading.

    An id without its label is never taken for the record's own: above the first heading there may also stand the end of
    another page's list of related trials.
    """
    found, rest = BASIC_TABLE.take(page.preamble)
    note_all(page, found)
    at_top = first_key is None or ORDER[first_key] <= ORDER["basic"] or bool(found)
    count = len(rest)
    rest = _head_id(page, rest)
    at_top = at_top and len(rest) == count
    rest = _head_date(page, rest, at_top)
    if "basic" not in page.parts and first_key is not None:
        rest = unlabelled.read_basic(page, rest)
    _title(page, rest, certain=at_top and first_key is not None)


def _head_id(page: Page, lines: list[Line]) -> list[Line]:
    ids = [line for line in lines if id_line(line.text) is not None]
    if not ids or page.has(_ID + "nctId"):
        page.leave("head", ids)
    else:
        texts = [line.text for line in ids]
        page.set(_ID + "nctId", "ambiguous", None, texts if len(texts) > 1 else texts[0], span(ids))
    return [line for line in lines if line not in ids]


def _head_date(page: Page, lines: list[Line], at_top: bool) -> list[Line]:
    name = _STATUS + "lastUpdatePostDateStruct.date"
    dates = [line for line in lines if shapes.iso_date(line.text) is not None]
    if not at_top or len(dates) != 1 or page.has(name):
        return lines
    value = shapes.iso_date(dates[0].text)
    told = value.value if value is not None else None
    page.set(name, "ambiguous" if told else "damaged", told, dates[0].text, span(dates))
    return [line for line in lines if line is not dates[0]]


def _title(page: Page, lines: list[Line], certain: bool) -> None:
    """The page's title. Whether it is the brief or the official one is not said; the brief one is required."""
    if not lines:
        return
    if len(lines) > 3 or any(len(line.text) > _TITLE_MAX for line in lines):
        text = [line.text for line in lines]
        page.set("page.title", "ambiguous", None, text if len(text) > 1 else text[0], span(lines))
        page.leave("head", lines)
        return
    whole = page.text(lines) or ""
    state = "present_unlabelled" if certain and len(lines) == 1 else "ambiguous"
    page.set("page.title", state, whole, whole, span(lines))
    if not page.has(_ID + "briefTitle"):
        page.set(_ID + "briefTitle", "ambiguous", whole, whole, span(lines))


def read_results(page: Page, part: Part) -> None:
    """Whether results are posted, derived from the notice in Study Results."""
    notices = [line for line in part.body if is_notice(line.text)]
    page.leave(part.key, [line for line in part.body if line not in notices] if notices else [])
    if not part.body:
        page.set("hasResults", "empty", lines=part.head_span)
        return
    if not notices:
        text = [line.text for line in part.body]
        page.set("hasResults", "ambiguous", None, text if len(text) > 1 else text[0], span(part.body))
        return
    said = {
        not line.text.startswith(NO_RESULTS_SENTENCE) and RESULTS_NOTICES[line.text.rstrip(".").casefold()]
        for line in notices
    }
    verbatim: Any = [line.text for line in notices] if len(notices) > 1 else notices[0].text
    # One line of notice needs the heading to say what it is about.
    vouching = notices if len(notices) > 1 or part.heading is None else [part.heading, *notices]
    if len(said) > 1:
        page.set("hasResults", "ambiguous", None, verbatim, span(vouching))
    else:
        page.set("hasResults", "derived", said.pop(), verbatim, span(vouching))


def read_basic(page: Page, part: Part) -> None:
    """Status, phase, enrollment, type, dates: labelled ones first, the others by shape and order."""
    found, rest = BASIC_TABLE.take(part.body)
    note_all(page, found)
    page.leave(part.key, unlabelled.read_basic(page, rest))


def read_design(page: Page, part: Part) -> None:
    """Allocation, model, purpose, masking, perspective."""
    found, rest = DESIGN_TABLE.take(part.body)
    note_all(page, found)
    page.leave(part.key, unlabelled.read_design(page, rest))


def read_text(page: Page, part: Part, field: str) -> None:
    """A section of prose, whole, with its paragraphs."""
    if not part.body:
        page.empty(part, field, labelled=True)
        return
    whole = page.text(part.body)
    page.set(field, "present", whole, whole, span(part.body), SECTIONS_BY_KEY[part.key])


# --- eligibility ----------------------------------------------------------------------------------------------------


def _is_tail_value(text: str) -> bool:
    if text in shapes.NULL_MARKERS or text in ("Yes", "No"):
        return True
    if shapes.age(text) is not None:
        return True
    return any(shapes.is_code(kind, text) for kind in _TAIL_KINDS[1:]) or (
        text.isupper() and len(text) < 40 and shapes.code_list("StandardAge", text) is not None
    )


def _tail_start(body: Sequence[Line]) -> int:
    """Where, below the criteria, ages, sex and healthy volunteers begin."""
    start = len(body)
    while start > 0:
        text = body[start - 1].text
        hit = ELIGIBILITY_TABLE.hit(text)
        above = ELIGIBILITY_TABLE.hit(body[start - 2].text) if start > 1 else None
        under_label = above is not None and above[1].rest is None
        if not (_is_tail_value(text) or under_label or (hit is not None and _is_real_label(hit, None))):
            break
        start -= 1
    while start < len(body) and body[start].text in shapes.NULL_MARKERS:
        # "Exclusion Criteria: / -" says that there are none; it is no age limit.
        start += 1
    for place, line in enumerate(body[:start]):
        hit = ELIGIBILITY_TABLE.hit(line.text)
        following = body[place + 1].text if place + 1 < len(body) else None
        if hit is not None and _is_real_label(hit, following):
            return place
    return start


def _is_real_label(hit: tuple[Any, Any], following: str | None) -> bool:
    """Whether a label in or under the criteria is one: "Sex" may head a criterion, "Minimum Eligible Age" does not."""
    slot, label = hit
    if " " not in label.name:
        return following is None or shapes.read(slot.kind, label.rest or following) is not None
    return True


def read_eligibility(page: Page, part: Part) -> CriteriaReading | None:
    """The criteria, whole and one by one, then the limits below them."""
    start = _tail_start(part.body)
    lines, tail = part.body[:start], part.body[start:]
    text = page.text(lines)
    reading: CriteriaReading | None = None
    if text is None:
        page.empty(part, _CRITERIA)
    else:
        reading = parse_criteria([(line.no, line.text) for line in lines])
        state = "damaged" if reading.damaged else "present"
        page.set(_CRITERIA, state, text, text, span(lines))
        _note_criteria(page, reading, lines)
    found: list[Found]
    found, rest = ELIGIBILITY_TABLE.take(tail)
    note_all(page, found)
    page.leave(part.key, unlabelled.read_eligibility(page, rest, _inclusion_text(reading)))
    return reading


def _inclusion_text(reading: CriteriaReading | None) -> str:
    return "\n".join(item.text or "" for item in reading.of("inclusion")) if reading is not None else ""


def _note_criteria(page: Page, reading: CriteriaReading, lines: Sequence[Line]) -> None:
    for kind in ("inclusion", "exclusion"):
        items, state = reading.of(kind), reading.states[kind]
        kept = [item for item in items if item.line_start is not None]
        if kept:
            place = (min(item.line_start or 0 for item in kept), max(item.line_end or 0 for item in kept))
            page.set(f"eligibility.{kind}", state, [item.value() for item in items], [item.raw for item in kept], place)
        elif state == "ambiguous":
            page.set(f"eligibility.{kind}", state, None, [line.text for line in lines], span(lines))
        elif state == "empty":
            no = reading.heading_lines[kind]
            page.set(f"eligibility.{kind}", state, lines=(no, no))
    for item in reading.items:
        entry = {
            "kind": item.kind,
            "number": item.number,
            "text": item.text,
            "damaged": item.damaged,
            "lineStart": item.line_start,
            "lineEnd": item.line_end,
        }
        page.criteria.append({key: value for key, value in entry.items() if value is not None})
