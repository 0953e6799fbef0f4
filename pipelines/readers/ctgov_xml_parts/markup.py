"""Text of the legacy XML → CommonMark as API v2 writes it.

Belongs here: paragraphs, lists and the characters that CommonMark would take for its own. Does not: any other value.

The classic site laid out its text blocks with blanks: a paragraph at the block's margin, list items and what goes on
with them five columns further in for each level, lines wrapped at 100 characters. API v2 gives the same text as
CommonMark: one line a paragraph, `* ` or `1. ` before an item, inner lists under their item's text. Other elements
(descriptions of arms, outcomes, groups …) have no margin: there each line is a paragraph or an item. Compared with the
same studies in both formats, 2026-11.
"""

from __future__ import annotations

import re
from typing import Any

_SPECIAL = re.compile(r"[\\<>\[\]^*&~]")
_NUMBERED = re.compile(r"(?P<number>[0-9]{1,9})(?P<mark>[.)])(?=\s|\Z)")
_BULLET = re.compile(r"[-+](?=\s|\Z)")
_ITEM = re.compile(r"(?:(?P<bullet>[-*•]) +|(?P<number>[0-9]{1,3})\. +)(?=\S)")
_ITEM_LINE = re.compile(r"\n *(?:[-*•]|[0-9]{1,3}\.) +\S")
_BLANK_LINES = re.compile(r"\n(?: *\n)+")
_INDENTS = re.compile(r"\n( *)[^ \n]")
BULLET_MARK = "* "
_INDENT = 5
"""Columns by which the classic site set in each level of a list."""


Block = tuple[int, str, str]
"""A paragraph or a list item: its level (0 at the margin), its mark as CommonMark writes it, its words."""


def textblock(value: Any) -> str | None:
    """A text block as CommonMark. Line ends of any kind; None where there is nothing in it."""
    text = str(value)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in text:
        text = text.expandtabs(8)
    text = text.rstrip()
    margin = min(map(len, _INDENTS.findall(text)), default=0)
    first = text[: text.find("\n")] if "\n" in text else text
    if first.strip():
        text = " " * margin + text.lstrip()
    blocks: list[Block] = []
    for stretch in _BLANK_LINES.split(text):
        if "\n" in stretch and _ITEM_LINE.search(stretch):
            _read_lines(stretch.split("\n"), margin, blocks)
        else:
            _read_stretch(stretch, margin, blocks)
    return written(blocks) or None


def loose_textblock(value: Any) -> str | None:
    """A text block as it was submitted, as the archive has it: lines not wrapped, lists by their marks and indents."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").expandtabs(8)
    blocks: list[Block] = []
    indents: list[int] = []  # of the items that are open, outermost first
    for stretch in _BLANK_LINES.split(text):
        _read_loose(stretch, blocks, indents)
    return written(blocks) or None


def prose(value: Any) -> str | None:
    """The text of an element without a margin of its own as CommonMark: each line a paragraph or a list item."""
    text = str(value).strip()
    if "\n" not in text and "\r" not in text:
        return paragraph(text) or None
    blocks = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip():
            item = _ITEM.match(line.strip())
            if item is None:
                blocks.append((0, "", paragraph(line)))
            else:
                blocks.append((1, _mark(item), paragraph(line.strip()[item.end() :])))
    return written(blocks) or None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _read_stretch(stretch: str, margin: int, blocks: list[Block]) -> None:
    """The lines between two blank ones, none of which but the first begins an item."""
    line = stretch.lstrip("\n")
    stripped = line.strip()
    if not stripped:
        return
    indent = len(line) - len(line.lstrip()) - margin
    item = _ITEM.match(stripped) if indent > 0 or stripped.startswith("-  ") else None
    if item is None:
        blocks.append((max(0, indent) // _INDENT, "", paragraph(stripped)))
    else:
        level = max(1, (indent + item.end()) // _INDENT)
        blocks.append((level, _mark(item), paragraph(stripped[item.end() :])))


def _read_lines(lines: list[str], margin: int, blocks: list[Block]) -> None:
    """As _read_stretch, where a line within may begin an item: each such line ends what stands before it."""
    first = 0
    level, mark = 0, ""
    for number, line in enumerate(lines):
        stripped = line.strip()
        indent = _indent(line) - margin
        item = _ITEM.match(stripped) if indent > 0 or stripped.startswith("-  ") else None
        if item is None or (number > first and not _starts(indent, item, level, mark)):
            continue
        if number > first:
            _read_stretch("\n".join(lines[first:number]), margin, blocks)
        first, level, mark = number, max(1, (indent + item.end()) // _INDENT), _mark(item)
    _read_stretch("\n".join(lines[first:]), margin, blocks)


def _read_loose(stretch: str, blocks: list[Block], indents: list[int]) -> None:
    """Lines between two blank ones: each item is one with the deeper lines below it; other lines go together."""
    parts: list[str] = []
    level, mark = 0, ""
    for line in stretch.split("\n"):
        stripped = line.strip()
        if not stripped:
            continue
        indent, item = _indent(line), _ITEM.match(stripped)
        goes_on = item is None and parts and (not mark or indent > indents[-1]) and not parts[-1].endswith(":")
        if parts and not goes_on:
            blocks.append((level, mark, paragraph(" ".join(parts))))
            parts = []
        if item is not None:
            while indents and indents[-1] >= indent:
                indents.pop()
            indents.append(indent)
            level, mark = len(indents), _mark(item)
        elif not goes_on:
            indents.clear()
            level, mark = 0, ""
        parts.append(stripped[item.end() :] if item else stripped)
    if parts:
        blocks.append((level, mark, paragraph(" ".join(parts))))


def _starts(indent: int, item: re.Match[str], level: int, mark: str) -> bool:
    """Whether a line that looks like an item begins one, though no blank line stands before it."""
    return indent % _INDENT != 0 and item["bullet"] in ("-", None) and not (mark and indent == level * _INDENT)


def _mark(item: re.Match[str]) -> str:
    return f"{item['number']}. " if item["number"] else BULLET_MARK


def written(blocks: list[Block]) -> str:
    """The blocks as CommonMark: items of one list close together, everything else with an empty line between.

    A paragraph within an item does not end its list; one further out does.
    """
    out: list[str] = []
    inside: list[tuple[int, str]] = []  # level and mark of the items that are open, outermost first
    for level, mark, words in blocks:
        while inside and inside[-1][0] > level:
            inside.pop()
        goes_on = False
        if mark and inside and inside[-1][0] == level:
            goes_on = (inside.pop()[1] == BULLET_MARK) == (mark == BULLET_MARK)
        if out:
            out.append("\n" if goes_on else "\n\n")
        if inside:
            out.append(" " * sum(len(outer) for _, outer in inside))
        out.append(mark + words)
        if mark:
            inside.append((level, mark))
    return "".join(out)


def paragraph(text: str) -> str:
    """One paragraph: blanks as one, characters that CommonMark would read as its own with a backslash before them."""
    words = text.strip()
    if "  " in words or not words.isprintable():  # other blanks than the plain one are not printable
        words = " ".join(words.split())
    if _SPECIAL.search(words):
        words = _SPECIAL.sub(r"\\\g<0>", words)
    first = words[:1]
    if first.isdigit():
        numbered = _NUMBERED.match(words)
        if numbered is not None:
            return f"{numbered['number']}\\{words[numbered.end('number') :]}"
    elif first in ("-", "+") and _BULLET.match(words):
        return "\\" + words
    return words
