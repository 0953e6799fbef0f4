"""The SQL that takes what a run has read into the tables of a build.

Belongs here: putting the versions of a record in order, counting by file, which tables parts go to. Does not: the
definitions of the tables (they exist before), decoding, when parts are loaded (feed.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl

from pipelines.landing.catalogue import ArchivedFile, BadFile
from pipelines.staging.parts import Parts, hold
from pipelines.staging.quarantine import (
    load_quarantine,
    release_quarantine,
    release_what_came_again,
    settle_files_read_again,
)
from pipelines.staging.snapshots import Snapshot, load_snapshots
from pipelines.staging.standing import preference_sql, rank_sql, standing_sql
from pipelines.study.shape import staged_tables
from pipelines.tables import SOURCE_TABLES, quoted

if TYPE_CHECKING:
    from pipelines.staging.report import FileCounts

VERSIONS = "_record_version"
DERIVED_TABLES = ("identifier", "criterion", "unknown_value")
FILLED_BY_READING = tuple(
    name
    for name in SOURCE_TABLES
    if name.startswith(("raw.", "staging.")) or name in ("quality.quarantine", "quality.unknown_field")
)
"""The tables of a build whose rows come of reading files."""

_FILE_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "file_no": pl.Int64,
    "file_id": pl.String,
    "path": pl.String,
    "sha256": pl.String,
    "bytes": pl.Int64,
    "format": pl.String,
    "registry": pl.String,
    "modified_at": pl.Datetime("us"),
    "origin": pl.String,
    "records_seen": pl.Int64,
    "records_accepted": pl.Int64,
    "records_unchanged": pl.Int64,
    "records_quarantined": pl.Int64,
}

# Versions of a record in the order in which its registry published them, after copies in other registers and parts of
# it (Reader.standing). Of two with the same date the one in the format that stands first in the table of readers says
# more; then the stamp of the release counts, for a registry changes records by itself without a new date (UNKNOWN, MeSH
# terms), or, where the format has none, the day that the note beside its file gives; then the longer; the hash settles
# the rest, so that the order never depends on which file arrived first.
_ORDER = f"""
    {rank_sql("standing")},
    registry_updated_on NULLS FIRST,
    preference,
    released_on NULLS FIRST,
    record_bytes,
    record_sha256
"""


_NOTED_DAY = "try_cast(left(coalesce(file.origin->>'data_timestamp', file.origin->>'fetched_at'), 10) AS DATE)"
"""Origin.taken_on of the file that brought a version."""


def known_versions(connection: duckdb.DuckDBPyConnection) -> np.ndarray:
    """The version ids already in the build, int64, sorted."""
    rows = connection.execute("SELECT version_id FROM raw.record_version ORDER BY version_id").fetchnumpy()
    return np.asarray(rows["version_id"], dtype=np.int64)


def known_files(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """SHA-256 of every landing file content that was read before."""
    return {row[0] for row in connection.execute("SELECT sha256 FROM raw.file").fetchall()}


def unreadable_file_id(relative_path: str) -> str:
    """The file_id under which a file is noted whose content could not be had, and so has no hash."""
    return hashlib.sha256(f"unreadable\0{relative_path}".encode()).hexdigest()[:16]


def targets() -> dict[str, str]:
    """The table of a build (quoted, with schema) for each table of parts that goes there as it is."""
    return {name: quoted("staging", name) for name in (*staged_tables(), *DERIVED_TABLES)}


def load(
    connection: duckdb.DuckDBPyConnection,
    parts: Parts,
    files: Sequence[ArchivedFile],
    counts: Sequence[FileCounts],
    unreadable: Sequence[BadFile],
    met_again: Collection[tuple[str, int]],
    snapshots: dict[int, Snapshot],
    *,
    run_id: str,
    loaded_at: datetime,
) -> None:
    """Append the rest of a run to raw.* and quality.* once its parts stand in the staged tables; the transaction is the
    caller's.

    `met_again` are registry ids of records in quarantine, with the numbers of files that hold them unchanged.
    An unreadable file is a row of raw.file (its sha256 empty) and of quality.quarantine for as long as it stays so.
    """
    stamp = {"run_id": run_id, "loaded_at": loaded_at.replace(tzinfo=None)}
    hold(connection, "_run_file", _file_frame(files, counts))
    _load_files(connection, stamp)
    _note_unreadable(connection, files, unreadable, stamp)
    _load_versions(connection, parts, stamp)
    release_quarantine(connection, met_again, stamp)
    load_quarantine(connection, parts, stamp)
    release_what_came_again(connection, stamp)
    settle_files_read_again(connection, stamp)
    load_snapshots(connection, files, snapshots)
    _count_unknown_fields(connection)
    connection.execute("DROP TABLE _run_file")


def _load_files(connection: duckdb.DuckDBPyConnection, stamp: dict[str, object]) -> None:
    """Note the files of this run; one that was read before keeps the time when it was first seen."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE _read_again AS
        SELECT file_id, first_seen_at, records_accepted FROM raw.file WHERE file_id IN (SELECT file_id FROM _run_file)
        """
    )
    connection.execute("DELETE FROM raw.file WHERE file_id IN (SELECT file_id FROM _read_again)")
    connection.execute(
        """
        INSERT INTO raw.file BY NAME
        SELECT file.* EXCLUDE (file_no), coalesce(again.first_seen_at, $loaded_at::TIMESTAMP) AS first_seen_at,
               $run_id AS run_id
        FROM _run_file AS file
        LEFT JOIN _read_again AS again USING (file_id)
        """,
        stamp,
    )


def _file_frame(files: Sequence[ArchivedFile], counts: Sequence[FileCounts]) -> pl.DataFrame:
    rows = [
        (
            number,
            file.sha256[:16],
            file.path,
            file.sha256,
            file.bytes,
            "+".join(count.formats) or None,
            "+".join(count.registries) or None,
            file.modified_at.replace(tzinfo=None),
            None if file.origin is None else file.origin.model_dump_json(exclude_defaults=True),
            count.seen,
            count.accepted,
            count.unchanged,
            count.quarantined,
        )
        for number, (file, count) in enumerate(zip(files, counts, strict=True))
    ]
    return pl.DataFrame(rows, schema=_FILE_SCHEMA, orient="row")


def _note_unreadable(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[ArchivedFile],
    unreadable: Sequence[BadFile],
    stamp: dict[str, object],
) -> None:
    """Replace what earlier runs noted about these paths."""
    noted = [unreadable_file_id(path) for path in (*(f.path for f in files), *(b.relative_path for b in unreadable))]
    for table in ("raw.file", "quality.quarantine"):
        connection.execute(f"DELETE FROM {table} WHERE file_id IN (SELECT unnest($ids))", {"ids": noted})
    for bad in unreadable:
        file_id = unreadable_file_id(bad.relative_path)
        connection.execute(
            "INSERT INTO raw.file BY NAME SELECT $file_id AS file_id, $path AS path, '' AS sha256, $bytes AS bytes,"
            " $loaded_at AS first_seen_at, $run_id AS run_id, 1 AS records_seen, 0 AS records_accepted,"
            " 0 AS records_unchanged, 1 AS records_quarantined",
            stamp | {"file_id": file_id, "path": bad.relative_path, "bytes": bad.bytes},
        )
        connection.execute(
            "INSERT INTO quality.quarantine BY NAME SELECT $file_id AS file_id, $path AS path, $code AS reason_code,"
            " $reason AS reason, $loaded_at AS first_seen_at, $run_id AS run_id",
            stamp | {"file_id": file_id, "path": bad.relative_path, "code": bad.reason_code, "reason": bad.reason},
        )


_ARRIVED_SQL = """
    SELECT version.* EXCLUDE (file_no), file.file_id,
           coalesce(study.last_update_post_date_earliest, study.last_update_submit_date_earliest)
               AS registry_updated_on,
           $loaded_at::TIMESTAMP AS loaded_at, $run_id AS run_id
    FROM {versions} AS version
    JOIN _run_file AS file USING (file_no)
    LEFT JOIN staging.study AS study USING (version_id)
"""


def _load_versions(connection: duckdb.DuckDBPyConnection, parts: Parts, stamp: dict[str, object]) -> None:
    """Add the new versions and number anew all versions of the records they belong to, and of those that older code
    numbered without a standing.
    """
    arrived = parts.scan(VERSIONS)
    if arrived is not None:
        arrived = _ARRIVED_SQL.format(versions=arrived)
    elif connection.execute("SELECT 1 FROM raw.record_version WHERE standing IS NULL LIMIT 1").fetchone():
        arrived, stamp = "SELECT record_key FROM raw.record_version WHERE FALSE", {}
    else:
        return
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _touched_version AS
        WITH arrived AS (
            {arrived}
        ), known AS (
            SELECT * EXCLUDE (version_no, standing, valid_from, valid_to, is_current)
            FROM raw.record_version
            WHERE record_key IN (
                SELECT record_key FROM arrived UNION SELECT record_key FROM raw.record_version WHERE standing IS NULL
            )
        ), touched AS (
            SELECT * FROM arrived
            UNION ALL BY NAME
            SELECT * FROM known
        ), placed AS (
            SELECT touched.*, coalesce(study.version_holder_earliest, {_NOTED_DAY}) AS released_on,
                   {standing_sql()} AS standing, {preference_sql()} AS preference
            FROM touched
            LEFT JOIN staging.study AS study USING (version_id)
            LEFT JOIN raw.file AS file USING (file_id)
        )
        SELECT * EXCLUDE (preference, released_on),
               row_number() OVER by_age AS version_no,
               registry_updated_on AS valid_from,
               -- a copy may be newer than the first whole version, but is out of date as soon as there is one
               CASE WHEN lead(version_id) OVER by_age IS NOT NULL
                    THEN greatest(registry_updated_on, lead(registry_updated_on) OVER by_age) END AS valid_to,
               lead(version_id) OVER by_age IS NULL AS is_current
        FROM placed
        WINDOW by_age AS (PARTITION BY record_key ORDER BY {_ORDER})
        """,
        stamp,
    )
    connection.execute("DELETE FROM raw.record_version WHERE record_key IN (SELECT record_key FROM _touched_version)")
    connection.execute("INSERT INTO raw.record_version BY NAME SELECT * FROM _touched_version")
    connection.execute("DROP TABLE _touched_version")


def _count_unknown_fields(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("DELETE FROM quality.unknown_field")
    connection.execute(
        """
        INSERT INTO quality.unknown_field BY NAME
        SELECT unknown.path, version.registry, count(DISTINCT unknown.version_id) AS records,
               min(unknown.value) AS sample_value, min(version.loaded_at) AS first_seen_at
        FROM staging.unknown_value AS unknown
        JOIN raw.record_version AS version USING (version_id)
        GROUP BY unknown.path, version.registry
        """
    )
