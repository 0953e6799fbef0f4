"""The lists that are open while a text of eligibility criteria is read.

Belongs here: what is remembered of a list. Does not: which line goes on which list (criterion_rows.py).
"""

from __future__ import annotations

from pipelines.study.criterion_lines import order_of

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
