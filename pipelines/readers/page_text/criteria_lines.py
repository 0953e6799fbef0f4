"""The lines of a page's eligibility criteria: the heading each stands under, its marker and its text.

Belongs here: how headings are spelt, the forms of markers on pages. Does not: how lines make criteria (criteria.py),
the lines of texts that kept their form (study/criterion_lines.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_HEADING = re.compile(
    r"[\W_]{0,8}(?:\d{1,2}[.)] ?)?"
    r"(?:(?:key|main|major|general|core|principal|primary|study|patient|subject|participant|specific|common|donor)"
    r" ){0,2}"
    r"(?P<kind>inclusion|exclusion|non[- ]inclusion)(?P<criteria> criteri(?:a|on))?(?P<rest>.*)\Z",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    r"[\W_]{0,8}(?:eligibility criteria|inclusion (?:and|/|&) exclusion criteria|inclusion/exclusion(?: criteria)?)"
    r"[\W_]{0,6}\Z",
    re.IGNORECASE,
)
_HEADING_REST = re.compile(
    r"(?:(?: for| \(| are| include| \[|, | - ).{0,150})?(?:[:\uff1a][*_ ]{0,4})\Z", re.IGNORECASE
)
_BARE_REST = re.compile(r"[\s*_#:.\uff1a\-–]{0,8}\Z")
_INLINE_REST = re.compile(r"[*_ ]{0,4}[:\uff1a][*_ ]{0,4}(?P<text>\S.*)\Z")
_MARKER = re.compile(
    r"(?P<bullet>[*•·▪◦‣●○+–-][ \t]+)?"
    r"(?:(?P<number>\(?\d{1,3})(?:\\?\.|\\?\))(?=\s|[A-Z≥≤<>])"
    r"|(?P<letter>\(?[a-z])\\?[.)](?=\s)|(?P<roman>\(?(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2}))\\?[.)](?=\s))?[ \t]*"
)


@dataclass(slots=True)
class CriteriaLine:
    """A line that is no heading. `no`: 1-based; `indent`: blanks before it; `marker`: number, letter, bullet or None;
    `number`: that of a numbered item; `text`: what stands behind the marker."""

    no: int
    raw: str
    indent: int
    marker: str | None
    number: int | None
    text: str


@dataclass(slots=True)
class Group:
    """The lines under one heading (or before any)."""

    kind: str | None
    heading: int | None
    lines: list[CriteriaLine] = field(default_factory=list)


def heading_kind(text: str) -> tuple[str, str] | None:
    """(kind, text behind the heading on its line) of an inclusion or exclusion heading, in any usual spelling.

    None for any other line. The kind is "" for a heading of the whole ("Eligibility Criteria:").
    """
    if not any(word in text[:60].lower() for word in ("clusion", "eligib")):
        return None
    if _NEUTRAL.match(text):
        return "", ""
    match = _HEADING.match(text)
    if match is None:
        return None
    kind = "inclusion" if match["kind"].lower() == "inclusion" else "exclusion"
    rest = match["rest"]
    if _BARE_REST.match(rest) or (match["criteria"] and _HEADING_REST.match(rest)):
        return kind, ""
    inline = _INLINE_REST.match(rest)
    return (kind, inline["text"]) if inline is not None else None


def read_line(no: int, raw: str) -> CriteriaLine:
    """The line with its marker cut off; a line that is nothing but a marker is text."""
    stripped = raw.strip()
    indent = len(raw) - len(raw.lstrip(" \t"))
    match = _MARKER.match(stripped)
    if match is None or match.end() == 0 or match.end() == len(stripped):
        return CriteriaLine(no, raw, indent, None, None, stripped)
    text = stripped[match.end() :]
    if match["number"]:
        return CriteriaLine(no, raw, indent, "number", int(match["number"].lstrip("(")), text)
    if match["letter"] or match["roman"]:
        return CriteriaLine(no, raw, indent, "letter", None, text)
    return CriteriaLine(no, raw, indent, "bullet", None, text)


def read_groups(lines: Iterable[tuple[int, str]]) -> list[Group]:
    """The text in groups, from (line number, text) pairs; a group before any heading only where it has lines."""
    groups = [Group(None, None)]
    for no, raw in lines:
        stripped = raw.strip()
        if not stripped:
            continue
        heading = heading_kind(stripped)
        if heading is None:
            groups[-1].lines.append(read_line(no, raw.rstrip()))
            continue
        kind, rest = heading
        if kind:
            groups.append(Group(kind, no))
        if rest:
            groups[-1].lines.append(read_line(no, rest))
    return groups if groups[0].lines else groups[1:]
