"""The tables of an AACT archive → its studies, one record each.

Belongs here: the way from members to records and bad pieces, and back to a record's bytes. Does not: recognising tables
(tables.py), cutting rows (rows.py), holding them (store.py), what they mean (tree.py, results.py, the mapping).

A record is all rows of one study. Its raw bytes are these rows as they stand, by table in the order of in_order(), in
each table in the order of the file, with a line that names the table (`conditions.txt`) before its rows; tables that
are not read (IGNORED_TABLES) and rows that are not UTF-8 are no part of it. Its member is the table of studies, its
position the line there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from pipelines.landing.member import MemberError
from pipelines.readers.aact_flat.rows import Rows, TableRows, bad_row
from pipelines.readers.aact_flat.store import RowStore, StoredRow
from pipelines.readers.aact_flat.study import Lacks, RecordMaker, raw_record
from pipelines.readers.aact_flat.tables import (
    FIELDS,
    IGNORED_TABLES,
    LATER_TABLES,
    STUDIES,
    TableMember,
    in_order,
    read_heading,
    table_name,
)
from pipelines.readers.base import BadRecord, Member, RawRecord
from pipelines.readers.reasons import MALFORMED_TABLE, MISSING_COLUMN, MISSING_TABLE, NOT_UTF8
from pipelines.settings import Limits

Found = Iterator[RawRecord | BadRecord]


def read_archive(members: Sequence[Member], limits: Limits, scratch: Path | None) -> Found:
    """The studies of the tables of one folder, in the order of their ids, after the pieces that are no rows of any."""
    tables, bad = known_tables(members)
    yield from bad
    read = [tables[name] for name in in_order([name for name in tables if name not in IGNORED_TABLES])]
    if not tables:
        return
    refusal = _refusal(members, tables)
    if refusal is not None:
        yield refusal
        return
    missing = sorted(set(FIELDS) - set(tables) - LATER_TABLES)
    lacks = Lacks({name: ("absent", f"table {name} is not in the archive") for name in missing})
    if missing:
        yield _missing(tables[STUDIES].member.name, f"{_listed(missing)}; what they hold is null in every record")
    with RowStore(scratch) as store:
        intake = _Intake(store, read, limits)
        yield from intake.run(lacks)
        maker = RecordMaker(read, lacks, limits, has_line_breaks=intake.has_line_breaks)
        for number, rows in store.by_study():
            yield from maker.record(intake.ids[number], rows)


def find_raw(members: Sequence[Member], member: str, position: int, limits: Limits) -> bytes | None:
    """The bytes of the record whose row is at line `position` of the table of studies `member`; None without one."""
    tables, _ = known_tables(members)
    studies = tables.get(STUDIES)
    if studies is None or studies.member.name != member:
        return None
    key = next((key for key, _, _ in _keyed(studies, limits, line=position)), None)
    if key is None:
        return None
    names = in_order([name for name in tables if name not in IGNORED_TABLES])
    rows: list[StoredRow] = []
    for number, name in enumerate(names):
        for _, line, raw in _keyed(tables[name], limits, key=key):
            if name != STUDIES or line == position:
                with suppress(UnicodeDecodeError):  # such a row is no part of a record
                    rows.append((number, line, raw.decode("utf-8")))
    return raw_record([tables[name] for name in names], rows)


def known_tables(members: Sequence[Member]) -> tuple[dict[str, TableMember], list[BadRecord]]:
    """Tables by name, and why a member is none that can be read."""
    tables: dict[str, TableMember] = {}
    bad: list[BadRecord] = []
    for member in members:
        heading = read_heading(member.head())
        if heading is None:
            continue
        name = table_name(member.name, heading)
        if name in tables:
            reason = f"a second table {name} ({tables[name].member.name} is read); it cannot be told which one counts"
            bad.append(BadRecord(member.name, None, MALFORMED_TABLE, f"{reason}: leave only one in the archive"))
        elif heading.key is None and name not in IGNORED_TABLES:
            reason = f"table {name} has no column nct_id, so that its rows are of no study"
            bad.append(BadRecord(member.name, None, MISSING_COLUMN, f"{reason}; export it again with that column"))
        else:
            tables[name] = TableMember(name, member, heading)
    return tables, bad


def _refusal(members: Sequence[Member], tables: dict[str, TableMember]) -> BadRecord | None:
    """Why nothing can be read of these tables; None where the table of studies and another one are there."""
    of_studies = [name for name in tables if name not in IGNORED_TABLES]
    if STUDIES in tables and len(of_studies) > 1:
        return None
    name = members[0].name
    if STUDIES in tables:
        return _missing(name, "all but studies; a study's conditions, sponsors, sites and so on stand in the others")
    if len(members) == 1:
        what = f"table {next(iter(tables))} of AACT alone" if name else "a table of AACT alone"
        return _missing(name, f"studies, to which the rows of {what} belong, and all others")
    folder = (name or "").rpartition("/")[0] or None
    return _missing(folder, f"studies, to which the rows of the {len(members)} tables that are there belong")


def _missing(name: str | None, what: str) -> BadRecord:
    return BadRecord(name, None, MISSING_TABLE, f"missing: {what}. Put the whole archive into landing")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


class _Intake:
    """Every row into the store, under the number of its study: its place among the ids in order."""

    def __init__(self, store: RowStore, tables: Sequence[TableMember], limits: Limits) -> None:
        self.ids: list[str] = []
        self._long_rows = 0
        self._folded_rows = 0
        self._store = store
        self._tables = tables
        self._limits = limits
        self._numbers: dict[bytes, int] = {}
        self._lost: tuple[int, str] | None = None

    @property
    def has_line_breaks(self) -> bool:
        """Whether the tables have line breaks in texts, and so no `~` for them: one that slipped in does not say so."""
        return 0 < self._long_rows >= self._folded_rows

    def run(self, lacks: Lacks) -> Iterator[BadRecord]:
        """Read all tables; gives what is no row of any study, and adds to `lacks` the tables that end too early."""
        yield from self._index_studies()
        for number, table in enumerate(self._tables):
            lost, first = 0, ""
            rows = TableRows(table, self._limits)
            for block in rows:
                mine, bad = self._known(number, table, block, lacks)
                yield from bad
                yield from self._marked(table, rows, lacks)
                lost += mine
                if mine and not first:
                    first = self._first_lost
            yield from self._marked(table, rows, lacks)
            self._long_rows += rows.long_rows
            self._folded_rows += rows.folded_rows
            if lost:
                yield _orphans(table, lost, first)
            if rows.broken is not None:
                yield BadRecord(table.member.name, None, rows.broken.code, f"table {table.name}: {rows.broken}")
                lacks.add(table.name, "damaged", f"table {table.name} ends too early: rows may be missing")

    @staticmethod
    def _marked(table: TableMember, rows: TableRows, lacks: Lacks) -> Iterator[BadRecord]:
        """The rows that could not be cut; the studies that they seem to be of are marked."""
        for bad in rows.take_bad():
            if bad.registry_id is not None:
                lacks.mark(bad.registry_id, table.name, bad.reason.partition(";")[0])
            yield bad

    def _index_studies(self) -> Iterator[BadRecord]:
        """Number the studies; a second row of one is refused."""
        table = self._tables[0]
        first: dict[bytes, int] = {}
        for block in TableRows(table, self._limits):
            for line, key, raw in zip(block.lines, block.keys, block.raws, strict=True):
                if first.setdefault(key, line) != line:
                    reason = f"a second row of {key.decode()}; the one in line {first[key]:,} is read"
                    yield bad_row(table, line, raw, reason)
        keys = sorted(first)
        self.ids = [key.decode() for key in keys]
        self._numbers = {key: number for number, key in enumerate(keys)}
        self._first_line = first

    def _known(self, number: int, table: TableMember, block: Rows, lacks: Lacks) -> tuple[int, list[BadRecord]]:
        """Store the rows whose study is there; how many are not, and those that are not UTF-8."""
        studies: list[int] = []
        lines: list[int] = []
        texts: list[str] = []
        bad: list[BadRecord] = []
        lost = 0
        numbers = self._numbers
        for line, key, raw in zip(block.lines, block.keys, block.raws, strict=True):
            study = numbers.get(key)
            if study is None:
                lost += 1
                if lost == 1:
                    self._first_lost = f"{key.decode()} in line {line:,}"
                continue
            if number == 0 and self._first_line[key] != line:
                continue
            try:
                texts.append(raw.decode("utf-8"))
            except UnicodeDecodeError as error:
                bad.append(bad_row(table, line, raw, f"byte {error.start:,} of it is not UTF-8", NOT_UTF8))
                lacks.mark(key.decode(), table.name, f"line {line:,} of table {table.name} is not UTF-8")
                continue
            studies.append(study)
            lines.append(line)
        self._store.add(number, studies, lines, texts)
        return lost, bad

    _first_line: dict[bytes, int]
    _first_lost: str = ""


def _orphans(table: TableMember, count: int, first: str) -> BadRecord:
    rows = "1 row is" if count == 1 else f"{count:,} rows are"
    reason = f"table {table.name}: {rows} of studies that have no good row in table studies, the first {first}"
    return BadRecord(table.member.name, None, MALFORMED_TABLE, f"{reason}; export all tables in one go")


def _keyed(
    table: TableMember, limits: Limits, *, key: bytes | None = None, line: int | None = None
) -> Iterator[tuple[bytes, int, bytes]]:
    """(id, line, bytes) of the rows of one study, or of the row at one line."""
    try:
        for block in TableRows(table, limits):
            if key is not None and key not in block.keys:
                continue
            for number, found, raw in zip(block.lines, block.keys, block.raws, strict=True):
                if number == line or found == key:
                    yield found, number, raw
    except MemberError:
        return
