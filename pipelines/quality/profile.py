"""The profile of a build: rows of each table, nulls of each column, kept over builds in quality.profile.

Belongs here: counting what a build holds. Does not: what one run's load brought (load_profile.py), comparing with the
build before (expectations/rules/drift.py).

Tables of core are counted once more for each registry and raw format, for formats differ in what they can carry: the
arrival of a sparse one moves every overall rate, and none of these.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import duckdb

from pipelines.tables import SOURCE_TABLES, create_statement, quoted
from pipelines.transaction import in_one_transaction

PROFILED_SCHEMAS = ("core", "marts")
"""Schemas of which every table is profiled, and every view of core. Of raw and staging rows are counted, and columns of
raw.record_version only.
"""

_VERSIONS = "raw.record_version"
_GROUPED_SCHEMA = "core"
_GROUPS = "temp.profile_record"
_COLUMNS = """
SELECT schema_name || '.' || table_name AS full_name, list(column_name ORDER BY column_index)
FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal
  AND (list_contains(?, schema_name) OR schema_name || '.' || table_name = ?)
  -- A view of marts shows staged rows, which are counted where they lie; reading those of all results takes a minute.
  AND NOT (schema_name = 'marts' AND table_name IN (
    SELECT view_name FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'marts'
  ))
GROUP BY ALL ORDER BY full_name
"""
_ROWS_ONLY = """
SELECT schema_name || '.' || table_name AS full_name FROM duckdb_tables()
WHERE database_name = current_database() AND NOT internal AND schema_name IN ('raw', 'staging') AND full_name <> ?
ORDER BY full_name
"""


class Count(NamedTuple):
    """A row of quality.profile without its run. `column_name` is empty and `null_count` NULL for the table itself."""

    table_name: str
    column_name: str
    row_count: int
    null_count: int | None
    registry: str | None = None
    source_format: str | None = None


def moment_of(given: datetime, newest: datetime | None) -> datetime:
    """The time as UTC without zone, behind `newest` even where the machine's clock went back.

    ValueError for a time without zone.
    """
    if given.tzinfo is None:
        raise ValueError("profiled_at has no time zone; give an aware datetime, as datetime.now(UTC)")
    moment = given.astimezone(UTC).replace(tzinfo=None)
    return moment if newest is None or moment > newest else newest + timedelta(microseconds=1)


def write_profile(
    build: duckdb.DuckDBPyConnection, run_id: str, profiled_at: datetime, *, leave_out: Collection[str] = ()
) -> int:
    """Write the run's rows of quality.profile, in place of any it has there; other runs stay. Returns their number.

    One scan for each table of core and marts, two where a warehouse holds several formats. `leave_out` names tables
    (`schema.name`) that are not made yet in this run. `profiled_at` orders the runs: it is moved behind all others
    where the machine's clock went back. Raises ValueError for a time without zone.
    """
    moment_of(profiled_at, None)
    rows = count_build(build, leave_out)
    build.execute("CREATE SCHEMA IF NOT EXISTS quality")
    build.execute(create_statement(SOURCE_TABLES["quality.profile"]))
    with in_one_transaction(build):
        build.execute("DELETE FROM quality.profile WHERE run_id = ?", [run_id])
        newest = build.execute("SELECT max(profiled_at) FROM quality.profile").fetchall()[0][0]
        moment = moment_of(profiled_at, newest)
        if rows:
            build.execute(
                "INSERT INTO quality.profile (run_id, profiled_at, table_name, column_name, row_count, null_count, "
                "registry, source_format) SELECT ?, ?, unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), "
                "unnest(?::BIGINT[]), unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                [run_id, moment, *map(list, zip(*rows, strict=True))],
            )
    return len(rows)


def count_build(build: duckdb.DuckDBPyConnection, leave_out: Collection[str]) -> list[Count]:
    """Every row of the build's profile."""
    found = build.execute(_COLUMNS, [list(PROFILED_SCHEMAS), _VERSIONS]).fetchall()
    tables = {table: columns for table, columns in found if table not in leave_out}
    rows: list[Count] = []
    for table, columns in tables.items():
        rows += _count(build, table, columns)
    for (table,) in build.execute(_ROWS_ONLY, [_VERSIONS]).fetchall():
        if table not in leave_out:
            rows += _count(build, table, [])
    return rows + _count_groups(build, tables, rows)


def _count(build: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> list[Count]:
    """A row for the table, then one for each column."""
    counts = "".join(f", count({quoted(column)})" for column in columns)
    total, *filled = build.execute(f"SELECT count(*){counts} FROM {quoted(*table.split('.', 1))}").fetchall()[0]
    there = [Count(table, column, total, total - known) for column, known in zip(columns, filled, strict=True)]
    return [Count(table, "", total, None), *there]


def _count_groups(build: duckdb.DuckDBPyConnection, tables: dict[str, list[str]], totals: list[Count]) -> list[Count]:
    """The rows of tables of core once more, for each registry and raw format of their records."""
    grouped = {
        table: columns
        for table, columns in tables.items()
        if table.startswith(f"{_GROUPED_SCHEMA}.") and "record_key" in columns
    }
    if not {"registry", "source_format"} <= set(grouped.get("core.record", ())):
        return []
    groups = build.execute("SELECT DISTINCT registry, source_format FROM core.record").fetchall()
    if len(groups) == 1:  # every row is of the one group, so there is nothing to count again
        return [row._replace(registry=groups[0][0], source_format=groups[0][1]) for row in totals
                if row.table_name in grouped]  # fmt: skip
    build.execute(
        f"CREATE OR REPLACE TEMP TABLE {_GROUPS.removeprefix('temp.')} AS "
        "SELECT record_key, registry AS group_registry, source_format AS group_format FROM core.record"
    )
    rows: list[Count] = []
    for table, columns in grouped.items():
        counts = "".join(f", count(counted.{quoted(column)})" for column in columns)
        found = build.execute(
            f"SELECT group_registry, group_format, count(*){counts} FROM {quoted(*table.split('.', 1))} AS counted "
            f"JOIN {_GROUPS} USING (record_key) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for registry, source_format, total, *filled in found:
            rows.append(Count(table, "", total, None, registry, source_format))
            for column, known in zip(columns, filled, strict=True):
                rows.append(Count(table, column, total, total - known, registry, source_format))
    build.execute(f"DROP TABLE {_GROUPS}")
    return rows
