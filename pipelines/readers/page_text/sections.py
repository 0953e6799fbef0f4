"""Cut a page into its sections by headings and captions; cut a file into its pages where the headings start again.

Belongs here: lines, anchors, which line belongs to which section. Does not: what a section's lines mean.
A caption is the safest anchor: no record says that sentence. A heading without its caption counts only where its place
or what follows speaks for it, since prose has lines such as "Study Design" of its own. A section whose heading and
caption are both lost is still found where one of its lines could stand in no other (signatures.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from . import shapes
from .template import HEADINGS, NO_RESULTS_SENTENCE, ORDER, PAGE_ONLY_HEADINGS, RESULTS_NOTICES, SECTIONS, Section

NEWLINE = re.compile(r"\r\n|\n|\r")
_CAPTION_START = 12
_CAPTIONS: dict[str, list[Section]] = {
    section.caption[:_CAPTION_START].casefold(): [] for section in SECTIONS if section.caption
}
for _section in SECTIONS:
    if _section.caption:
        _CAPTIONS[_section.caption[:_CAPTION_START].casefold()].append(_section)
_HEADING_STARTS = tuple(section.heading for section in SECTIONS)
_CAPTION_MAX = 240
# How JSON, XML and quoted CSV begin; a title may begin with a bracket or a quote too.
_DATA_START = re.compile(r'\{|<[?!\w]|\[\s*[\[{"\]\d]|"[^"\n]*"[,;\t]')
_PROSE = frozenset({"summary", "description", "references", "results"})


class Line(NamedTuple):
    """A non-blank line: its 1-based number on the page and its text without surrounding white space.

    `end` is the last line's number where a label and its value on the next line were joined, else None.
    """

    no: int
    text: str
    end: int | None = None


@dataclass(slots=True)
class Part:
    """One section as it stands on the page. Heading and caption are None where they are lost."""

    key: str
    heading: Line | None
    caption: Line | None
    body: list[Line] = field(default_factory=list)

    @property
    def head_span(self) -> tuple[int, int]:
        """First and last line of heading and caption."""
        numbers = [line.no for line in (self.heading, self.caption) if line is not None]
        return (numbers[0], numbers[-1]) if numbers else (self.body[0].no, self.body[0].no)


class Anchor(NamedTuple):
    """A place where a section begins: index of its first line, how many lines are heading and caption."""

    at: int
    key: str
    heading: Line | None
    caption: Line | None
    size: int
    rest: Line | None
    """What stands behind the caption on the caption's own line."""

    @property
    def strong(self) -> bool:
        """Whether a caption (or, in Study Results, the notice) vouches for it."""
        return self.caption is not None or self.key == "results"


_BLANKS = {ord(blank): " " for blank in "\u00a0\u2007\u202f"}


def page_lines(text: str) -> list[str]:
    """All lines of a text, without their ends; a byte order mark is no part of the first."""
    return NEWLINE.split(plain_blanks(text.removeprefix("\ufeff")))


def plain_blanks(text: str) -> str:
    """The text with each blank that only forbids a line break as a plain one: text that is copied from a browser has
    them where the page has `&nbsp;`, within labels too. Every character stays at its place."""
    return text.translate(_BLANKS)


def content_lines(raw: Sequence[str]) -> list[Line]:
    """The non-blank lines, numbered from 1."""
    return [Line(no, stripped) for no, line in enumerate(raw, start=1) if (stripped := line.strip(" \t\u200b\ufeff"))]


def is_notice(text: str) -> bool:
    """Whether a line is one of the Study Results notices."""
    return text.rstrip(".").casefold() in RESULTS_NOTICES or text.startswith(NO_RESULTS_SENTENCE)


def caption_of(text: str) -> tuple[str, str] | None:
    """(section key, text behind the caption's full stop) when the line begins with a caption."""
    for section in _CAPTIONS.get(text[:_CAPTION_START].casefold(), ()):
        if text[: len(section.caption)].casefold() != section.caption.casefold():
            continue
        end = text.find(".", len(section.caption), _CAPTION_MAX)
        if end < 0:
            return (section.key, "") if len(text) <= _CAPTION_MAX else None
        return section.key, text[end + 1 :].strip()
    return None


def heading_of(text: str) -> str | None:
    """Section key when the line is a heading: its words alone, perhaps marked (`## …`, `**…**`) or with a colon."""
    if len(text) > 40:
        return None
    section = HEADINGS.get(text.strip("#*_ ").rstrip(":").casefold())
    return None if section is None else section.key


def _joined_heading(line: Line) -> tuple[Line, str, str] | None:
    """Heading and caption on one line: (heading, section key, text behind the caption)."""
    for heading in _HEADING_STARTS:
        if line.text.startswith(heading):
            found = caption_of(line.text[len(heading) :].lstrip(" :.-"))
            if found is not None and found[0] == HEADINGS[heading.casefold()].key:
                return Line(line.no, heading), *found
    return None


def _strong_at(lines: Sequence[Line], index: int) -> Anchor | None:
    line = lines[index]
    following = lines[index + 1] if index + 1 < len(lines) else None
    key = heading_of(line.text)
    if key == "results":
        return Anchor(index, key, line, None, 1, None) if following and is_notice(following.text) else None
    if key is not None and following is not None and (found := caption_of(following.text)) and found[0] == key:
        rest = Line(following.no, found[1]) if found[1] else None
        return Anchor(index, key, line, following, 2, rest)
    if (alone := caption_of(line.text)) is not None:
        return Anchor(index, alone[0], None, line, 1, Line(line.no, alone[1]) if alone[1] else None)
    if len(line.text) > 30 and (joined := _joined_heading(line)) is not None:
        heading, key, behind = joined
        return Anchor(index, key, heading, line, 1, Line(line.no, behind) if behind else None)
    return None


def strong_anchors(lines: Sequence[Line]) -> list[Anchor]:
    """Every place whose caption (or results notice) is there, in page order, repeats included."""
    found: list[Anchor] = []
    index = 0
    while index < len(lines):
        anchor = _strong_at(lines, index)
        if anchor is None and is_notice(lines[index].text):
            anchor = Anchor(index, "results", None, None, 0, None)
            if found and found[-1].key == "results":
                anchor = None
        if anchor is not None:
            found.append(anchor)
        index += max(1, anchor.size if anchor is not None else 1)
    return found


def _is_sentence(text: str) -> bool:
    return len(text) > 160 or (text.endswith((".", ";")) and text.count(" ") > 8)


def _may_follow(key: str, following: Line | None) -> bool:
    """Whether a line can be the first line of a section, for a heading that lost its caption."""
    if following is None or key in _PROSE or heading_of(following.text) or caption_of(following.text):
        return True
    return key == "eligibility" or not _is_sentence(following.text)


def _weak_anchors(lines: Sequence[Line], strong: Sequence[Anchor]) -> list[Anchor]:
    """Headings without a caption that stand where the template has them."""
    known = {anchor.key for anchor in strong}
    taken = {anchor.at + step for anchor in strong for step in range(anchor.size)}
    found: list[Anchor] = []
    for index, line in enumerate(lines):
        key = heading_of(line.text)
        if key is None or index in taken or key in known:
            continue
        following = lines[index + 1] if index + 1 < len(lines) else None
        before = max((a for a in strong if a.at < index), key=lambda a: a.at, default=None)
        after = min((a for a in strong if a.at > index), key=lambda a: a.at, default=None)
        in_order = (before is None or ORDER[before.key] < ORDER[key]) and (
            after is None or ORDER[key] < ORDER[after.key]
        )
        at_home = in_order or (before is not None and before.key not in _PROSE)
        if at_home and line.text.strip("# ") == SECTIONS[ORDER[key]].heading and _may_follow(key, following):
            known.add(key)
            found.append(Anchor(index, key, line, None, 1, None))
    return found


def find_parts(lines: Sequence[Line]) -> tuple[list[Line], list[Part], list[Part]]:
    """(lines before the first section, sections in page order, repeated sections that one page cannot have)."""
    strong = strong_anchors(lines)
    anchors = sorted([*strong, *_weak_anchors(lines, strong)], key=lambda anchor: anchor.at)
    preamble = list(lines[: anchors[0].at]) if anchors else list(lines)
    parts: list[Part] = []
    repeats: list[Part] = []
    seen: set[str] = set()
    for place, anchor in enumerate(anchors):
        end = anchors[place + 1].at if place + 1 < len(anchors) else len(lines)
        body = ([anchor.rest] if anchor.rest is not None else []) + list(lines[anchor.at + anchor.size : end])
        part = Part(anchor.key, anchor.heading, anchor.caption, body)
        (repeats if anchor.key in seen else parts).append(part)
        seen.add(anchor.key)
    return preamble, parts, repeats


def section_table(parts: Sequence[Part]) -> list[dict[str, object]]:
    """The template's headings in order, each with `present` and, where it is, its line, caption and caption line."""
    by_key = {part.key: part for part in parts}
    table: list[dict[str, object]] = []
    for section in SECTIONS:
        part = by_key.get(section.key)
        if part is None or (part.heading is None and part.caption is None):
            table.append({"heading": section.heading, "present": False})
            continue
        heading, caption = part.heading, part.caption
        table.append(
            {
                "heading": section.heading,
                "present": True,
                "line": heading.no if heading else None,
                "caption": caption.text if caption else None,
                "caption_line": caption.no if caption else None,
            }
        )
    return table


def looks_like_page_text(head: str) -> bool:
    """Whether a text (or its beginning) is a registry study page: by its captions and headings on lines of their own.

    True on one caption or results notice with its heading, on "NCT ID:" and "Last Updated:" lines together, or on four
    headings of which one is used by such pages only. JSON, XML and CSV never are.
    """
    if _DATA_START.match(head.removeprefix("\ufeff").lstrip()[:2000]):
        return False
    lines = content_lines(page_lines(head))
    headings: set[str] = set()
    labels: set[str] = set()
    for index, line in enumerate(lines):
        if (anchor := _strong_at(lines, index)) is not None and (anchor.heading is not None or anchor.size):
            return True
        if line.text.startswith(NO_RESULTS_SENTENCE):
            return True
        key = heading_of(line.text)
        if key is not None and line.text == SECTIONS[ORDER[key]].heading:
            headings.add(key)
        name, _, value = line.text.partition(": ")
        if (name == "NCT ID" and shapes.is_nct(value)) or (name == "Last Updated" and shapes.iso_date(value)):
            labels.add(name)
    return len(labels) == 2 or (len(headings) >= 4 and bool(headings & PAGE_ONLY_HEADINGS))
