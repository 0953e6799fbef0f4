"""The rows of one table, cut from its bytes as they stand.

Belongs here: where a row begins and ends, which study it is of, its fields. Does not: what the columns mean, tables
beside it.

AACT's export writes one row a line: it takes the doubled quotation marks out and puts `~` for line breaks (its
table_exporter.rb, 2024). Files that other tools made from AACT's database may have line breaks inside quotation marks;
then a row goes on until its marks are balanced, or a line begins as only a row does, and the row before it is broken.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from pipelines.landing.member import MemberError
from pipelines.readers.aact_flat.tables import KEY, Heading, TableMember
from pipelines.readers.base import BadRecord, excerpt_of
from pipelines.readers.reasons import MALFORMED_TABLE, RECORD_TOO_LARGE
from pipelines.settings import Limits

BLOCK_BYTES = 1024 * 1024
csv.field_size_limit(2**31 - 1)  # the csv module's own bound, 128 KiB, is below real fields (2026)
_BOM = b"\xef\xbb\xbf"
_NCT = re.compile(rb"NCT[0-9]{8}\Z")
_ANY_NCT = re.compile(rb"(?<![A-Za-z0-9])NCT[0-9]{8}(?![0-9])")


class BrokenRow(ValueError):
    """A row that does not fit its heading; the message says how."""


@dataclass(slots=True)
class Rows:
    """Rows that follow each other: the line each begins at (1-based, the heading is line 1), its study's id, its bytes
    without the line break at their end. Each list has one entry for each row."""

    lines: list[int] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)

    def add(self, line: int, key: bytes, raw: bytes) -> None:
        """Another row."""
        self.lines.append(line)
        self.keys.append(key)
        self.raws.append(raw)


class TableRows:
    """One pass over the rows of a table.

    `bad` collects the rows that cannot be told to be of any study, or are not whole, to be taken by whoever iterates.
    `long_rows` counts the rows of more than one line, `folded_rows` those of one line with a `~`. `broken`: why the
    table ends too early, None where it is whole.
    """

    def __init__(self, table: TableMember, limits: Limits) -> None:
        self.table = table
        self.bad: list[BadRecord] = []
        self.long_rows = 0
        self.folded_rows = 0
        self.broken: MemberError | None = None
        self._limits = limits
        self._starts_row = _start_of_row(table.heading)
        self._open: list[bytes] = []
        self._open_at = 0
        self._open_bytes = 0

    def __iter__(self) -> Iterator[Rows]:
        place = self.table.heading.key
        simple = place if place is not None and place < _KEY_COLUMNS else None
        for first, lines in self._blocks():
            rows = Rows()
            if simple is None:
                for number, line in enumerate(lines, first):
                    self._line(number, line, rows)
            else:
                self._lines(first, lines, simple, rows)
            yield rows
        rows = Rows()
        if self._open:
            self._close_broken()
        yield rows

    def take_bad(self) -> list[BadRecord]:
        """The bad rows met since the last call."""
        taken, self.bad = self.bad, []
        return taken

    def _lines(self, first: int, lines: list[bytes], place: int, rows: Rows) -> None:
        """As _line for each line, short for the common case: a row of one line whose id stands in front of any text."""
        delimiter, is_nct, add = self.table.heading.delimiter, _NCT.match, rows.add
        for number, line in enumerate(lines, first):
            if not self._open and not (b'"' in line and line.count(b'"') % 2) and b"\0" not in line:
                fields = line.split(delimiter, place + 1)
                if len(fields) > place and is_nct(fields[place]):
                    add(number, fields[place], line)
                    self.folded_rows += b"~" in line
                    continue
            self._line(number, line, rows)

    def _line(self, number: int, line: bytes, rows: Rows) -> None:
        if self._open:
            begins_another = self._starts_row.match(line) and _NCT.search(self._key(line) or b"")
            if not begins_another or self._ends_well(line):
                self._go_on(line, rows)
                return
            self._close_broken()
        if b'"' in line and line.count(b'"') % 2:
            self._open, self._open_at, self._open_bytes = [line], number, len(line)
            return
        self.folded_rows += b"~" in line
        self._row(number, line, rows)

    def _row(self, number: int, raw: bytes, rows: Rows) -> None:
        key = self._key(raw)
        if key is not None and _NCT.match(key) and b"\0" not in raw:
            rows.add(number, key, raw)
        elif raw.strip():
            reason = "it holds a NUL byte" if b"\0" in raw else f"no NCT number stands where {KEY} is due"
            self._bad(number, raw, reason)

    def _key(self, raw: bytes) -> bytes | None:
        """What stands in the column of the study's id."""
        heading = self.table.heading
        place = heading.key
        if place is None:
            return None
        if place < _KEY_COLUMNS:
            fields = raw.split(heading.delimiter, place + 1)
            return fields[place].strip(b'"') if len(fields) > place else None
        try:
            return split_row(raw.decode("utf-8", "replace"), heading)[place].encode()
        except BrokenRow:
            return None

    def _ends_well(self, line: bytes) -> bool:
        """Whether a line that looks like a row is the end of the open one: a text may go on as a row begins."""
        if line.count(b'"') % 2 == 0:
            return False
        whole = b"\n".join([*self._open, line]).decode("utf-8", "replace")
        with suppress(BrokenRow):
            split_row(whole, self.table.heading, strict=True)
            return True
        return False

    def _go_on(self, line: bytes, rows: Rows) -> None:
        self._open.append(line)
        self._open_bytes += len(line)
        if self._open_bytes > self._limits.record_bytes:
            self._close_broken()
        elif line.count(b'"') % 2:
            raw, self._open = b"\n".join(self._open), []
            self.long_rows += 1
            self._row(self._open_at, raw, rows)

    def _close_broken(self) -> None:
        raw, self._open = b"\n".join(self._open[:2]), []
        self._bad(self._open_at, raw, "a quotation mark in it is never closed")

    def _bad(self, number: int, raw: bytes, reason: str, code: str = MALFORMED_TABLE) -> None:
        self.bad.append(bad_row(self.table, number, raw, reason, code))

    def _blocks(self) -> Iterator[tuple[int, list[bytes]]]:
        """Lines below the heading in blocks, with the number of the first."""
        number, rest, too_long = 1, b"", False
        for piece in self._bytes():
            block = piece
            if too_long:
                end = block.find(b"\n")
                if end < 0:
                    continue
                block, too_long = block[end + 1 :], False
            lines = (rest + block).split(b"\n")
            rest = lines.pop()
            if len(rest) > self._limits.record_bytes:
                self._bad(number + len(lines), rest, "the row has no end", RECORD_TOO_LARGE)
                rest, too_long = b"", True
                lines.append(b"")
            yield from _below_heading(number, lines)
            number += len(lines)
        if rest and self.broken is None:
            yield from _below_heading(number, [rest])

    def _bytes(self) -> Iterator[bytes]:
        """The table's bytes in blocks, as far as they can be had."""
        try:
            with self.table.member.open() as stream:
                while block := stream.read(BLOCK_BYTES):
                    yield block
        except MemberError as error:
            self.broken = error


def _below_heading(number: int, lines: list[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    if lines and number == 1:
        number, lines = 2, lines[1:]
    if lines:
        yield number, lines


_KEY_COLUMNS = 2
"""In nearly every table the study's id is the first or second column, before any text."""
_EXCERPT_BYTES = 64


def _start_of_row(heading: Heading) -> re.Pattern[bytes]:
    """How a row begins: the numbers and the study's id that stand before any text."""
    parts = []
    for name in heading.names:
        if name == KEY:
            parts.append(rb"NCT[0-9]{8}")
            break
        if name != "id" and not name.endswith("_id"):
            break
        parts.append(rb"[0-9]*")
    return re.compile(rb'"?' + (rb'"?' + re.escape(heading.delimiter) + rb'"?').join(parts) + rb'"?')


def split_row(text: str, heading: Heading, *, strict: bool = False) -> list[str]:
    """The fields of a row. Raises BrokenRow where they are not as many as the heading has, with `strict` also where
    something stands behind a closing quotation mark.
    """
    delimiter = heading.delimiter.decode()
    text = text.removesuffix("\r")
    if '"' not in text:
        fields = text.split(delimiter)
    else:
        try:
            fields = next(csv.reader([text], delimiter=delimiter, strict=strict))
        except (csv.Error, StopIteration) as error:
            raise BrokenRow(f"it cannot be cut into fields ({error})") from error
    if len(fields) != len(heading.names):
        raise BrokenRow(f"it has {len(fields):,} fields, the heading {len(heading.names):,}")
    return fields


def bad_row(table: TableMember, line: int, raw: bytes, reason: str, code: str = MALFORMED_TABLE) -> BadRecord:
    """The quarantine entry of a row of a table."""
    found = _ANY_NCT.search(raw[:_EXCERPT_BYTES])
    return BadRecord(
        table.member.name,
        line,
        code,
        f"line {line:,} of table {table.name}: {reason}; export the table again",
        excerpt_of(raw),
        found[0].decode() if found else None,
    )
