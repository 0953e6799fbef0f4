"""The elements of a JSON list, cut out without parsing them, whatever the length of the list.

Belongs here: cutting, and going on after a broken element. Does not: what a study is; the reader gives a
Landmark.

Elements are found by their brackets alone, so what is wrong inside one stays inside it, unless its brackets
or quotes do not balance. Then it seems to swallow its neighbours. The landmark tells: the text with which
an element begins and which can stand nowhere else, because quotes within JSON strings are escaped. An
element that holds a second one, and is not valid JSON, is cut there.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import orjson

from pipelines.readers.json_scan import BracketScanner
from pipelines.readers.json_window import CHUNK_BYTES, SPACE, Fault, Piece, Window, json_fault
from pipelines.readers.reasons import MALFORMED_JSON, NOT_AN_OBJECT, RECORD_TOO_LARGE, TRUNCATED_JSON

FIRST_STEP = 8 * 1024
"""Scanning begins with short stretches and doubles them: starting over after a broken element then costs
little."""

_LIST_START, _LIST_END = ord("["), ord("]")
_DEEPEST = 1100  # orjson's own bound is 1,024
_OVERLAP = 256  # kept of data that are thrown away, lest a landmark be torn in two


@dataclass(frozen=True, slots=True)
class Landmark:
    """`begin` matches how an element begins; `key` is a word with quotes that each element has exactly
    once."""

    begin: re.Pattern[bytes]
    key: bytes


class ListSplitter:
    """Cuts the elements of one list from a window that stands just after the list's opening bracket.

    With `closes` False, the elements simply follow each other and the list ends with the stream. Memory
    stays within `record_bytes` and two chunks.
    """

    def __init__(self, window: Window, record_bytes: int, landmark: Landmark, *, closes: bool) -> None:
        self._window = window
        self._record_bytes = record_bytes
        self._landmark = landmark
        self._closes = closes
        self._distrusts = False
        self._begin_at(0)

    def _begin_at(self, index: int) -> None:
        """Start over at an index of the window, between elements."""
        self._window.drop(index)
        self._window.hold_back(CHUNK_BYTES)
        self._scanner = BracketScanner()
        self._step = FIRST_STEP
        self._scanned = 0
        self._gap_from = 0
        self._start: int | None = None
        self._skipping = False
        self._cleared = 0

    def pieces(self) -> Generator[Piece, None, bool]:
        """The elements in order, good and bad. Returns whether the list was closed; the window stands after
        it."""
        while True:
            data = self._window.data
            if self._scanned < len(data):
                closed = yield from self._scan(data[self._scanned : self._scanned + self._step])
                if closed:
                    return True
                self._step = min(self._step * 2, CHUNK_BYTES)
                if self._is_too_deep() and (piece := self._cut_unfinished()) is not None:
                    yield piece
                continue
            yield from self._look_at_unfinished()
            if self._scanned == len(self._window.data) and not self._window.more():
                restarted = yield from self._end()
                if not restarted:
                    return False

    def _scan(self, chunk: bytes) -> Generator[Piece, None, bool]:
        """Go on by one stretch; True when the list closes in it. Starting over ends the stretch early."""
        places, depths = self._scanner.feed(chunk)
        data, base = self._window.data, self._scanned
        self._scanned += len(chunk)
        first = self._start or 0
        turning = (depths <= 1).nonzero()[0]
        for place, depth in zip((places[turning] + base).tolist(), depths[turning].tolist(), strict=True):
            if depth == 1:
                if self._start is None:  # else a child of the element has ended
                    restarted = yield from self._gap(data[self._gap_from : place])
                    if restarted:
                        return False
                    self._start = first = place
            elif depth == 0:
                restarted = yield from self._element(place + 1)
                if restarted:
                    return False
                if self._closes and data[place] == _LIST_END and data[first] != _LIST_START:
                    self._window.drop(place + 1)
                    return True
            else:
                restarted = yield from self._gap(data[self._gap_from : place])
                if not restarted:  # a bracket that closes nothing is left for the caller to see
                    self._window.drop(place + 1 if self._closes else place)
                return not restarted
        return False

    def _element(self, end: int) -> Generator[Piece, None, bool]:
        """The element that ends before `end`; True when it was cut instead and scanning starts over."""
        start = self._start or 0
        raw = self._window.data[start:end]
        self._start = None
        self._gap_from = end
        if self._skipping:
            self._skipping = False
            inner = self._landmark.begin.search(raw)
            if inner is None:
                return False
            self._begin_at(start + inner.start())
            return True
        offset = self._window.offset + start
        if self._may_hold_two(raw, 0):
            inner = self._landmark.begin.search(raw, 1)
            if inner is not None and json_fault(raw) is not None:
                yield self._cut(start, start + inner.start())
                return True
        if raw[:1] == b"{":
            yield Piece(offset, raw if raw[-1] != _LIST_END else raw[:-1].rstrip(SPACE))
        else:
            yield Piece(offset, raw, json_fault(raw, offset) or Fault(NOT_AN_OBJECT, "not an object"))
        return False

    def _may_hold_two(self, data: bytes, start: int) -> bool:
        """Whether it is worth looking for a second beginning: there are two keys, or one and no proper beginning."""
        return data.count(self._landmark.key, start) > 1 or self._landmark.begin.match(data, start) is None

    def _cut(self, start: int, end: int) -> Piece:
        """The broken element from `start` up to the landmark at `end`, where scanning starts over."""
        self._distrusts = True
        offset = self._window.offset + start
        raw = self._window.data[start:end].rstrip(SPACE + b",[")
        fault = json_fault(raw, offset) or Fault(MALFORMED_JSON, f"not an element of the list, at byte {offset:,}")
        self._begin_at(end)
        return Piece(offset, raw, Fault(MALFORMED_JSON, fault.message))

    def _gap(self, gap: bytes) -> Generator[Piece, None, bool]:
        """What stands between two elements: a comma, or things that are no elements. True when scanning
        starts over."""
        text = gap.strip(SPACE)
        was_skipping, self._skipping = self._skipping, False
        if was_skipping or text in (b"", b","):
            return False
        offset = self._window.offset + self._gap_from
        inner = self._landmark.begin.search(gap)
        if inner is not None:
            yield self._cut(self._gap_from, self._gap_from + inner.start())
            return True
        yield from _not_elements(text.strip(SPACE + b","), offset)
        return False

    def _look_at_unfinished(self) -> Iterator[Piece]:
        """Before reading on: cut what certainly is broken, throw away what is too large, forget what is
        done."""
        if self._start is not None and not self._skipping:
            piece = self._cut_unfinished()
            if piece is not None:
                yield piece
                return
        data = self._window.data
        begin = self._gap_from if self._start is None else self._start
        if self._skipping:
            inner = self._landmark.begin.search(data, begin)
            if inner is not None:
                self._begin_at(inner.start())
                return
            keep = max(begin, len(data) - _OVERLAP)
        elif len(data) - begin > self._record_bytes:
            inner = self._landmark.begin.search(data, begin + 1)
            if inner is not None:
                yield self._cut(begin, inner.start())
                return
            yield self._too_large(begin)
            self._skipping = True
            keep = max(begin + 1, len(data) - _OVERLAP)
        else:
            keep = begin
        self._window.drop(keep)
        self._scanned -= keep
        self._cleared = max(0, self._cleared - keep)
        self._gap_from = 0
        if self._start is not None:
            self._start = 0

    def _too_large(self, begin: int) -> Piece:
        offset = self._window.offset + begin
        message = f"the element at byte {offset:,} is larger than the limit of {self._record_bytes:,} bytes"
        return Piece(offset, self._window.data[begin : begin + CHUNK_BYTES], Fault(RECORD_TOO_LARGE, message))

    def _is_too_deep(self) -> bool:
        """Whether an element is being scanned that no parser would take: elements that each hold the beginning of the
        next, and never end, are then cut one by one without going to the end of the file for each."""
        return self._start is not None and not self._skipping and self._scanner.depth > _DEEPEST

    def _cut_unfinished(self) -> Piece | None:
        """An element that has not ended yet but holds the beginning of another one, where that cannot be
        right."""
        data, start = self._window.data, self._start or 0
        if not self._may_hold_two(data, start):
            return None
        inner = self._landmark.begin.search(data, max(start + 1, self._cleared))
        if inner is None:
            return None
        if not self._distrusts and not self._is_too_deep() and _may_go_on(data[start : inner.end()]):
            self._cleared = inner.end()
            return None
        return self._cut(start, inner.start())

    def _end(self) -> Generator[Piece, None, bool]:
        """The stream has ended within the list; True when an unfinished element was cut and scanning starts
        over."""
        data = self._window.data
        if self._start is None and not self._closes:
            self._window.drop(self._gap_from)  # what is left, if anything, is for the caller to judge
            return False
        if self._start is None:
            restarted = yield from self._gap(data[self._gap_from :])
            if restarted:
                return True
            if self._closes and self._window.broken is None:
                at = self._window.offset + len(data)
                message = f"the list is never closed: the JSON text ends too early, at byte {at:,}"
                yield Piece(at, b"", Fault(TRUNCATED_JSON, message))
        elif not self._skipping:
            inner = self._landmark.begin.search(data, self._start + 1)
            if inner is not None:
                yield self._cut(self._start, inner.start())
                return True
            offset = self._window.offset + self._start
            message = f"the element that begins at byte {offset:,} does not end: the JSON text ends too early"
            yield Piece(offset, data[self._start :], self._window.broken or Fault(TRUNCATED_JSON, message))
            self._window.broken = None  # told, with this piece
        self._window.drop(len(data))
        return False


def _may_go_on(raw: bytes) -> bool:
    """Whether the beginning of a JSON text is right so far."""
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return "unexpected end" in error.msg
    return False


def _not_elements(text: bytes, offset: int) -> Iterator[Piece]:
    """Numbers, texts and literals where objects are due, or something that is no JSON at all."""
    try:
        values = orjson.loads(b"[" + text + b"]")
    except orjson.JSONDecodeError as error:
        yield Piece(offset, text, Fault(MALFORMED_JSON, f"not valid JSON near byte {offset:,}: {error.msg}"))
        return
    for value in values:
        raw = orjson.dumps(value)
        yield Piece(offset, raw, json_fault(raw, offset))
