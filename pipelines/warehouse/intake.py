"""What in landing is not in the warehouse yet.

Belongs here: comparing the landing folder with raw.file, cheaply first (path, size, time), then by content; archiving
what is new. Does not: reading records. Imports neither polars nor Dagster, so that a run with nothing to do says so at
once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipelines.landing.catalogue import (
    ArchivedFile,
    BadFile,
    FileRefused,
    LandingFile,
    archive_file,
    archive_path,
    fingerprint,
    scan,
)
from pipelines.landing.origin import origin_of
from pipelines.landing.reasons import READER_FAILED, UNKNOWN_FORMAT
from pipelines.settings import Settings, Storage
from pipelines.warehouse.builds import current_build
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.versions import current_versions, links_version, reader_version

SIDE_BY_SIDE = 8
SMALL_BYTES = 1024 * 1024
"""Files up to this size are copied so many side by side, since each waits for the disk to say that it has it: 5,000
records in a file each 12.6 → 4.3 s, on a disk that takes 5 ms more for it 47 → 7 s (2026-11).
"""
_WINDOW = 64 * SIDE_BY_SIDE


@dataclass(frozen=True)
class KnownContent:
    """What raw.file of a build says: (path, bytes, modified_at) of every content read, hashes, sizes in bytes, and the
    paths noted as unreadable.
    """

    stats: frozenset[tuple[str, int, datetime]] = frozenset()
    sha256: frozenset[str] = frozenset()
    sizes: frozenset[int] = frozenset()
    unreadable: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Intake:
    """What a look at landing found: all files, those whose path, size and time are not known, faults not noted yet."""

    found: int
    candidates: tuple[LandingFile, ...]
    unreadable: tuple[BadFile, ...]


@dataclass(frozen=True)
class Archived:
    """The contents that are new, each once, in the order of their paths; files of which no content could be had; and
    contents known before that the readers of today may be able to read.
    """

    files: tuple[ArchivedFile, ...]
    unreadable: tuple[BadFile, ...]
    again: tuple[ArchivedFile, ...] = ()


def known_content(connection: duckdb.DuckDBPyConnection) -> KnownContent:
    """What the build behind `connection` has read."""
    rows = connection.execute("SELECT path, bytes, modified_at, sha256 FROM raw.file").fetchall()
    read = [row for row in rows if row[3]]
    return KnownContent(
        stats=frozenset((path, size, at) for path, size, at, _ in read),
        sha256=frozenset(row[3] for row in read),
        sizes=frozenset(row[1] for row in read),
        unreadable=frozenset(row[0] for row in rows if not row[3]),
    )


def known_in_published(settings: Settings) -> KnownContent:
    """What the published warehouse has read; nothing where none is published. Raises WarehouseError."""
    current = current_build(settings)
    if current is None:
        return KnownContent()
    with connect_read_only(current) as connection:
        return known_content(connection)


def look(settings: Settings, known: KnownContent) -> Intake:
    """Scan landing, looking at names, sizes and times only. Raises LandingError where it cannot be read."""
    catalogue = scan(settings.landing_dir, settings.home_dir)
    candidates = tuple(
        file
        for file in catalogue.files
        if (file.relative_path, file.bytes, file.modified_at.replace(tzinfo=None)) not in known.stats
    )
    unreadable = tuple(bad for bad in catalogue.bad if bad.relative_path not in known.unreadable)
    return Intake(len(catalogue.files) + len(catalogue.bad), candidates, unreadable)


def has_new_content(intake: Intake, known: KnownContent) -> bool:
    """Whether anything of the intake is truly new: a known content under another name or time is not.

    Reads only files of a size that is known already. A file that cannot be read is new unless noted as unreadable.
    """
    return bool(intake.unreadable) or any(_is_new(file, known) for file in intake.candidates)


def _is_new(file: LandingFile, known: KnownContent) -> bool:
    if file.bytes not in known.sizes:
        return True
    try:
        return fingerprint(file) not in known.sha256
    except FileRefused:
        return file.relative_path not in known.unreadable


def archive_new(
    intake: Intake,
    known: KnownContent,
    settings: Settings,
    on_file: Callable[[int, int], None] | None = None,
) -> Archived:
    """Copy every candidate into the archive and keep those whose content is new. Raises ArchiveError.

    `on_file` is called with the number of files done and of all.
    """
    new: dict[str, ArchivedFile] = {}
    unreadable = {bad.relative_path: bad for bad in intake.unreadable}
    for number, archived in enumerate(_archive_all(intake.candidates, settings.archive_dir), start=1):
        if isinstance(archived, BadFile):
            if archived.relative_path not in known.unreadable:
                unreadable[archived.relative_path] = archived
        elif archived.sha256 not in known.sha256:
            new.setdefault(archived.sha256, archived)
        if on_file is not None:
            on_file(number, len(intake.candidates))
    return Archived(tuple(new.values()), tuple(unreadable.values()))


def _archive_all(files: Sequence[LandingFile], archive_dir: Path) -> Iterator[ArchivedFile | BadFile]:
    """The copy of each file, or why there is none, in the order of `files`. Raises ArchiveError."""

    def archived(file: LandingFile) -> ArchivedFile | BadFile:
        try:
            return archive_file(file, archive_dir)
        except FileRefused as refused:
            return refused.bad

    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="archiving") as pool:
        for is_small, group in groupby(files, key=lambda file: file.bytes <= SMALL_BYTES):
            if not is_small:
                yield from map(archived, group)
                continue
            small = list(group)
            for start in range(0, len(small), _WINDOW):
                yield from pool.map(archived, small[start : start + _WINDOW])


def changed_code(settings: Settings) -> list[str]:
    """Which parts of the code ("rules", "models", "readers") or the user's own links ("links") differ from those that
    made the published build.

    Empty where nothing is published. Changed readers count only where they may read what could not be read before: what
    has been read stays as it was read until a person asks for it to be read again (afresh.py).
    """
    current = current_build(settings)
    if current is None:
        return []
    with connect_read_only(current) as connection:
        cursor = connection.execute("FROM meta.build ORDER BY published_at DESC NULLS LAST LIMIT 1")
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
        readable = bool(to_read_again(connection, settings))
    # A build of older code lacks newer columns: as good as NULL.
    published = dict(zip(names, rows[0], strict=True)) if rows else {}
    now = current_versions()
    running = {
        "rules": ("rule_catalogue_version", now.rule_catalogue_version),
        "models": ("model_version", now.model_version),
        "links": ("links_version", links_version(settings)),
    }
    changed = [name for name, (column, version) in running.items() if published.get(column) != version]
    return changed + ["readers"] * readable


def to_read_again(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[ArchivedFile, ...]:
    """Known contents of which something was in no format that a reader knew, or made a reader fail, when the readers
    have changed since. In the order of their paths, with what the notes beside them said.

    A build of code that did not release quarantine yet (before 2026-11-21) has every entry open; of one that kept no
    notes nothing is known of them.
    """
    is_open = "released_at IS NULL" if _has_column(connection, "quality", "quarantine", "released_at") else "TRUE"
    origin = "origin" if _has_column(connection, "raw", "file", "origin") else "NULL"
    running = current_versions().reader_version
    # Written into the text: DuckDB imports pandas to look at parameters, half a second of a run with nothing to do.
    rows = connection.execute(
        f"""
        SELECT path, sha256, bytes, modified_at, {origin}
        FROM raw.file
        WHERE sha256 <> ''
          AND file_id IN (
              SELECT file_id FROM quality.quarantine
              WHERE {is_open} AND reason_code IN ('{UNKNOWN_FORMAT}', '{READER_FAILED}')
          )
          AND '{running}' <> coalesce(
              (SELECT reader_version FROM meta.build ORDER BY published_at DESC NULLS LAST LIMIT 1), '{running}'
          )
        ORDER BY path
        """
    ).fetchall()
    return tuple(file for file in archived_contents(rows, settings) if file.archived_path.is_file())


def archived_contents(rows: Iterable[tuple[Any, ...]], settings: Settings) -> tuple[ArchivedFile, ...]:
    """Contents known before, from rows (path, sha256, bytes, modified_at, origin) of raw.file, where their copies
    should be.
    """
    return tuple(
        ArchivedFile(
            path,
            sha256,
            size,
            modified_at.replace(tzinfo=UTC),
            archive_path(settings.archive_dir, sha256),
            None if noted is None else origin_of(noted, path),
        )
        for path, sha256, size, modified_at, noted in rows
    )


def reading_run_sql(connection: duckdb.DuckDBPyConnection, run_id: str) -> str:
    """The run by whose reading a content `file` stands here, of those that `run_id` brought; builds of code before
    2026-11-23 have no such column.
    """
    is_there = _has_column(connection, "raw", "file", "read_afresh_run_id")
    return f"coalesce(file.read_afresh_run_id, {run_id})" if is_there else run_id


def files_read_by_other_code(connection: duckdb.DuckDBPyConnection) -> int:
    """How many contents stand here as other readers than today's have read them."""
    rows = connection.execute(
        f"""
        SELECT count(*)
        FROM raw.file AS file
        LEFT JOIN (
            SELECT run_id, arg_max(reader_version, published_at) AS reader_version FROM meta.build GROUP BY run_id
        ) AS build ON build.run_id = {reading_run_sql(connection, "file.run_id")}
        WHERE file.sha256 <> '' AND build.reader_version IS DISTINCT FROM '{reader_version()}'
        """
    ).fetchall()
    return int(rows[0][0])


def _has_column(connection: duckdb.DuckDBPyConnection, schema: str, table: str, column: str) -> bool:
    """Whether a build has a column that code newer than it knows."""
    found = connection.execute(
        "SELECT 1 FROM duckdb_columns() "
        f"WHERE schema_name = '{schema}' AND table_name = '{table}' AND column_name = '{column}'"
    ).fetchone()
    return found is not None


def lake_is_waiting(settings: Settings) -> bool:
    """Whether a lake (Storage) serves nothing yet while this home has a build: the storage was set after its runs.

    Raises WarehouseError, OSError where the lake cannot be reached.
    """
    storage = Storage()
    if not storage.is_lake or current_build(settings) is None:
        return False
    from pipelines.warehouse.lake_publish import lake_build  # its extensions are an optional extra

    return lake_build(storage) is None


def is_due(settings: Settings) -> bool:
    """Whether a run would change anything: landing has new content, the code changed since the published build, or a
    lake waits for it.

    Reads the published warehouse and landing, writes nothing but an empty lake's catalog. Raises WarehouseError,
    LandingError, OSError where a lake cannot be reached.
    """
    if changed_code(settings):
        return True
    known = known_in_published(settings)
    return has_new_content(look(settings, known), known) or lake_is_waiting(settings)
