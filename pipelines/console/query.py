"""`trialmart sql`: one query on the published warehouse, as table, CSV, JSON or Parquet.

Belongs here: running the query and writing its rows. Does not: opening the warehouse (locked down, see
pipelines/warehouse/connect.py), which statements may run (pipelines/warehouse/reading.py).
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO, Any, TextIO, cast
from uuid import UUID

import duckdb
import typer
from rich.table import Table
from rich.text import Text

from pipelines.console.faults import EXIT_USAGE, fail
from pipelines.console.options import well_formed
from pipelines.console.terminal import SafeStream, counted, print_unpadded, stderr, stdout, visible, visible_lines
from pipelines.settings import Settings
from pipelines.warehouse.reading import check_reads
from pipelines.whole_file import appearing, is_no_file_of_its_own

BATCH_ROWS = 2000
TABLE_ROWS = 500
CELL_CHARACTERS = 200
PLAN = ["explain_key", "explain_value"]
"""What EXPLAIN gives: a drawing of many lines, which no cell of a table can hold."""

_FORMULA = re.compile(r"[=+\-@\t\r\n\0＝＋－＠]")
"""What a cell begins with that spreadsheets run: signs, their wide forms, and what some of them skip before a sign."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(?:[.,][0-9]{1,400})?(?:[eE][+-]?[0-9]{1,4})?")


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def read_query(query: str) -> str:
    """The SQL given on the command line, or for `-` what stands in stdin. Raises typer.BadParameter."""
    try:
        text = well_formed(sys.stdin.read() if query == "-" else query)
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"the query cannot be read ({error}): save it in UTF-8") from None
    if not text.strip():
        raise fail('the query is empty: trialmart sql "SELECT count(*) FROM core.record"', EXIT_USAGE)
    return text


def shown_query(settings: Settings, sql: str, form: Format, output: Path | None, *, raw: bool) -> None:
    """Run the query on the published warehouse, as `write_query` does, tables found by their bare names as well."""
    from pipelines.warehouse.connect import find_by_bare_name, published_for_reading

    with published_for_reading(settings) as connection:
        find_by_bare_name(connection)
        write_query(connection, sql, form, output, raw=raw)
    if output is not None:
        stderr().print(f"written: {output}")


def write_query(
    connection: duckdb.DuckDBPyConnection, sql: str, form: Format, output: Path | None, *, raw: bool = False
) -> None:
    """Run the query and write its rows to `output`, or to stdout.

    Texts of a CSV that a spreadsheet would run as formulas get an apostrophe before them, unless `raw`. On a terminal
    control characters are spelt out in every form; a file or a pipe gets values as they are.

    Raises NotReadingError where it would do more than read, duckdb.Error with a caret under the fault.
    A file appears whole or not at all. Parquet is binary, and the command refuses it on a terminal.
    """
    check_reads(connection, sql)
    cursor = connection.execute(sql)
    if form is Format.PARQUET:
        _write_parquet(cursor, output)
        return
    names = _distinct([column[0] for column in cursor.description or ()])
    as_text = _plain_text if raw else _spreadsheet_text
    writers: dict[Format, Callable[[list[str], duckdb.DuckDBPyConnection, TextIO], None]] = {
        Format.TABLE: _write_table,
        Format.CSV: partial(_write_csv, as_text),
        Format.JSON: _write_json,
    }
    writer = writers[form]
    if output is None:
        safe = form is not Format.TABLE and sys.stdout.isatty()
        writer(names, cursor, cast(TextIO, SafeStream(sys.stdout)) if safe else sys.stdout)
        sys.stdout.flush()
        return
    with appearing(output) as part, part.open("w", encoding="utf-8", newline="") as stream:
        writer(names, cursor, stream)


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of a result may repeat; a JSON object's may not: a, a → a, a_2."""
    taken: set[str] = set()
    result = []
    for name in names:
        candidate, number = name, 1
        while candidate in taken:
            number += 1
            candidate = f"{name}_{number}"
        taken.add(candidate)
        result.append(candidate)
    return result


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(BATCH_ROWS):
        yield from rows


def _write_table(names: list[str], cursor: duckdb.DuckDBPyConnection, stream: TextIO) -> None:
    if names == PLAN:
        stream.writelines(f"{visible_lines(plan.rstrip())}\n" for _, plan in _rows(cursor))
        return
    rows = cursor.fetchmany(TABLE_ROWS + 1)
    table = Table(show_edge=False, pad_edge=False)
    numeric = [all(isinstance(row[i], int | float | Decimal | None) for row in rows) for i in range(len(names))]
    for name, right in zip(names, numeric, strict=True):
        table.add_column(Text(visible(name)), justify="right" if right else "left", overflow="fold")
    for row in rows[:TABLE_ROWS]:
        table.add_row(*(_cell(value) for value in row))
    console = stdout()
    console.file = stream
    if names:
        print_unpadded(console, table)
    if len(rows) > TABLE_ROWS:
        stderr().print(f"the first {counted(TABLE_ROWS, 'row')}; for all of them use --format csv, json or parquet")


def _cell(value: object) -> Text:
    if value is None:
        return Text("NULL", style="dim")
    text = visible(value if isinstance(value, str) else _plain_text(value))
    return Text(text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…")


def _write_csv(
    as_text: Callable[[object], str], names: list[str], cursor: duckdb.DuckDBPyConnection, stream: TextIO
) -> None:
    # told of CRLF it quotes texts with a carriage return, which would else begin a row of its own in many a reader
    writer = csv.writer(_UnixLines(stream), lineterminator="\r\n")
    writer.writerow([as_text(name) for name in names])
    for row in _rows(cursor):
        writer.writerow(["" if value is None else as_text(value) for value in row])


class _UnixLines:
    """Rows of csv.writer, which gives each whole, with a line feed alone at their end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, row: str) -> int:
        return self._stream.write(row.removesuffix("\r\n") + "\n")


def _spreadsheet_text(value: object) -> str:
    """A CSV cell that a spreadsheet shows instead of running it; numbers, also negative ones in text, stay."""
    text = _plain_text(value)
    if isinstance(value, int | float | Decimal) or not _FORMULA.match(text) or _NUMBER.fullmatch(text):
        return text
    return "'" + text


def _plain_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return json.dumps(jsonable(value), ensure_ascii=False)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)


def _write_json(names: list[str], cursor: duckdb.DuckDBPyConnection, stream: TextIO) -> None:
    first = True
    stream.write("[")
    for row in _rows(cursor):
        stream.write("\n" if first else ",\n")
        first = False
        record = {name: jsonable(value) for name, value in zip(names, row, strict=True)}
        stream.write(json.dumps(record, ensure_ascii=False, allow_nan=False))
    stream.write("\n]\n" if not first else "]\n")


def jsonable(value: object) -> object:
    """JSON has no dates, decimals, bytes, NaN: ISO text, number, hex text, null."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta | UUID):
        return str(value)
    return _plain_text(value)


def _write_parquet(cursor: duckdb.DuckDBPyConnection, output: Path | None) -> None:
    """Into the file; or into the pipe, once it is whole: its end says where its parts begin."""
    if output is None or is_no_file_of_its_own(output):
        with tempfile.TemporaryFile() as whole:
            try:
                _write_parquet_to(cursor, whole)
            except OSError as error:
                error.filename = error.filename or tempfile.gettempdir()  # the full disk is neither home nor output
                raise
            whole.seek(0)
            with nullcontext(sys.stdout.buffer) if output is None else output.open("wb") as pipe:
                shutil.copyfileobj(whole, pipe)
                pipe.flush()
        return
    with appearing(output) as part, part.open("wb") as stream:
        _write_parquet_to(cursor, stream)
        stream.flush()
        os.fsync(stream.fileno())


def _write_parquet_to(cursor: duckdb.DuckDBPyConnection, stream: IO[bytes]) -> None:
    from pyarrow import parquet  # 0.3 s, and only here

    reader = cursor.to_arrow_reader(BATCH_ROWS * 10)
    with parquet.ParquetWriter(stream, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
