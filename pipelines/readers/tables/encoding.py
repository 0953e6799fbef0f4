"""In which encoding a table's bytes are, and the bytes as text.

Belongs here: byte order marks, telling UTF-8 from what spreadsheets save, pieces of text cut at line ends. Does not:
rows and fields (rows.py).

A file without a byte order mark says nothing about its encoding until its first byte beyond ASCII. The piece of the
file that holds it decides: UTF-8 where it has any sequence that only UTF-8 makes, else Windows-1252 (what spreadsheet
programs save as "CSV" in western Europe and America) where it reads as western text, else the file is refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.landing.member import MemberError
from pipelines.readers.format_guess import is_utf16
from pipelines.readers.json_window import Fault
from pipelines.readers.reasons import NOT_UTF8

PIECE_BYTES = 256 * 1024
ASCII, UTF8, CP1252 = "ascii", "utf-8", "cp1252"
_BOMS = {codecs.BOM_UTF8: UTF8, codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_LONGEST_RUN = 2
_MOST_LONG_RUNS = 0.1
_MOST_RARE = 0.25
_MOST_CHANCE_SEQUENCES = 0.01
_RARE_LETTERS = frozenset(b"\x83\x88\x8a\x8c\x8e\x98\x9a\x9c\x9e\x9f")
_UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")
_RETURN = re.compile(r"\r(?!\n)")
_HIDDEN = "\ue00d"
"""Stands for a lone carriage return while text is parsed: no character of any language."""


class TableFault(Exception):
    """The member is no table that can be read (any further); `fault` has the reason code and a sentence, `line` the
    place where it is known."""

    def __init__(self, fault: Fault, line: int | None = None) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.line = line


def by_bom(head: bytes) -> tuple[str | None, int]:
    """(codec, length of the mark) of content that begins with a byte order mark, else (None, 0).

    Raises TableFault (`not_utf8`) for UTF-32, and for UTF-16 that has no mark.
    """
    if head.startswith(_UTF32):
        raise TableFault(Fault(NOT_UTF8, "text in UTF-32; save it as UTF-8"))
    for mark, name in _BOMS.items():
        if head.startswith(mark):
            return name, len(mark)
    if is_utf16(head):
        raise TableFault(Fault(NOT_UTF8, "looks like UTF-16 without a byte order mark; save it as UTF-8"))
    return None, 0


def judge(sample: bytes) -> str | None:
    """The codec of bytes without a byte order mark: `ascii` (says nothing yet), `utf-8`, `cp1252` or None (neither).

    Bytes that are mostly UTF-8, and western text of which some is UTF-8, are UTF-8 with damage in it. Windows-1252 must
    have no bytes that it does not define, and its letters beyond ASCII must stand as in western languages: seldom more
    than two in a row (in Cyrillic, Greek or Chinese text they come in runs), and mostly from the upper half (in Mac and
    DOS code pages they do not).
    """
    if sample.isascii():
        return ASCII
    valid = _SEQUENCE.findall(sample)
    stray = _BEYOND_ASCII.findall(_SEQUENCE.sub(b"  ", sample))
    if not stray:
        return UTF8
    letters = b"".join(stray)
    western = (
        not _UNDEFINED.intersection(letters)
        and sum(len(run) > _LONGEST_RUN for run in stray) <= _MOST_LONG_RUNS * len(stray)
        and sum(code in _RARE_LETTERS for code in letters) <= _MOST_RARE * len(letters)
    )
    if western and len(valid) <= _MOST_CHANCE_SEQUENCES * len(stray):
        return CP1252
    return UTF8 if western or len(b"".join(valid)) >= len(letters) else None


def decode_head(head: bytes) -> str | None:
    """The beginning of a member as text for recognising it; None where its encoding is not to be told.

    A character that the end of `head` cuts, and damage, show as U+FFFD.
    """
    try:
        name, mark = by_bom(head)
    except TableFault:
        return None
    name = name or judge(head)
    return head[mark:].decode(name, "replace") if name else None


@dataclass(slots=True)
class Piece:
    """Whole lines of text. `damaged`: it has bytes that its encoding does not allow, as lone surrogates. `overlong`: it
    is the beginning of one line that is longer than the limit; the rest of that line was passed over."""

    text: str
    damaged: bool = False
    last: bool = False
    overlong: bool = False


class Texts:
    """The text of a stream in pieces that end with a line end, but for the last one.

    `encoding` is what is known so far; `line_end` a line feed, or a carriage return where the beginning has no line
    feed. When the stream breaks, the whole lines before the break are given, and then MemberError is raised.
    TableFault is raised (`not_utf8`) where a piece can be in no known encoding; its `line` counts from that piece.
    """

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        """Lines have at most `limit` bytes. Raises TableFault (`not_utf8`) for text that can be seen to be neither
        UTF-8 nor marked UTF-16."""
        self._stream = stream
        self._limit = limit
        self._broken: MemberError | None = None
        self._data = self._read(PIECE_BYTES)
        name, mark_bytes = by_bom(self._data)
        self.encoding = name or ASCII
        self.line_end = "\r" if b"\r" in self._data and b"\n" not in self._data else "\n"
        self._data = self._data[mark_bytes:]
        self._wide = self.encoding.startswith("utf-16")
        self._end_bytes = self.line_end.encode(self.encoding)

    def __iter__(self) -> Iterator[Piece]:
        while True:
            more = self._read(max(PIECE_BYTES, len(self._data))) if len(self._data) < self._limit else b""
            if not more and len(self._data) < self._limit and self._broken is None:
                yield self._piece(self._data, last=True)
                return
            self._data += more
            cut = self._last_line_end()
            if cut:
                ready, self._data = self._data[:cut], self._data[cut:]
                yield self._piece(ready)
            elif len(self._data) >= self._limit:
                yield Piece(self._data[:PIECE_BYTES].decode(self.encoding, "replace"), overlong=True)
                self._pass_over_line()
            if self._broken is not None and not more:
                raise self._broken

    def _read(self, count: int) -> bytes:
        if self._broken is not None:
            return b""
        try:
            return self._stream.read(count)
        except MemberError as error:
            self._broken = error
            return b""

    def _last_line_end(self) -> int:
        at = self._data.rfind(self._end_bytes)
        while self._wide and at > 0 and at % 2:
            at = self._data.rfind(self._end_bytes, 0, at + 1)
        return at + len(self._end_bytes) if at >= 0 else 0

    def _pass_over_line(self) -> None:
        while self._data:
            self._data = self._read(PIECE_BYTES)
            at = self._data.find(self._end_bytes)
            while self._wide and at >= 0 and at % 2:
                at = self._data.find(self._end_bytes, at + 1)
            if at >= 0:
                self._data = self._data[at + len(self._end_bytes) :]
                return

    def _piece(self, data: bytes, *, last: bool = False) -> Piece:
        if self.encoding == ASCII and not data.isascii():
            self.encoding = self._judged(data)
        codec = UTF8 if self.encoding == ASCII else self.encoding
        try:
            return Piece(data.decode(codec), last=last)
        except UnicodeDecodeError as error:
            if self._wide:
                raise TableFault(
                    Fault(NOT_UTF8, f"damaged UTF-16 ({error.reason}); save the table as UTF-8"), 0
                ) from None
            return Piece(data.decode(codec, "surrogateescape"), damaged=True, last=last)

    @staticmethod
    def _judged(data: bytes) -> str:
        found = judge(data)
        if found is None:
            first = _BEYOND_ASCII.search(data)
            assert first is not None
            shown = first.group()[:4].hex(" ")
            reason = f"neither UTF-8 nor Windows-1252 (bytes such as {shown}); save the table as UTF-8"
            raise TableFault(Fault(NOT_UTF8, reason), data.count(b"\n", 0, first.start()))
        return found


def without_returns(text: str) -> str:
    """Text whose lines end with line feeds, its lone carriage returns hidden: every character stays at its place.

    They are parts of fields: WHO ICTRP's own texts are full of them, and programs leave such fields without quotation
    marks when they write the table again, at which the csv module stops.
    """
    if text.count("\r") == text.count("\r\n") or _HIDDEN in text:
        return text
    return _RETURN.sub(_HIDDEN, text)


def with_line_feeds(fields: list[str]) -> list[str]:
    """The fields with hidden carriage returns put back. Lines in them end with a line feed, as they did before the file
    went through a program that gave it other line ends."""
    return [field.replace("\r\n", "\n").replace(_HIDDEN, "\r") for field in fields]
