"""The lists that are open while a text of eligibility criteria is read.

Belongs here: what is remembered of a list. Does not: which line goes on which list (criterion_rows.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.study.criterion_lines import Marker, order_of, stand_inline

if TYPE_CHECKING:
    from pipelines.study.criterion_rows import CriterionRow

ABOVE_ALL = -9
"""Indentation of a line that announces lists at the margin."""


class Open:
    """A list that may go on: the form and place of its last item, and what its items are part of (`above`)."""

    __slots__ = (
        "above", "announces", "bullet", "children", "depth", "indent", "is_doubled", "nesting", "path", "position",
        "prefix", "style", "value", "written",
    )  # fmt: skip

    above: Open
    written: str | None

    def __init__(self, indent: int, style: str, value: int, nesting: str | None) -> None:
        self.indent, self.style, self.value, self.nesting = indent, style, value, nesting
        self.position: int | None = None
        self.children, self.depth = 0, -1
        self.path = self.bullet = self.prefix = self.written = ""
        self.announces = self.is_doubled = False


def closed_to(lists: list[Open], one: Open) -> Open:
    """Close what is open within `one`, and give it back."""
    del lists[lists.index(one) + 1 :]
    return one


def resumes(lists: list[Open]) -> bool:
    """Whether a paragraph at the margin announced lists of another form, so that a number goes on above it."""
    return len(lists) > 1 and lists[0].style == "" and order_of(lists[1].style) != "1"


def out_of_order(
    lists: list[Open], level: int, indent: int, marker: Marker, rows: Sequence[CriterionRow]
) -> tuple[Open, str | None] | None:
    """(the list of its form that a number belongs to which is not the next one of the innermost, damage); else None.

    `level`: how many of the lists are less indented than it.
    """
    beside = lists[level:]
    for one in reversed(lists[:level] if beside else ()):
        if marker.value > 1 and one.style == marker.style and marker.value == one.value + 1:
            one.indent = indent  # its items are indented like those of the list within
            return closed_to(lists, one), None
    for one in reversed(beside):
        if marker.value and one.style == marker.style:
            return closed_to(lists, one), _broken(one, marker.value, rows[(one.position or 1) - 1 :])
    return None


def _broken(one: Open, value: int, since: Sequence[CriterionRow]) -> str | None:
    """What a number that is not the next one of its list says is lost; `since`: the rows from its last item on.

    A list that the line above announces begins anew, and numbers that stand in the texts above are there.
    """
    if value <= one.value:
        return None if value == 1 and (since[-1].text or "").endswith((":", "：")) else "number_restarts"
    texts = " ".join(row.text or "" for row in since)
    return None if stand_inline(texts, one.style, one.value + 1, value) else "number_missing"
