"""Eligibility criteria → rows in the order of the text: a tree, with the kind of each criterion and what is lost.

Belongs here: walking through a text, or through what a reader has cut. Does not: what a line is (criterion_lines.py),
where it hangs (criterion_rows.py), pages that lost their headings (readers/page_text), tables (staging/criteria.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from pipelines.study.criterion_lines import (
    GLYPHS,
    LINES,
    NO_MARKER,
    Marker,
    glyph_parts,
    has_words,
    heading,
    inline_bullets,
    inline_heading,
    inline_numbers,
    read_marker,
    unescape,
)
from pipelines.study.criterion_rows import MAX_DEPTH, CriterionRow, Tree

__all__ = ["MAX_DEPTH", "CriterionRow", "CutCriterion", "split_cut", "split_text"]

_GLYPHS = frozenset(GLYPHS)


class CutCriterion(NamedTuple):
    """A criterion that a reader has cut out; its text may hold the lines of a list."""

    kind: str | None
    number: int | None
    text: str | None
    is_damaged: bool


def split_text(text: str) -> list[CriterionRow]:
    """Rows of a whole text with its headings, which are no rows.

    Never raises; a text without structure gives its lines, of kind unknown.
    """
    tree = Tree()
    text = text.replace("\r", "") if "\r" in text else text
    has_glyphs = not _GLYPHS.isdisjoint(text)
    parts: list[str] = []
    lists, goes_on, put = tree.open, tree.goes_on, tree.next
    for no, (blanks, written, rest) in enumerate(LINES.findall(text), start=1):
        words = rest.rstrip()
        if has_glyphs:
            words, *parts = glyph_parts(words) or [""]
        if words and (words[0].isalpha() or has_words(words)):
            if "\\" in words:
                words = unescape(words)
            if "clusion" in words or "CLUSION" in words or words[-1] in ":：":
                _maybe_heading(tree, no, len(blanks), read_marker(written), words)
            elif written:
                marker = read_marker(written)
                frame = lists[-1] if lists else None
                if (
                    frame is not None
                    and frame.indent == len(blanks)
                    and goes_on(frame, marker)
                    and not (marker.second_next and marker.second_next in words)
                    and marker.style != "-"
                ):
                    put(frame, no, marker, words, None)
                else:
                    _item(tree, no, len(blanks), marker, words, None)
            else:
                tree.paragraph(no, len(blanks), words, False)
        elif written and (marker := read_marker(written)).value:
            tree.item(no, len(blanks), marker, "", None)
        for part in parts:
            _part(tree, no, len(blanks), part)
    return tree.rows


def split_cut(items: Iterable[CutCriterion]) -> list[CriterionRow]:
    """Rows of criteria that a reader has cut: each with the lists within its text under it, nesting `reader`.

    Lines without a marker stay with the item above them. A criterion whose text begins with the first item of such a
    list has lost its own: its text is None, its damage text_lost; a single marker makes no list, and is text. Label,
    indent, heading and line are None at the top: the reader has settled them.
    """
    tree = Tree()
    for item in items:
        _cut_item(tree, item)
    return [row._replace(indent=None, line_no=None, label=row.label if row.depth else None) for row in tree.rows]


def _cut_item(tree: Tree, item: CutCriterion) -> None:
    tree.open_section(item.kind or "unknown", None)
    parts = [part for line in (item.text or "").split("\n") for part in glyph_parts(line)]
    found = [LINES.findall(part)[0] for part in parts]
    lines = [(read_marker(written), unescape(rest.strip())) for _, written, rest in found]
    lines = [(marker, rest) for marker, rest in lines if marker.value or has_words(rest)]
    stem = ""
    if lines and not _is_list(lines):
        marker, rest = lines.pop(0)
        stem = f"{marker.label} {rest}" if marker.label else rest
    tree.cut(item.number, stem, "text_lost" if item.is_damaged else None)
    for marker, rest in lines:
        if marker.style == "1.1":  # without the list that it goes on, the number is text of this criterion
            marker, rest = tree.of_levels(marker, rest)
        if marker.label is not None:
            _item(tree, 0, 0, marker, rest, None)
        else:
            tree.extend(rest, "\n")


def _is_list(lines: list[tuple[Marker, str]]) -> bool:
    """Whether the first line is the first item of a list: one that goes on."""
    first = lines[0][0]
    return first.value == 1 and any(marker.style == first.style for marker, _ in lines[1:])


def _maybe_heading(tree: Tree, no: int, indent: int, marker: Marker, words: str) -> None:
    cut = inline_heading(words, marker.label)
    if cut:
        _line(tree, no, indent, marker, words[:cut].rstrip(), False)
        _line(tree, no, 0, NO_MARKER, words[cut:].strip(), True)
    else:
        _line(tree, no, indent, marker, words, False)


def _line(tree: Tree, no: int, indent: int, marker: Marker, words: str, is_cut: bool) -> None:
    """Take a line that may be a heading; one that goes on with the sentence above it is none."""
    head = heading(words, marker.label, indent)
    is_rest = marker.label is None and "crit" not in words and tree.continues(indent, words)
    if head is None or is_rest:
        _text(tree, no, indent, marker, words, is_cut)
        return
    kind, behind = head
    tree.open_section(kind, words)
    if behind:
        _, written, rest = LINES.findall(behind)[0]
        if has_words(rest):
            _text(tree, no, indent, read_marker(written), rest.strip(), False)


def _text(tree: Tree, no: int, indent: int, marker: Marker, words: str, is_cut: bool) -> None:
    if marker.label is None:
        tree.paragraph(no, indent, words, is_cut)
    else:
        _item(tree, no, indent, marker, words, "line_breaks_lost" if is_cut else None)


def _part(tree: Tree, no: int, indent: int, part: str) -> None:
    """A part of a line that begins with a bullet."""
    _, written, rest = LINES.findall(part)[0]
    marker = read_marker(written)
    if marker.value or has_words(rest):
        tree.item(no, indent, marker, unescape(rest.rstrip()), "line_breaks_lost")


def _item(tree: Tree, no: int, indent: int, marker: Marker, words: str, damage: str | None) -> None:
    """A line with a marker, which may hold items that were run together."""
    value = marker.value
    ends: list[int] = []
    if value:
        if marker.second_next and marker.second_next in words:
            ends = inline_numbers(words, value)
    elif marker.style == "-" and "-" in words:
        ends = inline_bullets(words)
    if not ends:
        tree.item(no, indent, marker, words, damage)
        return
    parts = [words[start:end].strip() for start, end in pairwise([0, *ends, len(words)])]
    tree.item(no, indent, marker, parts[0], damage)
    for part in parts[1:]:
        _, written, rest = LINES.findall(part)[0]
        tree.item(no, indent, read_marker(written), rest, "line_breaks_lost")
