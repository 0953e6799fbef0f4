"""Outcomes from the end points of the form, which are one text each.

Belongs here: cutting a text whose lines are all items of one list. Does not: guessing at others, which stay whole.
"""

from __future__ import annotations

import re

_NUMBERED = re.compile(
    r"(?P<number>[1-9][0-9]?)[ \t]?(?:\)|\.(?![0-9])|-(?=[ \t]))[ \t]*(?P<text>\S.*)",  # "2.5 mg" is no second item
    re.DOTALL,
)
_BULLETED = re.compile(r"(?P<bullet>[-•·*–▪])[ \t]*(?P<text>[^\W_0-9].*|[(\"“].*)", re.DOTALL)


def outcomes(measures: str | None, time_points: str | None) -> list[dict[str, str]]:
    """Outcomes of an end point text, each with the time points as they stand; none where there is no text."""
    if not measures:
        return []
    time_frame = {"timeFrame": " ".join(time_points.split())} if time_points else {}
    return [{"measure": item, **time_frame} for item in split_items(measures)]


def split_items(text: str) -> list[str]:
    """The items of a list numbered 1, 2, 3 … or bulleted alike; a line without a mark belongs to the item before it.

    The whole text is one item where it begins otherwise, where numbers do not follow each other, and where it has fewer
    than two items.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for pattern in (_NUMBERED, _BULLETED):
        items = _items(lines, pattern)
        if items is not None:
            return items
    return [" ".join(text.split())]


def _items(lines: list[str], pattern: re.Pattern[str]) -> list[str] | None:
    items: list[str] = []
    first = pattern.match(lines[0]) if lines else None
    if first is None:
        return None
    for line in lines:
        match = pattern.match(line)
        mark = match[1] if match else None
        if match is not None and mark == (str(len(items) + 1) if pattern is _NUMBERED else first[1]):
            items.append(" ".join(match["text"].split()))
        elif match is not None and pattern is _NUMBERED:
            return None
        else:
            items[-1] += " " + " ".join(line.split())
    return items if len(items) > 1 else None
