"""Full snapshots of a registry: which records each holds, so that absence can be told.

Belongs here: noting, while files are read, what a snapshot holds. Does not: what absence means (history.presence).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb
import polars as pl

from pipelines.landing.catalogue import ArchivedFile
from pipelines.landing.reasons import LANDING_REASONS
from pipelines.readers.reasons import TRUNCATED_JSON, TRUNCATED_TEXT, TRUNCATED_XML

_HIDES_OTHERS = LANDING_REASONS.keys() | {TRUNCATED_JSON, TRUNCATED_XML, TRUNCATED_TEXT}
"""Reasons after which records may follow that nobody sees: the text, the stream or the archive ended or broke there."""


@dataclass
class Snapshot:
    """A landing file that holds all of a registry. `registry_ids` are those met so far, refused records included.

    `is_whole` is False once a piece was met that nobody can name (it may be any record), or after which others may have
    been lost: of a download that stopped, the last record often still shows its id (2026-11).
    """

    registry: str
    registry_ids: set[str] = field(default_factory=set)
    is_whole: bool = True

    def met(self, registry_ids: Iterable[str | None]) -> None:
        """Records that are in the file; one without an id is none that could be missed."""
        self.registry_ids.update(registry_id for registry_id in registry_ids if registry_id is not None)

    def refused(self, registry_id: str | None, reason_code: str) -> None:
        """A piece of the file that could not be accepted."""
        if registry_id is None or reason_code in _HIDES_OTHERS:
            self.is_whole = False
        if registry_id is not None:
            self.registry_ids.add(registry_id)


def snapshots_among(files: Sequence[ArchivedFile]) -> dict[int, Snapshot]:
    """An empty Snapshot for each file, by its number, whose note calls it a full snapshot."""
    return {
        number: Snapshot(file.origin.registry)
        for number, file in enumerate(files)
        if file.origin is not None and file.origin.is_full_snapshot and file.origin.registry is not None
    }


def load_snapshots(
    connection: duckdb.DuckDBPyConnection, files: Sequence[ArchivedFile], snapshots: dict[int, Snapshot]
) -> None:
    """Write raw.snapshot and raw.snapshot_record; those of a file that is read again are replaced."""
    for number, snapshot in snapshots.items():
        file, origin = files[number], files[number].origin
        assert origin is not None
        file_id = file.sha256[:16]
        for table in ("raw.snapshot", "raw.snapshot_record"):
            connection.execute(f"DELETE FROM {table} WHERE file_id = $file_id", {"file_id": file_id})
        connection.execute(
            "INSERT INTO raw.snapshot BY NAME SELECT $file_id AS file_id, $registry AS registry, "
            "$taken_on::DATE AS taken_on, $records AS records, $is_whole AS is_whole",
            {
                "file_id": file_id,
                "registry": snapshot.registry,
                "taken_on": origin.taken_on,
                "records": len(snapshot.registry_ids),
                "is_whole": snapshot.is_whole,
            },
        )
        keys = pl.DataFrame({"registry_id": sorted(snapshot.registry_ids)}, schema={"registry_id": pl.String})
        connection.register("_snapshot_ids", keys.to_arrow())
        connection.execute(
            "INSERT INTO raw.snapshot_record BY NAME SELECT $file_id AS file_id, "
            "$registry || ':' || registry_id AS record_key FROM _snapshot_ids",
            {"file_id": file_id, "registry": snapshot.registry},
        )
        connection.unregister("_snapshot_ids")
