"""A build: the file beside the published warehouse that one run fills.

Belongs here: beginning a build as a copy of the published one, its tables, and giving it up. Does not:
filling it (staging, quality, models), auditing (audit.py) or publishing it (publish.py).

A build begins from a copy, so what earlier runs read is in it and only new landing files have to be read.
Where the file system can, the copy shares its blocks with the original and takes no time. A killed run
leaves a hidden file behind that the next `begin_build` removes; nothing ever refers to it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.tables import (
    SOURCE_TABLES,
    SourceTable,
    comment_statements,
    create_statement,
    quoted,
)
from pipelines.warehouse.builds import building_path, current_build, new_build_id, rejected_path
from pipelines.warehouse.connect import connect_writer
from pipelines.warehouse.lock import WriterLock, acquire_writer_lock

SCHEMAS: dict[str, str] = {
    "raw": "What was read: landing files and record versions.",
    "staging": "Every field of every accepted record version, flat and typed, derived from the study shape.",
    "quality": "Quarantine, unknown fields, rules, their results and violations.",
    "core": "The harmonised model: current records, trials and their parts.",
    "history": "How records changed from version to version.",
    "marts": "Ready answers to common questions.",
    "aact": "ClinicalTrials.gov records under the table and column names of AACT, so that its queries run.",
    "meta": "Models, columns, lineage and builds.",
}
"""The schemas, described for the data dictionary: DuckDB 1.5 has no COMMENT ON SCHEMA (2026-11)."""

_FICLONE = 0x40049409  # linux/fs.h: share the blocks of another file (btrfs, XFS, bcachefs, overlay on them)


@dataclass
class Build:
    """A build in the making. `base` is the file it was copied from, None for the first one; `published`
    says that readers have it, from when on it can no longer be abandoned.

    The connection is opened when it is first asked for; `release()` closes it so that a library with a
    connection of its own can open the file, and the next use opens it again.
    """

    build_id: str
    run_id: str
    settings: Settings
    path: Path
    work_dir: Path
    base: Path | None
    started_at: datetime
    lock: WriterLock
    published: bool = False
    published_at: datetime | None = None
    _connection: duckdb.DuckDBPyConnection | None = field(default=None, repr=False)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The writing connection."""
        if self._connection is None:
            self._connection = connect_writer(self.path, self.settings, self.work_dir / "spill")
        return self._connection

    def release(self) -> None:
        """Write everything to the file and close the connection; no write-ahead log stays behind."""
        if self._connection is not None:
            self._connection.execute("CHECKPOINT")
            self.close()

    def close(self) -> None:
        """Close the connection as it is."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def begin_build(settings: Settings, run_id: str, wait_seconds: float = 0.0) -> Build:
    """Take the writer lock and lay out a build file with every schema and source table.

    `wait_seconds` is how long to wait for another writer before WriterBusyError. Raises WarehouseError for a
    broken link, OSError where the home cannot be written. On any failure the lock is released and nothing is
    left.
    """
    lock = acquire_writer_lock(settings, run_id, wait_seconds)
    build: Build | None = None
    try:
        remove_leftovers(settings)
        started_at = datetime.now(UTC).replace(tzinfo=None)
        build_id = new_build_id(run_id, started_at)
        work_dir = settings.work_dir / build_id
        work_dir.mkdir(parents=True)
        settings.builds_dir.mkdir(parents=True, exist_ok=True)
        base = current_build(settings)
        path = building_path(settings, build_id)
        build = Build(build_id, run_id, settings, path, work_dir, base, started_at, lock)
        if base is not None:
            copy_file(base, path)
        build.connection.execute("BEGIN")  # one commit: hundreds of small ones cost half a second (2026-11)
        prepare_tables(build.connection)
        build.connection.execute("COMMIT")
    except BaseException:
        if build is not None:
            abandon(build)
        lock.release()
        raise
    return build


def copy_file(source: Path, target: Path) -> None:
    """Copy `source` to the new, writable file `target`, sharing blocks where the file system can."""
    with source.open("rb") as reading, target.open("xb") as writing:
        try:
            fcntl.ioctl(writing.fileno(), _FICLONE, reading.fileno())
        except OSError as error:
            # Every refusal but a full disk means "not between these two files": copy instead.
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
        else:
            return
    shutil.copyfile(source, target)


def prepare_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing of SCHEMAS and SOURCE_TABLES, add columns that newer code knows, write the
    comments.
    """
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    commented = _comments(connection)
    present = _present_columns(connection)
    for table in SOURCE_TABLES.values():
        known = present.get((table.schema, table.name))
        if known is None:
            connection.execute(create_statement(table))
        else:
            _add_missing_columns(connection, table, known)
        if _wanted_comments(table) != {key: commented.get(key) for key in _wanted_comments(table)}:
            connection.execute(";\n".join(comment_statements(table)))


def _present_columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], set[str]]:
    rows = connection.execute(
        "SELECT schema_name, table_name, list(column_name) FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal GROUP BY ALL"
    ).fetchall()
    return {(schema, table): set(columns) for schema, table, columns in rows}


def _comments(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str | None], str]:
    rows = connection.execute(
        "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal "
        "UNION ALL SELECT schema_name, table_name, NULL, comment FROM duckdb_tables() "
        "WHERE database_name = current_database() AND NOT internal"
    ).fetchall()
    return {(schema, table, column): comment for schema, table, column, comment in rows}


def _wanted_comments(table: SourceTable) -> dict[tuple[str, str, str | None], str]:
    wanted: dict[tuple[str, str, str | None], str] = {
        (table.schema, table.name, column.name): column.comment for column in table.columns
    }
    wanted[(table.schema, table.name, None)] = table.comment
    return wanted


def _add_missing_columns(connection: duckdb.DuckDBPyConnection, table: SourceTable, known: set[str]) -> None:
    """A build of older code lacks columns of newer code: rows that are there get NULL in them."""
    for column in table.columns:
        if column.name not in known:
            connection.execute(
                f"ALTER TABLE {quoted(table.schema, table.name)} ADD COLUMN {quoted(column.name)} {column.duckdb_type}"
            )


def abandon(build: Build, *, keep_for_inspection: bool = False) -> Path | None:
    """Give the build up: remove its file and scratch, release the lock. The published warehouse is untouched.

    With `keep_for_inspection` the file replaces the last rejected one; its path is returned.
    """
    kept: Path | None = None
    try:
        if build.published:
            pass  # readers have it: only the lock is still ours to give back
        elif keep_for_inspection and build.path.exists():
            build.release()
            kept = rejected_path(build.settings)
            _remove_database(kept)
            build.path.replace(kept)
        else:
            build.close()
            _remove_database(build.path)
        shutil.rmtree(build.work_dir, ignore_errors=True)
    finally:
        build.close()
        build.lock.release()
    return kept


def remove_leftovers(settings: Settings) -> list[Path]:
    """Remove what killed runs left behind; only the holder of the writer lock may call this. Returns what
    was removed.
    """
    removed = []
    if settings.builds_dir.is_dir():
        for path in settings.builds_dir.glob(".building_*"):
            path.unlink(missing_ok=True)
            removed.append(path)
    for path in settings.home_dir.glob(".warehouse_link_*"):
        path.unlink(missing_ok=True)
        removed.append(path)
    if settings.work_dir.is_dir():
        for path in settings.work_dir.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            removed.append(path)
    return removed


def _remove_database(path: Path) -> None:
    for name in (path, path.with_name(path.name + ".wal")):
        name.unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".tmp"), ignore_errors=True)


def sync_to_disk(path: Path) -> None:
    """Force a file's or folder's content to the disk, so that a power cut cannot undo a rename that was
    seen.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
