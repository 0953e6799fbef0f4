"""Landing files → raw, staging and quarantine tables of a build.

Belongs here: the walk over the files, batches on several threads, counting so that
seen = accepted + unchanged + quarantined holds for every file. Does not: what happens inside a batch (batch.py), SQL
that orders versions and writes tables (load.py), publishing.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from pipelines.landing.catalogue import ArchivedFile, BadFile
from pipelines.readers import READERS, read_file
from pipelines.readers.base import BadRecord
from pipelines.settings import Limits, Settings
from pipelines.staging import load
from pipelines.staging.batch import Batch, Item, in_batches
from pipelines.staging.criteria import complete
from pipelines.staging.feed import Feed
from pipelines.staging.helper import Setting
from pipelines.staging.parts import Parts
from pipelines.staging.quarantine import QUARANTINE, ids_in_open_quarantine
from pipelines.staging.report import FileCounts, IngestProgress, IngestReport
from pipelines.staging.shards import Shard, StagedBatch, staged_shards
from pipelines.staging.snapshots import snapshots_among
from pipelines.staging.worker import workers
from pipelines.transaction import in_one_transaction

__all__ = ["FileCounts", "IngestProgress", "IngestReport", "ingest", "walk_files"]

BATCH_BYTES = 24 * 1024 * 1024
BATCH_RECORDS = 1_500
PROCESSES_FROM_BYTES = 64 * 1024 * 1024
"""Landing files of so many bytes together are staged by processes, which take a second to start (2026-11)."""

QUARANTINE_SCHEMA = {
    "file_no": pl.Int64,
    "member": pl.String,
    "position": pl.Int64,
    "registry_id": pl.String,
    "reason_code": pl.String,
    "reason": pl.String,
    "excerpt": pl.String,
}


def ingest(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[ArchivedFile],
    *,
    settings: Settings,
    work_dir: Path,
    run_id: str,
    loaded_at: datetime,
    unreadable: Sequence[BadFile] = (),
    limits: Limits | None = None,
    shards: Path | None = None,
    on_progress: Callable[[IngestProgress], None] | None = None,
) -> IngestReport:
    """Read every file, add what is new to the tables of the build behind `connection`, and say what became of each.

    `unreadable` are files of which no content could be had. `loaded_at` is UTC. Scratch goes to `work_dir`. What other
    machines have staged of a file in the folder `shards` is taken from there (shards.py). A bad
    record or file is a row of quality.quarantine, never an error; errors are those of the machine (disk full, archive
    gone) and leave the build unusable, to be abandoned.
    """
    started = time.perf_counter()
    known, awaited = load.known_versions(connection), ids_in_open_quarantine(connection)
    walk = Walk(files, settings, limits or Limits(), known, awaited, work_dir, on_progress)
    walk.shards = shards
    with in_one_transaction(connection):
        complete(connection)
        with Feed(connection, walk.parts, load.targets()) as feed:
            walk.run(feed.ready)
            decoded = time.perf_counter()
            feed.finish()
        load.load(
            connection,
            walk.parts,
            files,
            walk.counts,
            unreadable,
            walk.met_again,
            walk.snapshots,
            run_id=run_id,
            loaded_at=loaded_at,
        )
    for bad in unreadable:
        walk.reasons[bad.reason_code] = walk.reasons.get(bad.reason_code, 0) + 1
    return IngestReport(
        files=len(files) + len(unreadable),
        records_seen=sum(count.seen for count in walk.counts) + len(unreadable),
        records_accepted=sum(count.accepted for count in walk.counts),
        records_unchanged=sum(count.unchanged for count in walk.counts),
        records_quarantined=sum(count.quarantined for count in walk.counts) + len(unreadable),
        rows=dict(walk.parts.rows),
        quarantine_reasons=dict(sorted(walk.reasons.items())),
        landing_bytes=sum(file.bytes for file in files),
        record_bytes=walk.record_bytes,
        decode_seconds=decoded - started,
        load_seconds=time.perf_counter() - decoded,
    )


def walk_files(
    files: Sequence[ArchivedFile],
    settings: Settings,
    work_dir: Path,
    *,
    known: np.ndarray | None = None,
    limits: Limits | None = None,
) -> Walk:
    """The half of an ingest that needs no database: every file's new records as Parquet parts in `work_dir`.

    `known` are the version ids already in the warehouse (int64, sorted; none by default).
    """
    known = np.empty(0, dtype=np.int64) if known is None else known
    walk = Walk(files, settings, limits or Limits(), known, frozenset(), work_dir, None)
    walk.run()
    return walk


class Walk:
    """The state of one walk over the files: `parts` written, `counts` by file, quarantine `reasons` counted.

    `known` are the version ids already in the warehouse (int64, sorted), `awaited` the registry ids of records in open
    quarantine: those met again unchanged are in `met_again`, with their file.
    """

    def __init__(
        self,
        files: Sequence[ArchivedFile],
        settings: Settings,
        limits: Limits,
        known: np.ndarray,
        awaited: frozenset[str],
        work_dir: Path,
        on_progress: Callable[[IngestProgress], None] | None,
    ) -> None:
        self.files = files
        self.threads = settings.threads
        self.limits, self.known = limits, known
        self.parts = Parts(work_dir / "parts")
        self.counts = [FileCounts() for _ in files]
        self.reasons: dict[str, int] = {}
        self.record_bytes = 0
        self.met_again: set[tuple[str, int]] = set()
        self.snapshots = snapshots_among(files)
        self.shards: Path | None = None
        self._awaited: set[str | None] = set(awaited)
        self._scratch = work_dir
        self._met: set[int] = set()
        self._bad_rows: list[tuple[object, ...]] = []
        self._quarantine_parts = 0
        self._on_progress = on_progress
        self._bytes_total = sum(file.bytes for file in files)
        self._bytes_begun = 0
        self._records_seen = 0
        self._files_begun = 0

    def run(self, ready: Callable[[int], None] | None = None) -> None:
        """Batches are processed by workers while the next are read; results are taken in the order of the files.

        `ready` is told the number of each part that will not change any more.
        """
        pending: deque[tuple[int, Future[Batch]]] = deque()
        setting = Setting(self.known, self.limits, self.parts.directory)
        with workers(self.threads, setting, processes=self._bytes_total >= PROCESSES_FROM_BYTES) as submit:
            for number, items in enumerate(self._batches()):
                pending.append((number, submit(number, items)))
                if len(pending) > self.threads:
                    self._take(pending.popleft(), ready)
            while pending:
                self._take(pending.popleft(), ready)
        self._write_quarantine()

    def _batches(self) -> Iterator[list[Item] | StagedBatch]:
        """Batches in the order of the files: read here, or staged elsewhere."""
        fresh: list[tuple[int, ArchivedFile]] = []
        for file_no, file in enumerate(self.files):
            shards = staged_shards(self.shards, file.sha256)
            if shards is None:
                fresh.append((file_no, file))
                continue
            yield from self._read(fresh)
            fresh.clear()
            self._begin(file)
            for shard in shards:
                yield from self._staged(file_no, shard)
        yield from self._read(fresh)

    def _read(self, files: Sequence[tuple[int, ArchivedFile]]) -> Iterator[list[Item]]:
        for items, size in in_batches(self._items(files), BATCH_BYTES, BATCH_RECORDS):
            self.record_bytes += size
            yield items

    def _begin(self, file: ArchivedFile) -> None:
        self._bytes_begun += file.bytes
        self._files_begun += 1
        self._tell()

    def _items(self, files: Sequence[tuple[int, ArchivedFile]]) -> Iterator[Item]:
        for file_no, file in files:
            self._begin(file)
            for reader, found in read_file(file.archived_path, self.limits, self._scratch):
                if reader is not None:
                    self.counts[file_no].met(reader)
                for record in found:
                    self.counts[file_no].seen += 1
                    self._records_seen += 1
                    if isinstance(record, BadRecord):
                        self._quarantine(file_no, record)
                    elif reader is not None:
                        yield Item(file_no, reader, record)

    def _staged(self, file_no: int, shard: Shard) -> Iterator[StagedBatch]:
        self.counts[file_no].seen += shard.seen
        self._records_seen += shard.seen
        self.record_bytes += shard.record_bytes
        readers = {reader.format: reader for reader in READERS}
        for name in shard.formats:
            self.counts[file_no].met(readers[name])
        for record in shard.bad:
            self._quarantine(file_no, record)
        yield from shard.batches(file_no)

    def _take(self, work: tuple[int, Future[Batch]], ready: Callable[[int], None] | None) -> None:
        """Count a finished batch; versions that an earlier batch of this run brought are unchanged."""
        number, batch = work[0], work[1].result()
        self.parts.rows.update(batch.rows)
        twice = [version_id for version_id in batch.versions["version_id"].to_list() if version_id in self._met]
        versions = batch.versions
        if twice:
            again = versions.filter(pl.col("version_id").is_in(twice))
            batch.unchanged.extend(again.select("file_no", "registry_id").iter_rows())
            versions = versions.filter(~pl.col("version_id").is_in(twice))
            self.parts.drop(number, twice)
        self._met.update(versions["version_id"].to_list())
        for file_no, count in versions["file_no"].value_counts().iter_rows():
            self.counts[file_no].accepted += count
        for file_no, snapshot in self.snapshots.items():
            snapshot.met(versions.filter(pl.col("file_no") == file_no)["registry_id"].to_list())
        for file_no, record in batch.refused:  # first, for what is unchanged may settle it
            self._quarantine(file_no, record)
        for file_no, registry_id in batch.unchanged:
            self.counts[file_no].unchanged += 1
            if file_no in self.snapshots:
                self.snapshots[file_no].met((registry_id,))
            if registry_id is not None and registry_id in self._awaited:
                self.met_again.add((registry_id, file_no))
        self.parts.add(number, {load.VERSIONS: versions})
        if ready is not None:
            ready(number)
        self._tell()

    def _quarantine(self, file_no: int, record: BadRecord) -> None:
        self.counts[file_no].quarantined += 1
        self._awaited.add(record.registry_id)
        if file_no in self.snapshots:
            self.snapshots[file_no].refused(record.registry_id, record.reason_code)
        self.reasons[record.reason_code] = self.reasons.get(record.reason_code, 0) + 1
        row = (
            file_no,
            record.member,
            record.position,
            record.registry_id,
            record.reason_code,
            record.reason,
            record.excerpt,
        )
        self._bad_rows.append(row)
        if len(self._bad_rows) >= BATCH_RECORDS:
            self._write_quarantine()

    def _write_quarantine(self) -> None:
        rows = pl.DataFrame(self._bad_rows, schema=QUARANTINE_SCHEMA, orient="row")
        self.parts.add(self._quarantine_parts, {QUARANTINE: rows})
        self._quarantine_parts += 1
        self._bad_rows.clear()

    def _tell(self) -> None:
        if self._on_progress is not None:
            self._on_progress(
                IngestProgress(
                    self._files_begun,
                    len(self.files),
                    self._records_seen,
                    self._bytes_begun,
                    self._bytes_total,
                )
            )
