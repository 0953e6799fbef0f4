"""The eligibility criteria of a page → single criteria, with their kind, number and damage.

Belongs here: which lines are one criterion, which list it is on, what is lost. Does not: what a line is
(criteria_lines.py), where the text stands on the page (prose.py), texts that kept their form and lists in lists
(study/criterion_tree.py), what a criterion means medically.

Structure is all that is used: headings, list markers, numbers. A number that falls back to an earlier one, where no
exclusion heading is left, is the boundary between the two lists; numbers that are skipped are criteria that were lost.
Where the structure does not tell, the kind is `unknown` and the state `ambiguous`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.study.criterion_lines import unescape

from .criteria_lines import CriteriaLine, Group, read_groups

MAX_LOST = 50
"""A number that skips more than this is no numbering (2026-11: the longest numbered list seen has 44 items)."""

_INLINE_ROMAN = re.compile(r"(?<=[:;]) \(?(?=i\\?[.)] )")
_ROMAN = re.compile(r"\(?(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})\\?[.)]\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. `text` is unescaped and without its marker, None when the criterion was lost.

    `raw` holds its lines as they stand, `number` its number in a numbered list. `tree` lists lettered alternatives
    (`{"k": "a", "text": …, "items": [roman sub-items]}`) where it has them.
    """

    kind: str
    number: int | None
    text: str | None
    raw: str | None = None
    damaged: bool = False
    line_start: int | None = None
    line_end: int | None = None
    tree: tuple[dict[str, Any], ...] = ()

    def value(self) -> dict[str, Any]:
        """The criterion as `{"n", "text"}`, with `damaged` and `tree` where they say something."""
        found: dict[str, Any] = {"n": self.number, "text": self.text}
        if self.damaged and self.text is not None:
            found["damaged"] = True
        if self.tree:
            found["tree"] = [dict(node) for node in self.tree]
        return found


@dataclass(slots=True)
class CriteriaReading:
    """All criteria of a text in order; `states` by kind (inclusion, exclusion); `damaged`: something of it is lost."""

    items: list[Criterion] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    heading_lines: dict[str, int] = field(default_factory=dict)
    damaged: bool = False

    def of(self, kind: str) -> list[Criterion]:
        """The criteria of one kind."""
        return [item for item in self.items if item.kind == kind]


@dataclass(slots=True)
class _Item:
    number: int | None
    lines: list[CriteriaLine]
    damaged: bool = False


def _top_marker(lines: Sequence[CriteriaLine]) -> tuple[str | None, int]:
    """(marker of the outermost list, its indentation)."""
    marked = [line for line in lines if line.marker in ("number", "bullet")] or [line for line in lines if line.marker]
    if not marked:
        return None, 0
    indent = min(line.indent for line in marked)
    return next(line.marker for line in marked if line.indent == indent), indent


def _is_label(lines: Sequence[CriteriaLine], place: int, top: str | None) -> bool:
    """A line such as "Part B:" between two list items belongs to neither."""
    line = lines[place]
    following = lines[place + 1] if place + 1 < len(lines) else None
    return line.marker is None and line.text.endswith(":") and following is not None and following.marker == top


def _items(lines: Sequence[CriteriaLine]) -> tuple[list[CriteriaLine], list[_Item]]:
    """(lines before the first item, items of the outermost list)."""
    top, indent = _top_marker(lines)
    if top is None:
        return [], [_Item(None, [line]) for line in lines]
    lead: list[CriteriaLine] = []
    items: list[_Item] = []
    nested: list[int] = []
    for place, line in enumerate(lines):
        starts = line.marker == top and line.indent <= indent + 1
        if starts and top == "number" and items and _is_nested(line, items, nested):
            starts = False
        if starts:
            items.append(_Item(line.number, [line]))
        elif not items:
            lead.append(line)
        elif not _is_label(lines, place, top):
            items[-1].lines.append(line)
    return lead, items


def _is_nested(line: CriteriaLine, items: Sequence[_Item], nested: list[int]) -> bool:
    """Whether a number belongs to a list inside the current item that lost its indentation ("…, such as:", 1., 2.)."""
    outer = items[-1].number or 0
    number = line.number or 0
    if not nested:
        if number == 1 and outer >= 1 and items[-1].lines[-1].text.endswith(":"):
            nested.append(1)
            return True
        return False
    if number == nested[-1] + 1 and number != outer + 1:
        nested[-1] = number
        return True
    nested.clear()
    return False


def _segments(items: Sequence[_Item]) -> list[list[_Item]]:
    """Cut a list of items where its numbers fall back."""
    segments: list[list[_Item]] = [[]]
    last: int | None = None
    for item in items:
        if item.number is not None and last is not None and item.number <= last:
            segments.append([])
        segments[-1].append(item)
        last = item.number if item.number is not None else last
    return segments


def _at_gap(items: Sequence[_Item]) -> list[list[_Item]]:
    """Cut a list of bullets, otherwise without blank lines, at its one blank line; whole when there is none."""
    if any(item.number is not None for item in items):
        return [list(items)]
    gaps = [place for place in range(1, len(items)) if items[place].lines[0].no - items[place - 1].lines[-1].no > 1]
    if len(gaps) != 1 or len(items) < 3:
        return [list(items)]
    return [list(items[: gaps[0]]), list(items[gaps[0] :])]


def _lettered(lines: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Lettered alternatives with roman sub-items, () where the lines hold no list that begins with a."""
    nodes: list[dict[str, Any]] = []
    for raw in lines:
        line = unescape(raw)
        expected = chr(ord("a") + len(nodes)) if len(nodes) < 26 else ""
        plain = line.lstrip("(")
        if expected and plain[:1].lower() == expected and plain[1:3] in (". ", ") "):
            text, _, first = _cut_inline_roman(plain[3:])
            nodes.append({"k": expected, "text": text, "items": [first] if first else []})
        elif nodes and (roman := _ROMAN.match(line)) is not None:
            nodes[-1]["items"].append(line[roman.end() :])
        elif nodes and nodes[-1]["items"]:
            nodes[-1]["items"][-1] += "\n" + line
        elif nodes:
            nodes[-1]["text"] += "\n" + line
    return tuple(nodes) if len(nodes) > 1 else ()


def _cut_inline_roman(text: str) -> tuple[str, bool, str]:
    match = _INLINE_ROMAN.search(text)
    if match is None:
        return text, False, ""
    tail = text[match.end() :]
    roman = _ROMAN.match(tail)
    return text[: match.start()], True, tail[roman.end() :] if roman else tail


def _criterion(kind: str, item: _Item) -> Criterion:
    # A damaged first item has lost the line with its own marker: what is left is kept with the markers it has.
    first = item.lines[0].raw.strip() if item.damaged or item.lines[0].marker == "letter" else item.lines[0].text
    texts = [first, *(line.raw.strip() for line in item.lines[1:])]
    return Criterion(
        kind=kind,
        number=item.number,
        text=unescape("\n".join(texts)),
        raw="\n".join(line.raw for line in item.lines),
        damaged=item.damaged,
        line_start=item.lines[0].no,
        line_end=item.lines[-1].no,
        tree=_lettered(texts),
    )


def _with_losses(kind: str, items: Sequence[_Item], from_one: bool) -> list[Criterion]:
    """The criteria of one run of numbers, the skipped ones put in as lost."""
    found: list[Criterion] = []
    last: int | None = 0 if from_one else None
    for item in items:
        if item.number is not None:
            if last is not None and 1 < item.number - last <= MAX_LOST:
                found += [Criterion(kind, number, None, damaged=True) for number in range(last + 1, item.number)]
            last = item.number
        found.append(_criterion(kind, item))
    return found


def _lead_item(lead: Sequence[CriteriaLine], items: Sequence[_Item]) -> list[_Item]:
    """What the lines before the first marked item are: an introduction (no item), or an item without its marker."""
    if not lead:
        return []
    first = items[0].number if items else None
    if first == 2:
        return [_Item(1, list(lead), damaged=True)]
    if first is not None and first > 2:
        return [_Item(None, list(lead), damaged=True)]
    return [] if lead[-1].text.endswith(":") else [_Item(None, [line]) for line in lead]


def parse_criteria(lines: Iterable[tuple[int, str]]) -> CriteriaReading:
    """Read criteria from (line number, text) pairs; blank lines may be among them, indentation helps.

    Never raises. A text without any structure gives its lines as criteria of unknown kind.
    """
    groups = read_groups(lines)
    reading = CriteriaReading()
    headed: set[str | None] = {group.kind for group in groups if group.kind}
    for group in groups:
        if group.kind:
            reading.heading_lines.setdefault(group.kind, group.heading or 0)
    unlabelled: set[str] = set()
    for place, group in enumerate(groups):
        lead, items = _items(group.lines)
        segments = _segments(items)
        kinds = _kinds(group, headed, len(segments), place)
        if kinds == ["inclusion"] and "exclusion" not in headed and len(parts := _at_gap(items)) == 2:
            # What stands below the gap may be the exclusion list that lost its heading, or a second inclusion list.
            segments, kinds = parts, ["inclusion", "unknown"]
        for number, (kind, segment) in enumerate(zip(kinds, segments, strict=True)):
            leading = _lead_item(lead, items) if number == 0 else []
            starts_new_list = number == 0 or kind != kinds[number - 1]
            from_one = starts_new_list and kind != "unknown" and (not leading or leading[0].number == 1)
            reading.items += _with_losses(kind, [*leading, *segment], from_one)
            if kind != group.kind:
                unlabelled.add(kind)
    lost_heading = "exclusion" in unlabelled
    _set_states(reading, headed, unlabelled)
    reading.damaged = lost_heading or any(item.damaged for item in reading.items)
    return reading


def _kinds(group: Group, headed: set[str | None], segments: int, place: int) -> list[str]:
    """The kind of each run of numbers in a group."""
    if group.kind is None:
        if place == 0 and headed == {"exclusion"}:
            return ["inclusion"] * segments
        if not headed and segments == 2:
            return ["inclusion", "exclusion"]
        return ["unknown"] * segments
    if group.kind == "inclusion" and "exclusion" not in headed and segments > 1:
        return ["inclusion", "exclusion"] if segments == 2 else ["inclusion"] + ["unknown"] * (segments - 1)
    return [group.kind] * segments


def _set_states(reading: CriteriaReading, headed: set[str | None], unlabelled: set[str]) -> None:
    unknown = bool(reading.of("unknown"))
    for kind in ("inclusion", "exclusion"):
        items = reading.of(kind)
        if any(item.damaged for item in items):
            state = "damaged"
        elif items:
            state = "present_unlabelled" if kind in unlabelled else "present"
        elif unknown and kind not in headed:
            state = "ambiguous"
        else:
            state = "empty" if kind in headed else "absent"
        reading.states[kind] = state
