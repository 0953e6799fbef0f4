"""The rows of a delimited table, in a stream: each with its exact bytes and its line, bad ones told apart.

Belongs here: walking a member of any size row by row, and finding the next good row behind a broken one. Does not: what
the columns mean; how the bytes become text (encoding.py); the heading (heading.py).

Python's csv reader does the parsing, strictly, on pieces of text; where it stands in the text after each row gives the
row's exact text. A row that does not fit (an open quotation mark, too few or too many fields) may have swallowed the
lines below it, so reading goes back to its second line. Each line that is read again costs credit, of which every line
of the file brings some: the work stays linear in the size of the file, however it is broken.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipelines.readers.base import BadRecord, Member, excerpt_of
from pipelines.readers.json_window import Fault
from pipelines.readers.reasons import MALFORMED_TABLE, NOT_UTF8, RECORD_TOO_LARGE
from pipelines.readers.tables.encoding import (
    ASCII,
    CP1252,
    UTF8,
    Piece,
    TableFault,
    Texts,
    with_line_feeds,
    without_returns,
)
from pipelines.readers.tables.heading import Dialect, Heading, heading_of
from pipelines.settings import Limits

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # the csv module's own bound, 128 KiB, is below real fields (2026)
_ROW_SHARE = 4
"""A row may have limits.record_bytes divided by this: parsing takes several times its size."""
_FIRST_CREDIT = 4 * 1024 * 1024
_CREDIT_PER_CHARACTER = 4
_EXCERPT = 4096
_SURROGATE = re.compile("[\udc80-\udcff]")

StartsRow = Callable[[list[str]], bool]


@dataclass(slots=True)
class Row:
    """A row that fits its heading: `fields` as many as the heading has names, `line` the 1-based number of its first
    line in the member, `text` as it stands there with its line end. Lines within `fields` end with a line feed."""

    line: int
    fields: list[str]
    text: str
    encoding: str

    @property
    def raw(self) -> bytes:
        """The exact bytes of the row, without the line end behind it."""
        return self.text.rstrip("\r\n").encode(UTF8 if self.encoding == ASCII else self.encoding)

    @property
    def is_recoded(self) -> bool:
        """Whether it holds characters that were taken from Windows-1252, in a file that does not say what it is."""
        return self.encoding == CP1252 and not self.text.isascii()


@dataclass(slots=True)
class BadRow:
    """A stretch of lines that is no row: where it begins, why, and its first characters."""

    line: int
    fault: Fault
    excerpt: str

    def as_record(self, member: Member, registry_id: str | None = None) -> BadRecord:
        """For the quarantine; `position` is the line."""
        shown = excerpt_of(self.excerpt.encode("utf-8", "surrogateescape"))
        return BadRecord(member.name, self.line, self.fault.code, self.fault.message, shown, registry_id)


@dataclass(slots=True)
class _Broken:
    """A stretch that is known to be bad, while the next good row is looked for. Places are in the piece of text."""

    line: int
    fault: Fault
    excerpt: str
    until: int
    """How far the failed row went: up to there, lines that fit nothing belong to it."""


@dataclass
class Table:
    """A table being read. Its rows can be taken once, while `open_table` is open.

    `starts_row` (see open_table) may be set once the heading is known, before the first row is taken.
    """

    heading: Heading
    _texts: Iterator[Piece]
    _source: Texts
    _first: Piece
    _dialect: Dialect
    _limit: int
    starts_row: StartsRow | None = None
    _line: int = 1
    _credit: int = _FIRST_CREDIT
    _broken: _Broken | None = None
    _overlong_text: str = ""

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Rows and bad stretches in their order; blank lines, and rows of separators only, are passed over.

        Raises MemberError where the bytes end in an error, TableFault where the encoding turns out to be none.
        """
        self._line = self.heading.lines + 1
        piece = self._first
        text, damaged = piece.text[self.heading.characters :], piece.damaged
        while True:
            done = yield from self._parse(text, damaged=damaged, last=piece.last)
            if piece.last:
                break
            rest = text[done:]
            if self._broken is not None:
                self._broken.until -= done
            if len(rest) > self._limit:
                yield from self._parse(rest, damaged=True, last=True)
                rest = ""
            piece = self._more(rest)
            text, damaged = piece.text, piece.damaged or (damaged and bool(rest))
            if piece.overlong:
                yield from self._parse(text, damaged=True, last=True)
                yield from self._overlong()
                text, damaged = "", False
        yield from self._flush()

    def _more(self, rest: str) -> Piece:
        """The text that was not parsed yet, with more behind it: at least as much again, so that a row that goes on
        and on is not begun again for each piece."""
        parts, length, damaged = [rest], 0, False
        while True:
            try:
                piece = next(self._texts)
            except TableFault as error:
                line = self._line + "".join(parts).count(self.heading.line_end) + (error.line or 0)
                raise TableFault(error.fault, line) from None
            if piece.overlong:
                self._overlong_text = piece.text[:_EXCERPT]
                return Piece("".join(parts), damaged, overlong=True)
            parts.append(piece.text)
            length += len(piece.text)
            damaged = damaged or piece.damaged
            if piece.last or length >= len(rest):
                self._credit += _CREDIT_PER_CHARACTER * length
                return Piece("".join(parts), damaged, piece.last)

    def _overlong(self) -> Iterator[BadRow]:
        yield from self._flush()
        yield BadRow(self._line, self._too_large(), self._overlong_text)
        self._line += 1

    def _parse(self, text: str, *, damaged: bool, last: bool) -> Generator[Row | BadRow, None, int]:
        """Rows of whole lines; returns where the first row begins that needs more text."""
        shown = without_returns(text) if self.heading.line_end == "\n" else text
        source = io.StringIO(shown, newline="\n" if self.heading.line_end == "\n" else "")
        options: Any = self._dialect.options(self.heading.delimiter)
        tell, width, encoding = source.tell, len(self.heading.names), self._source.encoding
        limit, suspect = self._limit, damaged or "\0" in text
        start, done = 0, len(text)
        while start < done:
            reader = csv.reader(source, **options)
            base = self._line
            try:
                for fields in reader:
                    end = tell()
                    if shown is not text or reader.line_num > self._line - base + 1:
                        fields = with_line_feeds(fields)
                    if len(fields) != width or suspect or self._broken is not None or end - start > limit:
                        break
                    if any(fields):
                        yield Row(self._line, fields, text[start:end], encoding)
                    start, self._line = end, base + reader.line_num
                else:
                    return done
                fault = None
            except csv.Error as error:
                end = tell()
                if end == done and not last:
                    return start
                fields = self._loosely(text[start:end])
                fault = self._quote_fault(text[start:end], str(error))
            found, end = self._judge(text, start, end, fields, fault)
            yield from found
            self._line += text.count(self.heading.line_end, start, end)
            start = end
            source.seek(end)
        return start

    def _judge(
        self, text: str, start: int, end: int, fields: list[str], fault: Fault | None
    ) -> tuple[list[Row | BadRow], int]:
        """What a row that needs a closer look gives, and where reading goes on."""
        if not any(fields) and fault is None:
            return [], end
        is_quote_fault = fault is not None
        fault = fault or self._misfit(fields, text[start:end])
        if fault is None:
            if self._continues(fields, start, fits=True):
                return [], end
            return [
                *self._flush(),
                Row(self._line, fields[: len(self.heading.names)], text[start:end], self._source.encoding),
            ], end
        found: list[Row | BadRow] = []
        first = text.find(self.heading.line_end, start, end) + 1 or end
        if not self._continues(fields, start, fits=False):
            found += self._flush()
            self._broken = _Broken(self._line, fault, text[start : min(first, start + _EXCERPT)], end)
        may_hide_rows = is_quote_fault or (self.starts_row is not None and fault.code == MALFORMED_TABLE)
        if first < end and may_hide_rows and self._credit >= end - start:
            self._credit -= end - start
            return found, first
        return found, end

    def _continues(self, fields: list[str], start: int, *, fits: bool) -> bool:
        """Whether what stands here is still part of the broken row before it."""
        if self._broken is None or start >= self._broken.until:
            return False
        if self.starts_row is not None:
            return not self.starts_row(fields)
        return not fits

    def _flush(self) -> list[BadRow]:
        broken, self._broken = self._broken, None
        return [BadRow(broken.line, broken.fault, broken.excerpt)] if broken else []

    def _misfit(self, fields: list[str], text: str) -> Fault | None:
        """Why fields are not those of a row; empty ones beyond the last column do not count."""
        names = self.heading.names
        if len(fields) < len(names) or any(field.strip() for field in fields[len(names) :]):
            reason = f"line {self._line:,} has {len(fields)} fields where the heading has {len(names)}"
            return Fault(MALFORMED_TABLE, f"{reason}; the last one begins {fields[-1][:40]!r}")
        if len(text) > self._limit:
            return self._too_large()
        if "\0" in text:
            column = next((name for name, one in zip(names, fields, strict=False) if "\0" in one), "")
            return Fault(MALFORMED_TABLE, f"line {self._line:,}, column {column!r}: a NUL character")
        for name, one in zip(names, fields, strict=False):
            if _SURROGATE.search(one):
                wanted = "UTF-8" if self._source.encoding != CP1252 else "Windows-1252, as the rest of the file is"
                return Fault(NOT_UTF8, f"line {self._line:,}, column {name!r}: bytes that are not {wanted}")
        return None

    def _loosely(self, text: str) -> list[str]:
        """The fields of a row whose quotation marks are wrong, as far as they can be told apart."""
        options: Any = self._dialect.options(self.heading.delimiter) | {"strict": False}
        text = text.replace("\r\n", "\n").replace("\r", " ")  # outside quotation marks a lone one is an error in itself
        return next(csv.reader(io.StringIO(text, newline="\n"), **options), None) or [""]

    def _quote_fault(self, text: str, error: str) -> Fault:
        first = self._loosely(text.partition(self.heading.line_end)[0])
        names = self.heading.names
        if "\n" in text.rstrip("\r\n") and len(first) <= len(names):
            where = f"line {self._line:,}, column {names[len(first) - 1]!r}"
        else:
            where = f"line {self._line:,}"
        if "end of data" in error:
            return Fault(MALFORMED_TABLE, f"{where}: a quotation mark is opened and never closed")
        return Fault(MALFORMED_TABLE, f"from {where}: a quotation mark is not closed, or not doubled ({error})")

    def _too_large(self) -> Fault:
        return Fault(
            RECORD_TOO_LARGE, f"the row at line {self._line:,} is larger than {self._limit:,} bytes, the limit"
        )


@contextmanager
def open_table(
    member: Member,
    dialect: Dialect,
    limits: Limits,
    starts_row: StartsRow | None = None,
    names: Sequence[str] = (),
) -> Iterator[Table]:
    """A member as a table: `with open_table(…) as table: table.heading.names; for row in table: …`.

    A row may have a quarter of `limits.record_bytes`; memory stays within some ten times that, however the member is
    broken, and mostly at a few hundred KiB. `starts_row` tells from the
    fields of a line whether a row can begin there (its id is in place): with it, the good rows behind a broken one are
    found with more certainty. `names` are the columns of a member that has no heading.
    Raises TableFault: `not_utf8`, or `malformed_table` where there is no heading; and MemberError.
    """
    with member.open() as stream:
        largest = limits.record_bytes // _ROW_SHARE
        texts = Texts(stream, largest)
        pieces = iter(texts)
        try:
            first = next(pieces)
        except TableFault as error:
            raise TableFault(error.fault, (error.line or 0) + 1) from None
        heading = None if first.overlong else heading_of(first.text, dialect, names)
        if heading is None:
            raise TableFault(Fault(MALFORMED_TABLE, "there is no heading that can be read"), 1)
        if any(_SURROGATE.search(name) for name in heading.names):
            raise TableFault(Fault(NOT_UTF8, "the heading has bytes that are not UTF-8; save the table as UTF-8"), 1)
        yield Table(heading, pieces, texts, first, dialect, largest, starts_row)


def table_refused(member: Member, error: TableFault) -> BadRecord:
    """The bad record of a member that is no table, or none from some line on."""
    where = f" (line {error.line:,})" if error.line else ""
    return BadRecord(member.name, None, error.fault.code, error.fault.message + where)
