"""Lines of eligibility criteria find their place: rows that know what they are part of and what is lost.

Belongs here: the lists that are open while a text is read, and the row that each line makes. Does not: what a line is
(criterion_lines.py), where lines come from (criterion_tree.py).

A line belongs under the one above it that is less indented, that announces it with a colon, or whose list it interrupts
with a list of another form (1. → a. → i.). A list goes on where its form and number go on. Else lines are siblings.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.study.criterion_lines import NO_MARKER, Marker, inline_first, order_of, read_marker, roman, stand_inline
from pipelines.study.criterion_lists import ABOVE_ALL, Open, closed_to, out_of_order, resumes

MAX_DEPTH = 12
"""Levels that are told apart; deeper ones are siblings of the twelfth (2026-11: real texts have up to 6)."""
LARGEST_NUMBER = 2**31 - 1
"""What `number` holds: one record of CTIS with a larger one ended a whole run (2026-11)."""
WRAPPED_LINE = 50
"""Characters a line must have for one in small letters below it to be its rest and not a criterion of its own."""

_MULTI = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})+")
_COLONS = (":", "：")
_new = tuple.__new__


class CriterionRow(NamedTuple):
    """A criterion. Positions are 1-based, in the order of the text; `parent` is that of the one it is part of.

    `path`: 1-based places among siblings from the top ("3.1"). `numbering`: the same in the text's own numbers and
    letters ("2.a.ii"), None unless all have one. `nesting`: how the parent is known: indent, announced (by a colon),
    style (a list of another form within a numbered one), number (2.1 under 2), reader (it cut them as one). `damage`:
    number_missing, number_restarts, line_breaks_lost, text_lost; None where nothing seems lost. `line_no`: 1-based
    line of the text. Text that is lost is None.
    """

    position: int
    parent: int | None
    depth: int
    path: str
    kind: str
    number: int | None
    label: str | None
    numbering: str | None
    nesting: str | None
    indent: int | None
    heading: str | None
    text: str | None
    damage: str | None
    line_no: int | None


class Tree:
    """The rows so far and the lists that are open, outermost first: one for each level."""

    __slots__ = ("heading", "kind", "last_top", "open", "root", "rows")

    def __init__(self) -> None:
        self.rows: list[CriterionRow] = []
        self.open: list[Open] = []
        self.root = Open(ABOVE_ALL, "", 0, None)
        self.kind = "unknown"
        self.heading: str | None = None
        self.last_top = 0  # last number of the outermost list, which may go on below a paragraph

    def open_section(self, kind: str, heading: str | None) -> None:
        """What follows is of this kind; no list goes on."""
        self.kind, self.heading = kind, heading
        self.open.clear()

    def cut(self, number: int | None, text: str, damage: str | None) -> None:
        """A criterion that a reader has cut: a row at the top, under which the lists of its text hang. A number that
        no list comes to is none.
        """
        self.open.clear()
        if number is not None and abs(number) > LARGEST_NUMBER:
            number = None
        own = str(number)
        marker = NO_MARKER if number is None else Marker(f"{own}.", "1.", number, "", number, own)
        # One without a number is no paragraph, below which the numbers of a list above could go on.
        style = marker.style or "cut"
        self._row(Open(ABOVE_ALL, style, marker.value, None), True, 0, 0, marker, text, damage)

    def extend(self, words: str, joint: str) -> None:
        """More text of the last row."""
        row = self.rows[-1]
        damage = None if row.damage == "text_lost" and joint == " " else row.damage
        self.rows[-1] = row._replace(text=f"{row.text}{joint}{words}" if row.text else words, damage=damage)
        self.open[-1].announces = words[-1] in _COLONS

    def paragraph(self, no: int, indent: int, words: str, is_cut: bool) -> None:
        """A line without a marker: the rest of the item above, or a row that closes the lists it is not under."""
        if self.rows and not is_cut and self.continues(indent, words):
            self.extend(words, " ")
            return
        if indent <= 1:
            self.open.clear()
        while self.open and self.open[-1].indent >= indent:
            self.open.pop()
        frame = Open(indent if indent > 1 else ABOVE_ALL, "", 0, "indent" if self.open else None)
        self._row(frame, True, no, indent, NO_MARKER, words, "line_breaks_lost" if is_cut else None)
        if not frame.announces:
            self.open.pop()

    def continues(self, indent: int, words: str) -> bool:
        """Whether a line without a marker is the rest of the item right above: that is bare, or was wrapped."""
        row = self.rows[-1] if self.rows else None
        if row is None or row.label is None or not self.open or self.open[-1].position != row.position:
            return False
        if not row.text:
            return True
        return (
            (words[0].islower() or words[0] in "=<>≤≥")
            and len(row.text) >= WRAPPED_LINE
            and row.text[-1] not in ".;:!?,"
            and indent >= (row.indent or 0)
        )

    def item(self, no: int, indent: int, marker: Marker, words: str, damage: str | None) -> None:
        """A line with a marker: the next item of the list that is open, or one that has to find its list."""
        frame = self.open[-1] if self.open else None
        if frame is not None and frame.indent == indent and self.goes_on(frame, marker):
            self.next(frame, no, marker, words, damage)
        else:
            self._find_place(no, indent, marker, words, damage)

    @staticmethod
    def goes_on(frame: Open, marker: Marker) -> bool:
        """Whether the marker is plainly the next one of this list, whatever else is open."""
        return (
            frame.style == marker.style
            and (not marker.value or marker.value == frame.value + 1)
            and not frame.is_doubled
            and marker.style != "1.1"
        )

    def _find_place(self, no: int, indent: int, marker: Marker, words: str, damage: str | None) -> None:
        if marker.style == "1.1":
            marker, words = self.of_levels(marker, words)
            if marker.label is None:
                return self.paragraph(no, indent, words, damage is not None)
        elif marker.style.strip("().") in ("a", "A"):
            marker = self._settle_letter(marker)
        if marker.value == 2 and all(one.style != marker.style for one in self.open):
            self._set_first_apart(indent, marker)
        frame, broken = self._list_of(indent, marker)
        is_new = not self.open or self.open[-1] is not frame
        frame.value = marker.value
        self._row(frame, is_new, no, indent, marker, words, broken or damage)
        return None

    def _set_first_apart(self, indent: int, marker: Marker) -> None:
        """The first item of this list may stand in the line above, which announces it ("all of: a) asthma")."""
        row = self.rows[-1] if self.rows else None
        if row is None or not row.text or (self.open and self.open[-1].position != row.position):
            return
        if not self.open or (place := inline_first(row.text, marker.style)) is None:
            return
        end, start = place
        self.rows[-1] = row._replace(text=row.text[:end])
        self.open[-1].announces = True
        first = read_marker(row.text[end:start])._replace(style=marker.style, value=1)
        self._find_place(row.line_no or 0, indent, first, row.text[start:], "line_breaks_lost")

    def of_levels(self, marker: Marker, words: str) -> tuple[Marker, str]:
        """`2.1 text`: an item under 2 where 2 is open and this is its first or next one; else the number is text."""
        label = marker.label or ""
        match = _MULTI.search(label)
        assert match is not None, "the marker has several levels"
        *levels, value = (int(number) for number in match[0].split("."))
        style = "1." * len(levels) + "1"
        for frame in reversed(self.open):
            if (frame.style == style and value == frame.value + 1) or (
                value == 1 and frame.style != style and frame.value == levels[-1]
            ):
                return marker._replace(style=style), words
        bullet = label[: match.start()].strip()
        return (read_marker(bullet) if bullet else NO_MARKER), f"{label[match.start() :]} {words}"

    def _settle_letter(self, marker: Marker) -> Marker:
        """i, v and x are Roman numbers where a Roman list begins or goes on, and letters where a lettered one does."""
        letter = chr(ord("a") + marker.value - 1)
        if letter not in "ivx":
            return marker
        form = marker.style.replace("a", "i").replace("A", "I")
        for frame in reversed(self.open):
            if frame.style == marker.style and frame.value == marker.value - 1:
                return marker
            if frame.style == form and frame.value == roman(letter) - 1:
                return marker._replace(style=form, value=roman(letter))
        return marker._replace(style=form, value=1) if letter == "i" else marker

    def _list_of(self, indent: int, marker: Marker) -> tuple[Open, str | None]:
        """(the list the line is an item of, damage); lists it ends are closed, a new one is not open yet."""
        lists, style, value = self.open, marker.style, marker.value
        if style.startswith("1.1"):
            return self._list_of_levels(indent, marker), None
        while lists and lists[-1].indent > indent + 1:
            lists.pop()
        if value and value == self.last_top + 1 and order_of(style) == "1" and resumes(lists):
            lists.clear()
        level = len(lists)
        while level and lists[level - 1].indent >= max(indent - 1, 0):
            level -= 1
        beside = lists[level:]
        for one in beside:
            if one.style == style and (not value or value == one.value + 1):
                return closed_to(lists, one), None
        last = beside[-1] if beside else None
        if last and value <= 1 and (last.announces or (last.value and last.style != style and last.bullet != style)):
            made = Open(indent, style, value, "announced" if last.announces else "style")
            made.is_doubled = any(one.style == style for one in beside)
            return made, None
        for one in reversed(beside):
            if value and value == one.value + 1 and order_of(one.style) == order_of(style):
                return closed_to(lists, one), None
        if (found := out_of_order(lists, level, indent, marker, self.rows)) is not None:
            return found
        del lists[level:]
        return Open(indent, style, value, self._nesting()), self._late(marker)

    def _nesting(self) -> str | None:
        if not self.open:
            return None
        last = self.open[-1]
        return "indent" if last.indent >= 0 else "announced" if last.announces else "reader"

    def _list_of_levels(self, indent: int, marker: Marker) -> Open:
        for place in range(len(self.open) - 1, -1, -1):
            one = self.open[place]
            if one.style == marker.style and marker.value == one.value + 1:
                return closed_to(self.open, one)
            if marker.value == 1 and one.style != marker.style and one.value:
                del self.open[place + 1 :]
                break
        return Open(indent, marker.style, marker.value, "number" if self.open else None)

    def _late(self, marker: Marker) -> str | None:
        """Damage of a list that begins: with a number other than 1, unless the one above a paragraph goes on."""
        if marker.value <= 1 or marker.style[-2:-1] != "1" or marker.value == self.last_top + 1:
            return None
        if self.rows and stand_inline(self.rows[-1].text or "", marker.style, self.last_top + 1, marker.value):
            return None
        return "number_missing" if not self.open or self.open[-1].indent < 0 else None

    def _row(
        self, frame: Open, is_new: bool, no: int, indent: int, marker: Marker, words: str, damage: str | None
    ) -> None:
        """Write the row of a line whose list is `frame`, which is the last one open from now on."""
        lists = self.open
        if is_new:
            if len(lists) >= MAX_DEPTH:
                lists.pop()
            frame.above = lists[-1] if lists else self.root
            frame.depth = len(lists)
            frame.prefix = f"{frame.above.path}." if lists else ""
            if not lists:
                frame.nesting = None
            lists.append(frame)
        self.next(frame, no, marker, words, damage, indent)

    def next(
        self, frame: Open, no: int, marker: Marker, words: str, damage: str | None, indent: int | None = None
    ) -> None:
        """Write the row of the next item of an open list; every usual line ends here."""
        label, _, frame.value, frame.bullet, number, own, _ = marker
        above, rows = frame.above, self.rows
        above.children += 1
        frame.path = f"{frame.prefix}{above.children}"
        if own is None or above.written is None:
            frame.written = None
        elif above.written and marker.style[:3] != "1.1":
            frame.written = f"{above.written}.{own}"
        else:
            frame.written = own
        if number is not None and not frame.depth:
            self.last_top = number
        position = len(rows) + 1
        frame.position, frame.children, frame.announces = position, 0, words[-1:] in _COLONS
        rows.append(
            _new(
                CriterionRow,
                (
                    position, above.position, frame.depth, frame.path, self.kind, number, label, frame.written,
                    frame.nesting, frame.indent if indent is None else indent, self.heading, words or None,
                    damage if words else damage or "text_lost", no,
                ),
            )
        )  # fmt: skip
