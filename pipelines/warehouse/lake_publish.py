"""A finished build into the lake as one snapshot, and the lake's snapshot back into a build file.

Belongs here: what is written into the lake and what is read back. Does not: attaching it (lake.py), auditing, the link
in the home (publish.py).

All of a build becomes visible with one commit: a reader has all of the former snapshot or all of the new one. Tables
whose content is what the lake has are left alone; of staged tables that have only grown the new versions are added.
Which content the lake has stands in CONTENT, written with the same commit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import sqlglot

from pipelines.settings import Settings, Storage
from pipelines.tables import literal, quoted
from pipelines.warehouse.builds import BUILDING
from pipelines.warehouse.connect import STORAGE_VERSION
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.lake import LAKE, attached_lake, reachable
from pipelines.warehouse.macros import copy_macros

CONTENT = "meta.lake_content"
"""Rows and hash of each table as it was published; only the lake has it."""

FILES_KEPT_FOR = "1 day"
"""Files of expired snapshots live on so long for readers that still have them open."""

_BUILD = "build"
_VERSIONS = "raw.record_version"
_LAST_BUILD = "SELECT build_id FROM {}.meta.build ORDER BY published_at DESC NULLS LAST LIMIT 1"


@dataclass(frozen=True, slots=True)
class LakePublished:
    """What one publish did to the tables; all others were as they should be."""

    replaced: tuple[str, ...]
    grown: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    schema: str
    name: str
    sql: str
    comment: str
    columns: tuple[tuple[str, str, bool, str], ...]

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def place(self) -> str:
        return quoted(self.schema, self.name)

    @property
    def has_versions(self) -> bool:
        return self.schema == "staging" and any(name == "version_id" for name, *_ in self.columns)


def lake_build(storage: Storage) -> str | None:
    """The build that the lake serves, None where nothing was published into it. Raises as attached_lake does."""
    with attached_lake(storage, read_only=False) as connection, reachable():
        return _last_build(connection)


def publish_to_lake(
    storage: Storage, settings: Settings, path: Path, build_id: str, base_id: str | None, work_dir: Path | None = None
) -> LakePublished:
    """Make the lake hold what the closed build file `path` holds, in one commit.

    `base_id` is the build that the lake is expected to serve so far; another one was published from elsewhere
    meanwhile, and WarehouseError says so. LakeUnavailableError where catalog or storage fail: the lake then serves the
    former snapshot (or, where only the answer to the commit was lost, the new one). Doing it again is harmless.
    """
    with (
        attached_lake(storage, read_only=False, settings=settings, work_dir=work_dir) as connection,
        reachable(),
    ):
        connection.execute(f"ATTACH {literal(str(path))} AS {_BUILD} (READ_ONLY)")
        connection.begin()
        served = _last_build(connection)
        if served == build_id:
            return LakePublished((), (), ())
        if served is not None and served != base_id:
            raise WarehouseError(
                f"the lake serves build {served}, not {base_id or 'nothing'}, from which this one was made: another "
                "home publishes into the same lake. Let one home write; run again to go on from the lake."
            )
        done = _bring_in(connection)
        connection.execute(f"CALL {LAKE}.set_commit_message('trialmart', {literal(f'build {build_id}')})")
        connection.commit()
        _tidy(connection, settings.keep_builds)
    return done


def _bring_in(connection: duckdb.DuckDBPyConnection) -> LakePublished:
    wanted, present = _tables(connection, _BUILD), _tables(connection, LAKE)
    _create_schemas(connection, _BUILD, wanted)
    for schema, name in _views(connection, LAKE):
        connection.execute(f"DROP VIEW {quoted(schema, name)}")
    dropped = tuple(sorted(present.keys() - wanted.keys() - {CONTENT}))
    for name in dropped:
        connection.execute(f"DROP TABLE {present[name].place}")
    had = _known_content(connection, present)
    _note_known_versions(connection, present)
    contents: list[tuple[str, int, int]] = []
    replaced, grown = [], []
    for name, table in wanted.items():
        rows, hashed, known_rows, known_hash = _content(connection, table)
        contents.append((name, rows, hashed))
        same_shape = name in present and present[name].columns == table.columns
        if not (same_shape and name in had):
            _replace(connection, table)
            replaced.append(name)
        elif had[name] == (rows, hashed):
            pass
        elif table.has_versions and had[name] == (known_rows, known_hash):
            connection.execute(
                f"INSERT INTO {LAKE}.{table.place} FROM {_BUILD}.{table.place} "
                "WHERE version_id NOT IN (FROM known_version)"
            )
            grown.append(name)
        else:
            _replace(connection, table)
            replaced.append(name)
        if name in present and present[name].comment != table.comment:
            connection.execute(f"COMMENT ON TABLE {table.place} IS {literal(table.comment)}")
    _write_content(connection, contents)
    _copy_views(connection)
    copy_macros(connection, _BUILD)
    return LakePublished(tuple(replaced), tuple(grown), dropped)


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, _Table]:
    rows = connection.execute(
        """
        SELECT t.schema_name, t.table_name, t.sql, coalesce(t.comment, ''),
               list((c.column_name, c.data_type, c.is_nullable, coalesce(c.comment, '')) ORDER BY c.column_index)
        FROM duckdb_tables() AS t
        JOIN duckdb_columns() AS c USING (database_name, schema_name, table_name)
        WHERE t.database_name = ? AND NOT t.internal
        GROUP BY ALL ORDER BY 1, 2
        """,
        [database],
    ).fetchall()
    tables = (_Table(schema, name, sql, comment, tuple(columns)) for schema, name, sql, comment, columns in rows)
    return {table.full_name: table for table in tables}


def _views(connection: duckdb.DuckDBPyConnection, database: str) -> dict[tuple[str, str], tuple[str, str]]:
    """SQL and comment of each view by schema and name, one that reads another after it."""
    rows = connection.execute(
        "SELECT schema_name, view_name, sql, coalesce(comment, '') FROM duckdb_views() "
        "WHERE database_name = ? AND NOT internal ORDER BY ALL",
        [database],
    ).fetchall()
    found = {(schema, name): (sql, comment) for schema, name, sql, comment in rows}
    reads = {
        view: {(table.db, table.name) for table in sqlglot.parse_one(sql, dialect="duckdb").find_all(sqlglot.exp.Table)}
        for view, (sql, _) in found.items()
    }
    order = TopologicalSorter({view: (names & found.keys()) - {view} for view, names in reads.items()})
    return {view: found[view] for view in order.static_order()}


def _create_schemas(connection: duckdb.DuckDBPyConnection, source: str, tables: dict[str, _Table]) -> None:
    """The schemas of the database `source` that hold anything, in the current database."""
    names = {table.schema for table in tables.values()} | {schema for schema, _ in _views(connection, source)}
    for schema in sorted(names):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")


def _copy_views(connection: duckdb.DuckDBPyConnection) -> None:
    """The build's views; what their columns mean is in meta.column, since DuckLake takes no comment on them."""
    for (schema, name), (sql, comment) in _views(connection, _BUILD).items():
        connection.execute(sql)
        connection.execute(f"COMMENT ON VIEW {quoted(schema, name)} IS {literal(comment)}")


def _last_build(connection: duckdb.DuckDBPyConnection) -> str | None:
    if f"{CONTENT}" not in _tables(connection, LAKE):
        return None
    row = connection.execute(_LAST_BUILD.format(LAKE)).fetchone()
    return None if row is None else str(row[0])


def _known_content(connection: duckdb.DuckDBPyConnection, present: dict[str, _Table]) -> dict[str, tuple[int, int]]:
    if CONTENT not in present:
        return {}
    rows = connection.execute(f"SELECT name, rows, hash FROM {LAKE}.{CONTENT}").fetchall()
    return {name: (count, int(hashed)) for name, count, hashed in rows}


def _note_known_versions(connection: duckdb.DuckDBPyConnection, present: dict[str, _Table]) -> None:
    source = f"SELECT version_id FROM {LAKE}.{_VERSIONS}" if _VERSIONS in present else "SELECT 0::BIGINT LIMIT 0"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE known_version AS {source}")


def _content(connection: duckdb.DuckDBPyConnection, table: _Table) -> tuple[int, int, int, int]:
    """Rows and sum of hashes of a table of the build; the same of the rows whose version the lake has already."""
    hashed = f"hash({', '.join(quoted(name) for name, *_ in table.columns)})::HUGEINT"
    known = "version_id IN (FROM known_version)" if table.has_versions else "false"
    row = connection.execute(
        f"SELECT count(*), coalesce(sum(h), 0)::VARCHAR, count(*) FILTER (k), coalesce(sum(h) FILTER (k), 0)::VARCHAR "
        f"FROM (SELECT {hashed} AS h, {known} AS k FROM {_BUILD}.{table.place})"
    ).fetchone()
    assert row is not None
    return row[0], int(row[1]), row[2], int(row[3])


def _replace(connection: duckdb.DuckDBPyConnection, table: _Table) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {table.place}")
    _create(connection, table)
    connection.execute(f"INSERT INTO {table.place} FROM {_BUILD}.{table.place}")


def _create(connection: duckdb.DuckDBPyConnection, table: _Table) -> None:
    columns = ", ".join(
        f"{quoted(name)} {kind}{'' if nullable else ' NOT NULL'}" for name, kind, nullable, _ in table.columns
    )
    connection.execute(f"CREATE TABLE {table.place} ({columns})")
    connection.execute(f"COMMENT ON TABLE {table.place} IS {literal(table.comment)}")
    for name, _, _, comment in table.columns:
        place = quoted(table.schema, table.name, name)
        connection.execute(f"COMMENT ON COLUMN {place} IS {literal(comment)}")


def _write_content(connection: duckdb.DuckDBPyConnection, contents: Sequence[tuple[str, int, int]]) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {LAKE}.{CONTENT}")
    connection.execute(f"CREATE TABLE {LAKE}.{CONTENT} (name VARCHAR, rows BIGINT, hash VARCHAR)")
    connection.execute(f"COMMENT ON TABLE {LAKE}.{CONTENT} IS 'Rows and hash of each table as it was published.'")
    rows = ", ".join(f"({literal(name)}, {count}, '{hashed}')" for name, count, hashed in contents)
    connection.execute(f"INSERT INTO {LAKE}.{CONTENT} VALUES {rows}")


def _tidy(connection: duckdb.DuckDBPyConnection, keep: int) -> None:
    """Let go of snapshots beyond the last `keep`, and of files that none needs or a broken publish left behind.

    What cannot be removed now does no harm and is tried again after the next publish.
    """
    try:
        rows = connection.execute(f"SELECT snapshot_id FROM {LAKE}.snapshots() ORDER BY snapshot_id DESC").fetchall()
        old = [row[0] for row in rows[keep:]]
        if old:
            connection.execute(f"CALL ducklake_expire_snapshots('{LAKE}', versions => {old})")
        for function in ("ducklake_cleanup_old_files", "ducklake_delete_orphaned_files"):
            connection.execute(f"CALL {function}('{LAKE}', older_than => now() - INTERVAL {literal(FILES_KEPT_FOR)})")
    except duckdb.Error:
        return


def restore_from_lake(storage: Storage, settings: Settings, target: Path) -> str | None:
    """Write the lake's current snapshot to the new build file `target`; its build id, None where the lake is empty.

    For a home that is new, or behind its lake. The file appears under its name only when it is whole.
    """
    part = target.with_name(f"{BUILDING}{target.name}")
    part.unlink(missing_ok=True)
    with attached_lake(storage, read_only=True, settings=settings) as connection, reachable():
        connection.begin()
        tables = _tables(connection, LAKE)
        build_id = _last_build(connection)
        if build_id is None:
            return None
        connection.commit()
        connection.execute(f"ATTACH {literal(str(part))} AS {_BUILD} (STORAGE_VERSION {literal(STORAGE_VERSION)})")
        connection.execute(f"USE {_BUILD}")
        connection.begin()
        _create_schemas(connection, LAKE, tables)
        for name, table in tables.items():
            if name != CONTENT:
                _create(connection, table)
                connection.execute(f"INSERT INTO {table.place} FROM {LAKE}.{table.place}")
        for (schema, name), (sql, comment) in _views(connection, LAKE).items():
            connection.execute(re.sub(r"\ACREATE VIEW \S+", f"CREATE VIEW {quoted(schema, name)}", sql, count=1))
            connection.execute(f"COMMENT ON VIEW {quoted(schema, name)} IS {literal(comment)}")
        copy_macros(connection, LAKE)
        connection.commit()
        connection.execute(f"USE {LAKE}; DETACH {_BUILD}")
    part.chmod(0o444)
    part.rename(target)
    return build_id
