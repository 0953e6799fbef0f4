"""All that was ever read, read once more by the readers of today, as if they had read it then.

Belongs here: which contents, in which loads; forgetting what older readers made of them.
Does not: reading one load (pipelines/staging/ingest.py), contents that nobody could read before and which were read by
older code (intake.py).

A content keeps the run and the time that first brought it, and loads follow each other as they did: histories, releases
from quarantine and what a full snapshot shows come out as if nobody had ever read otherwise. Identities of trials and
what the rules said of former runs stay. It needs every content in the archive: what is gone there can't be read.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines.history import HISTORY_TABLES
from pipelines.landing.catalogue import ArchivedFile
from pipelines.settings import Limits, Settings
from pipelines.staging.ingest import ingest
from pipelines.staging.load import FILLED_BY_READING
from pipelines.staging.report import NOTHING_READ, IngestProgress, IngestReport
from pipelines.tables import quoted
from pipelines.transaction import in_one_transaction
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.intake import archived_contents

SHOWN = 3
_BY_FILE = ("raw.file", "quality.quarantine")
_WHOLE = (*(name for name in FILLED_BY_READING if name not in _BY_FILE), *HISTORY_TABLES)


@dataclass(frozen=True, slots=True)
class FormerLoad:
    """What one run brought: its id, its time (UTC) and its files in the order of their paths."""

    run_id: str
    loaded_at: datetime
    files: tuple[ArchivedFile, ...]


def former_loads(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[FormerLoad, ...]:
    """Every content that the build has read, by the run that brought it, oldest first.

    Raises WarehouseError where copies are gone from the archive: without them what they held would be lost.
    """
    rows = connection.execute(
        """
        WITH load AS (
            SELECT run_id, max(loaded_at) AS loaded_at FROM raw.record_version GROUP BY run_id
        ), placed AS (
            SELECT file.*, max(coalesce(load.loaded_at, file.first_seen_at)) OVER (PARTITION BY run_id) AS loaded_at
            FROM raw.file AS file
            LEFT JOIN load USING (run_id)
            WHERE file.sha256 <> ''
        )
        SELECT coalesce(run_id, ''), loaded_at, path, sha256, bytes, modified_at, origin
        FROM placed
        ORDER BY loaded_at, run_id, path
        """
    ).fetchall()
    loads = tuple(
        FormerLoad(run_id, loaded_at.replace(tzinfo=UTC), archived_contents((row[2:] for row in brought), settings))
        for (run_id, loaded_at), brought in groupby(rows, key=lambda row: (row[0], row[1]))
    )
    gone = [file.path for load in loads for file in load.files if not file.archived_path.is_file()]
    if gone:
        raise WarehouseError(
            f"{len(gone)} of the {len(rows)} contents ever read are no longer in {settings.archive_dir} "
            f"({', '.join(gone[:SHOWN])}{', …' if len(gone) > SHOWN else ''}), and what they held would be lost: "
            "put them back, or run without --read-again"
        )
    return loads


def read_afresh(
    connection: duckdb.DuckDBPyConnection,
    loads: Sequence[FormerLoad],
    *,
    settings: Settings,
    work_dir: Path,
    run_id: str,
    limits: Limits | None = None,
    shards: Path | None = None,
    on_progress: Callable[[IngestProgress], None] | None = None,
) -> IngestReport:
    """Put what today's readers make of `loads`, which are all there are, in the place of what is there.

    Parameters and errors as of ingest; `run_id` is the run that does it, which raw.file notes. What is noted about
    files that nobody could open stays.
    """
    with in_one_transaction(connection):
        _forget(connection)
    report = NOTHING_READ
    for number, load in enumerate(loads):
        scratch = work_dir / f"load-{number}"  # parts of two loads in one folder would be taken for one load's
        report += ingest(
            connection,
            load.files,
            settings=settings,
            work_dir=scratch,
            run_id=load.run_id,
            loaded_at=load.loaded_at,
            limits=limits,
            shards=shards,
            on_progress=_added_to(report, loads, on_progress),
        )
        shutil.rmtree(scratch)
    connection.execute(
        """
        UPDATE raw.file AS file
        SET first_seen_at = known.first_seen_at, read_afresh_run_id = $run_id
        FROM _first_seen AS known
        WHERE file.file_id = known.file_id
        """,
        {"run_id": run_id},
    )
    connection.execute("DROP TABLE _first_seen")
    return report


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty what reading has filled; when each content was first seen stays in the temporary table _first_seen."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _first_seen AS SELECT file_id, first_seen_at FROM raw.file WHERE sha256 <> ''"
    )
    for name in _WHOLE:
        connection.execute(f"DELETE FROM {quoted(*name.split('.', 1))}")
    for name in _BY_FILE:
        connection.execute(
            f"DELETE FROM {quoted(*name.split('.', 1))} WHERE file_id IN (SELECT file_id FROM _first_seen)"
        )


def _added_to(
    done: IngestReport, loads: Sequence[FormerLoad], tell: Callable[[IngestProgress], None] | None
) -> Callable[[IngestProgress], None] | None:
    """The progress of one load as that of all."""
    if tell is None:
        return None
    files = sum(len(load.files) for load in loads)
    size = sum(file.bytes for load in loads for file in load.files)

    def told(now: IngestProgress) -> None:
        tell(
            IngestProgress(
                done.files + now.files,
                files,
                done.records_seen + now.records,
                done.landing_bytes + now.bytes,
                size,
            )
        )

    return told
