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
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.landing.copying import COPYING
from pipelines.settings import Settings, Storage
from pipelines.tables import (
    SOURCE_TABLES,
    SourceTable,
    comment_statements,
    create_statement,
    quoted,
)
from pipelines.warehouse.builds import (
    BUILDING,
    PUBLISHING,
    build_id_of,
    build_places,
    building_path,
    check_first_build,
    current_build,
    empty_build_folders,
    list_builds,
    new_build_id,
    published_path,
    publishing_mark,
    rejected_path,
    remove_build,
    switch_link,
)
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

    def now(self) -> datetime:
        """The time (UTC), never before this build began, and so never before the builds it descends from were
        published: rows are put in order by it, also where the machine's clock was set back.
        """
        return max(datetime.now(UTC), self.started_at.replace(tzinfo=UTC))

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
        catch_up(settings, Storage())
        remove_leftovers(settings)
        started_at = _beginning(settings)
        build_id = new_build_id(run_id, started_at)
        work_dir = settings.work_dir / build_id
        work_dir.mkdir(parents=True)
        settings.builds_dir.mkdir(parents=True, exist_ok=True)
        base = current_build(settings)
        path = building_path(settings, build_id)
        build = Build(build_id, run_id, settings, path, work_dir, base, started_at, lock)
        if base is None:
            check_first_build(settings)
        else:
            copy_file(base, path)
        build.connection.execute("BEGIN")  # one commit: hundreds of small ones cost half a second (2026-11)
        prepare_tables(build.connection)
        build.connection.execute("COMMIT")
        _move_behind_former(build)
    except BaseException:
        if build is not None:
            abandon(build)
        lock.release()
        raise
    return build


def _beginning(settings: Settings) -> datetime:
    """Now (UTC, without zone), or just after the newest build where the clock says that this was later: ids sort
    builds.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    newest = max((build.started_at.replace(tzinfo=None) for build in list_builds(settings)), default=now)
    return now if now >= newest else newest + timedelta(seconds=1)


def _move_behind_former(build: Build) -> None:
    """Let the build begin after the one it is a copy of was published, also where the clock was set back meanwhile."""
    row = build.connection.execute("SELECT max(published_at) FROM meta.build").fetchone()
    if row is not None and row[0] is not None and row[0] >= build.started_at:
        build.started_at = row[0] + timedelta(microseconds=1)


def catch_up(settings: Settings, storage: Storage) -> None:
    """Where the warehouse is served from a lake: make this home's current build the one that the lake serves.

    They differ in a new home, and where a run was killed between the lake's commit and the switch of the link. Only the
    holder of the writer lock may call this. Raises WarehouseError, OSError where the lake cannot be reached.
    """
    if not storage.is_lake:
        return
    from pipelines.warehouse.lake_publish import lake_build, restore_from_lake  # an optional extra

    served = lake_build(storage)
    if served is None or served == build_id_of(current_build(settings)):
        return
    target = published_path(settings, served)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() or restore_from_lake(storage, settings, target) == served:
        switch_link(settings, target)


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
            remove_build(kept)
            build.path.replace(kept)
        else:
            build.close()
            remove_build(build.path)
            publishing_mark(build.settings, build.build_id).unlink(missing_ok=True)
    finally:
        try:
            shutil.rmtree(build.work_dir, ignore_errors=True)
            build.close()
        finally:
            build.lock.release()
    return kept


def remove_leftovers(settings: Settings) -> list[Path]:
    """Remove what killed runs left behind; only the holder of the writer lock may call this. Returns what
    was removed.
    """
    removed = [path for path in _leftovers(settings) if path.exists() or path.is_symlink()]
    for path in removed:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return removed


def _leftovers(settings: Settings) -> Iterator[Path]:
    served = settings.warehouse_path.resolve() if settings.warehouse_path.is_symlink() else None
    yield from settings.builds_dir.glob(f"{BUILDING}*")
    for mark in settings.builds_dir.glob(f"{PUBLISHING}*"):
        build_id = mark.name.removeprefix(PUBLISHING)
        yield from (place for file, place in build_places(settings, build_id) if file.resolve() != served)
        yield mark
    yield from empty_build_folders(settings)
    yield from settings.home_dir.glob(".warehouse_link_*")
    yield from settings.archive_dir.glob(f"*/{COPYING}*")
    yield from settings.work_dir.glob("*")
