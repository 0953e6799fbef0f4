"""Whether two warehouse files hold the same: a hash for each table and view, and the rows in which two differ.

Belongs here: hashing and comparing content, and the one list of what may differ between two builds of the same files by
the same code, each with its reason. Does not: making builds, judging them (audit.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.tables import literal, quoted
from pipelines.warehouse.connect import connect_read_only

RUN_COLUMNS: Mapping[str, str] = {
    "run_id": "each run has its own",
    "build_id": "each build has its own",
    "started_at": "the clock when the build began",
    "published_at": "the clock when the build was published",
    "loaded_at": "the clock when a version was accepted",
    "created_at": "AACT's name for the loaded_at of a record's first version",
    "updated_at": "AACT's name for the loaded_at of its current version",
    "first_seen_at": "the clock when a file or fault was met first",
    "released_at": "the clock when something newer took the place of a quarantined record",
    "checked_at": "the clock when rules ran",
    "previous_checked_at": "the clock when rules ran in the run before",
    "profiled_at": "the clock when columns were counted",
    "allowed_at": "the clock when a gate was allowed to fail",
    "assigned_at": "the clock when a record joined its trial",
    "happened_at": "the clock when a record changed its trial",
}
"""Columns that differ between two runs over the same files. Of these only NULL or not NULL is compared."""

LANDING_COLUMNS: Mapping[str, str] = {
    "raw.file.path": "the file's place in landing",
    "raw.file.modified_at": "the file's time in landing",
    "quality.quarantine.path": "the file's place in landing",
}
"""Columns that differ where the same contents lie in landing under other names; to be added to RUN_COLUMNS then."""

KEPT_OVER_BUILDS: Mapping[str, str] = {
    "meta.build": "a row for each build before",
    "quality.expectation_result": "rows of each run before",
    "quality.profile": "rows of each run before",
    "quality.load_profile": "rows of each run before",
    "quality.scorecard": "rows of each run before",
    "quality.gate_override": "rows of each run before",
    "marts.data_quality_rule_trend": "made of the results of each run before",
    "marts.data_quality_scorecard": "compares with the run before",
}
"""Tables that tell of the runs before: they differ between warehouses that came to the same files in another number of
runs, and are left out of such a comparison by its caller."""

MACROS = "(macros)"
"""Stands for all table macros together, in place of a table's name."""


@dataclass(frozen=True, slots=True)
class TableContent:
    """A table or view: its columns as (name, type, comment), its rows counted, the sum of the rows' hashes.

    Sums do not depend on the order of rows, and a row that stands twice counts twice.
    """

    columns: tuple[tuple[str, str, str], ...]
    comment: str
    rows: int
    hash: int


def content_of(path: Path, *, leave_out: Collection[str] = RUN_COLUMNS) -> dict[str, TableContent]:
    """The content of every table and view of a warehouse or build file, by `schema.name`, the macros under MACROS.

    Of columns named in `leave_out` (alone, or as schema.table.column) only whether they are NULL counts. Hashes are
    comparable between files read by the same DuckDB. Raises NoWarehouseError, WarehouseError.
    """
    with connect_read_only(path) as connection:
        return content_behind(connection, leave_out=leave_out)


def content_behind(
    connection: duckdb.DuckDBPyConnection, *, leave_out: Collection[str] = RUN_COLUMNS
) -> dict[str, TableContent]:
    """As content_of, for the current database of a connection."""
    found = {
        name: _content(connection, name, columns, comment, leave_out) for name, columns, comment in _tables(connection)
    }
    return found | {MACROS: _macros(connection)}


def differences(
    first: Mapping[str, TableContent], second: Mapping[str, TableContent], *, without: Collection[str] = ()
) -> list[str]:
    """One sentence for each table in which two contents differ, but for the tables named in `without`."""
    found = []
    for name in sorted({*first, *second} - {*without}):
        one, other = first.get(name), second.get(name)
        if one is None or other is None:
            found.append(f"{name}: only in the {'second' if one is None else 'first'}")
        elif one.columns != other.columns or one.comment != other.comment:
            found.append(f"{name}: columns, types or comments differ")
        elif one.rows != other.rows:
            found.append(f"{name}: {one.rows:,} rows against {other.rows:,}")
        elif one.hash != other.hash:
            found.append(f"{name}: {one.rows:,} rows in both, but not the same ones")
    return found


def differing_rows(
    first: Path, second: Path, full_name: str, *, leave_out: Collection[str] = RUN_COLUMNS, limit: int = 5
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """At most `limit` rows of a table that only the first file holds, and that only the second holds.

    For people who look into a difference; the columns that count are those of `content_of`.
    """
    with duckdb.connect() as connection:
        for name, path in (("first", first), ("second", second)):
            connection.execute(f"ATTACH {literal(str(path.resolve()))} AS {name} (READ_ONLY)")
        table = quoted(*full_name.split(".", 1))
        described = connection.execute(f"DESCRIBE first.{table}").fetchall()
        columns = ", ".join(quoted(row[0]) for row in described if not {row[0], f"{full_name}.{row[0]}"} & {*leave_out})
        one, other = (f"SELECT {columns} FROM {name}.{table}" for name in ("first", "second"))
        return _rows(connection, f"({one}) EXCEPT ALL ({other})", limit), _rows(
            connection, f"({other}) EXCEPT ALL ({one})", limit
        )


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, tuple[tuple[str, str, str], ...], str]]:
    comments = dict(
        connection.execute(
            "SELECT schema_name || '.' || table_name, coalesce(comment, '') FROM duckdb_tables() "
            "WHERE database_name = current_database() AND NOT internal "
            "UNION ALL SELECT schema_name || '.' || view_name, coalesce(comment, '') FROM duckdb_views() "
            "WHERE database_name = current_database() AND NOT internal"
        ).fetchall()
    )
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, list([column_name, data_type, coalesce(comment, '')] "
        "ORDER BY column_index) FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal GROUP BY 1 ORDER BY 1"
    ).fetchall()
    for name, columns in rows:
        yield name, tuple((column, kind, words) for column, kind, words in columns), comments[name]


def _content(
    connection: duckdb.DuckDBPyConnection,
    full_name: str,
    columns: tuple[tuple[str, str, str], ...],
    comment: str,
    leave_out: Collection[str],
) -> TableContent:
    hashed = ", ".join(
        f"{quoted(name)} IS NULL" if {name, f"{full_name}.{name}"} & {*leave_out} else quoted(name)
        for name, _, _ in columns
    )
    row = connection.execute(
        f"SELECT count(*), coalesce(sum(hash({hashed})::HUGEINT), 0) FROM {quoted(*full_name.split('.', 1))}"
    ).fetchone()
    assert row is not None
    return TableContent(columns, comment, row[0], int(row[1]))


def _macros(connection: duckdb.DuckDBPyConnection) -> TableContent:
    row = connection.execute(
        "SELECT count(*), coalesce(sum(hash(schema_name, function_name, parameters, macro_definition, comment)"
        "::HUGEINT), 0) FROM duckdb_functions() WHERE database_name = current_database() AND NOT internal"
    ).fetchone()
    assert row is not None
    return TableContent((), "", row[0], int(row[1]))


def _rows(connection: duckdb.DuckDBPyConnection, query: str, limit: int) -> list[dict[str, object]]:
    cursor = connection.execute(f"{query} LIMIT {limit}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
