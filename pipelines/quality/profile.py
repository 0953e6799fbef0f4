"""The profile of a build: rows of each table, nulls of each column, kept over builds in quality.profile.

Belongs here: counting. Does not: comparing with the build before (expectations/rules/drift.py).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import duckdb

from pipelines.tables import SOURCE_TABLES, create_statement, quoted

PROFILED_SCHEMAS = ("core", "marts")
"""Schemas of which every table is profiled; of the others only raw.record_version."""

_VERSIONS = "raw.record_version"
_COLUMNS = """
SELECT schema_name || '.' || table_name AS full_name, list(column_name ORDER BY column_index)
FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal
  AND (list_contains(?, schema_name) OR schema_name || '.' || table_name = ?)
GROUP BY ALL ORDER BY full_name
"""


def write_profile(
    build: duckdb.DuckDBPyConnection, run_id: str, profiled_at: datetime, *, leave_out: Collection[str] = ()
) -> int:
    """Write the run's rows of quality.profile, in place of any it has there; other runs stay. Returns their number.

    One scan for each table. `leave_out` names tables (`schema.name`) that are not made yet in this run. `profiled_at`
    orders the runs: it is moved behind all others where the machine's clock went back. Raises ValueError for a time
    without zone.
    """
    if profiled_at.tzinfo is None:
        raise ValueError("profiled_at has no time zone; give an aware datetime, as datetime.now(UTC)")
    found = build.execute(_COLUMNS, [list(PROFILED_SCHEMAS), _VERSIONS]).fetchall()
    rows: list[tuple[str, str, int, int | None]] = []
    for table, columns in found:
        if table not in leave_out:
            rows += _count(build, table, columns)
    build.execute("CREATE SCHEMA IF NOT EXISTS quality")
    build.execute(create_statement(SOURCE_TABLES["quality.profile"]))
    build.begin()
    try:
        build.execute("DELETE FROM quality.profile WHERE run_id = ?", [run_id])
        newest = build.execute("SELECT max(profiled_at) FROM quality.profile").fetchall()[0][0]
        moment = profiled_at.astimezone(UTC).replace(tzinfo=None)
        if newest is not None and moment <= newest:
            moment = newest + timedelta(microseconds=1)
        if rows:
            build.executemany(
                "INSERT INTO quality.profile (run_id, profiled_at, table_name, column_name, row_count, null_count) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [[run_id, moment, *row] for row in rows],
            )
    except BaseException:
        build.rollback()
        raise
    build.commit()
    return len(rows)


def _count(build: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> list[tuple[str, str, int, int | None]]:
    """table_name, column_name, row_count, null_count: a row for the table, then one for each column."""
    counts = "".join(f", count({quoted(column)})" for column in columns)
    total, *filled = build.execute(f"SELECT count(*){counts} FROM {quoted(*table.split('.', 1))}").fetchall()[0]
    there = [(table, column, total, total - known) for column, known in zip(columns, filled, strict=True)]
    return [(table, "", total, None), *there]
