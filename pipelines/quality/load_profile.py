"""The profile of a load: what one run's new record versions brought into raw and staging, kept in quality.load_profile.

Belongs here: counting, for each registry and raw format. Does not: the build as a whole (profile.py), comparing with
the loads before (expectations/rules/load_drift.py).

Staged rows are never changed, so all that a load can break in staging is what it brings itself. Against the sum of the
loads before, which is what the last published build holds, that shows at once, where a rate over the whole table would
need months of broken loads to move.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from pipelines.quality.profile import moment_of
from pipelines.study.shape import staged_tables
from pipelines.tables import SOURCE_TABLES, create_statement, quoted
from pipelines.transaction import in_one_transaction

_TABLE = "quality.load_profile"
_LOADED = "temp.load_version"
_VERSIONS = "raw.record_version"

Row = tuple[str, str, str, str, int, int, int]
"""registry, source_format, table_name, column_name, row_count, version_count, filled_count."""


def write_load_profile(build: duckdb.DuckDBPyConnection, run_id: str, profiled_at: datetime) -> int:
    """Write the run's rows of quality.load_profile, in place of any it has there; other runs stay. Gives their number.

    For each registry and raw format of the versions that the run accepted: the versions, the rows of each staged table
    and the versions that have any, the rows in which each column is filled. No rows where nothing was accepted. Costs
    one scan of the staged tables. Raises ValueError for a time without zone.
    """
    moment_of(profiled_at, None)
    rows = _count_load(build, run_id)
    build.execute("CREATE SCHEMA IF NOT EXISTS quality")
    build.execute(create_statement(SOURCE_TABLES[_TABLE]))
    with in_one_transaction(build):
        build.execute(f"DELETE FROM {_TABLE} WHERE run_id = ?", [run_id])
        newest = build.execute(f"SELECT max(profiled_at) FROM {_TABLE}").fetchall()[0][0]
        moment = moment_of(profiled_at, newest)
        if rows:
            texts, numbers = "unnest(?::VARCHAR[]), " * 4, "unnest(?::BIGINT[]), " * 3
            build.execute(
                f"INSERT INTO {_TABLE} (run_id, profiled_at, registry, source_format, table_name, column_name, "
                f"row_count, version_count, filled_count) SELECT ?, ?, {texts}{numbers.rstrip(', ')}",
                [run_id, moment, *map(list, zip(*rows, strict=True))],
            )
    return len(rows)


def _count_load(build: duckdb.DuckDBPyConnection, run_id: str) -> list[Row]:
    build.execute(
        f"CREATE OR REPLACE TEMP TABLE {_LOADED.removeprefix('temp.')} AS "
        f"SELECT version_id, registry AS load_registry, source_format AS load_format FROM {_VERSIONS} WHERE run_id = ?",
        [run_id],
    )
    there = _tables(build)
    groups = build.execute(
        f"SELECT load_registry, load_format, count(*) FROM {_LOADED} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    everything = build.execute(f"SELECT count(*) FROM {_VERSIONS}").fetchall()[0][0]
    is_all = len(groups) == 1 and groups[0][2] == everything  # the first load: nothing to join
    rows: list[Row] = []
    for table, columns in there.items() if groups else ():
        counts = "".join(f", count(counted.{quoted(column)})" for column in columns)
        relation = quoted(*table.split(".", 1))
        sql = f"count(*), count(DISTINCT counted.version_id){counts} FROM {relation} AS counted"
        if is_all:
            found = [(*groups[0][:2], *row) for row in build.execute(f"SELECT {sql}").fetchall()]
        else:
            first = _first_row(build, relation)
            if first is None:
                continue
            found = build.execute(
                f"SELECT load_registry, load_format, {sql} JOIN {_LOADED} USING (version_id) "
                f"WHERE counted.rowid >= {first} GROUP BY ALL ORDER BY ALL"
            ).fetchall()
        for registry, source_format, total, versions, *filled in found:
            if total:
                rows.append((registry, source_format, table, "", total, versions, total))
                for column, known in zip(columns, filled, strict=True):
                    rows.append((registry, source_format, table, column, total, versions, known))
    build.execute(f"DROP TABLE {_LOADED}")
    return rows


def _first_row(build: duckdb.DuckDBPyConnection, relation: str) -> int | None:
    """The first row of this load in a table. A run adds its rows behind all others, which then need not be read."""
    first = build.execute(f"SELECT min(rowid) FROM {relation} SEMI JOIN {_LOADED} USING (version_id)").fetchall()[0][0]
    return None if first is None else int(first)


def _tables(build: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """raw.record_version and the staged tables of the shape that the build has, with their columns but the keys."""
    keys = {f"staging.{table.name}": set(table.key) for table in staged_tables().values()}
    keys[_VERSIONS] = {"version_id"}
    found = build.execute(
        "SELECT schema_name || '.' || table_name AS full_name, list(column_name ORDER BY column_index) "
        "FROM duckdb_columns() WHERE database_name = current_database() AND schema_name IN ('raw', 'staging') "
        "GROUP BY ALL ORDER BY full_name"
    ).fetchall()
    return {table: [name for name in columns if name not in keys[table]] for table, columns in found if table in keys}
