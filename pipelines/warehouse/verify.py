"""Whether the warehouse says what the raw bytes say: records of a sample are read again and compared, value for value.

Belongs here: drawing the sample, checking the archive's copies against their hashes, comparing what is stored with what
reading gives now. Does not: reading (pipelines/readers, staging), making core tables again (rederive.py), layout of the
answer (pipelines/console).
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from pipelines.landing.catalogue import archive_path
from pipelines.landing.copying import sha256_of
from pipelines.readers import Place, find_records
from pipelines.readers.base import RawRecord, Reader
from pipelines.settings import Limits, Settings
from pipelines.staging.batch import VERSION_SCHEMA, Batch, Item, process
from pipelines.tables import SOURCE_TABLES, quoted
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.intake import reading_run_sql
from pipelines.warehouse.rederive import Difference, compared, frame_of, rederived_core
from pipelines.warehouse.versions import current_versions

FIELD_STATES = "staging.field_state"
_VERSIONS = "raw.record_version"


@dataclass(frozen=True, slots=True)
class SampledVersion:
    """A version of the sample: what names it, where its bytes are, and whether code other than today's read it."""

    version_id: int
    record_key: str
    version_no: int
    is_current: bool
    sha256: str
    path: str
    place: Place
    read_by_other_code: bool

    @property
    def name(self) -> str:
        """`CTGOV:NCT07280871, version 2`."""
        return f"{self.record_key}, version {self.version_no}"


@dataclass
class Verification:
    """What was verified. `archive_faults` and `unread` are sentences; `differences` by today's code are faults,
    `differences_of_code` those in versions that other readers than today's had read.
    """

    build_id: str = ""
    seed: int = 0
    files: int = 0
    file_bytes: int = 0
    versions: int = 0
    sampled: int = 0
    sampled_by_format: Counter[str] = field(default_factory=Counter)
    read_by_other_code: int = 0
    staged_values: int = 0
    staged_tables: int = 0
    core_values: int = 0
    core_tables: int = 0
    field_states: int = 0
    archive_faults: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    differences_of_code: list[Difference] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was found that speaks against the warehouse or its archive."""
        return not (self.archive_faults or self.unread or self.differences)


def verify(settings: Settings, *, records: int = 100, seed: int = 0, limits: Limits | None = None) -> Verification:
    """Check every copy in the archive against its hash, and `records` versions against their raw bytes.

    The sample takes formats in turn, so that a rare one is looked at as well; the same seed draws the same versions of
    a warehouse. `limits` are those of reading. Raises NoWarehouseError, WarehouseError; a fault of a file or record is
    told in the result.
    """
    limits = limits or Limits()
    with connect_read_only(settings.warehouse_path) as connection:
        found = Verification(seed=seed)
        found.build_id, found.versions = connection.execute(
            f"SELECT arg_max(build_id, published_at), (SELECT count(*) FROM {_VERSIONS}) FROM meta.build"
        ).fetchall()[0]
        damaged = _check_archive(connection, settings, found)
        sample = _sample(connection, records, seed)
        found.sampled = len(sample)
        with tempfile.TemporaryDirectory(prefix="trialmart-verify-") as scratch:
            items = _read_again(sample, damaged, settings, limits, Path(scratch), found)
        batch = process(list(items.values()), np.empty(0, dtype=np.int64), limits)
        _compare(connection, [sample[number] for number in items], items, batch, found)
    return found


def _check_archive(connection: duckdb.DuckDBPyConnection, settings: Settings, found: Verification) -> set[str]:
    """The hashes of contents whose copy is gone or not what it was."""
    damaged = set()
    rows = connection.execute("SELECT sha256, path, bytes FROM raw.file WHERE sha256 <> '' ORDER BY path").fetchall()
    for sha256, path, size in rows:
        copy = archive_path(settings.archive_dir, sha256)
        found.files += 1
        found.file_bytes += size
        try:
            actual = sha256_of(copy)
        except FileNotFoundError:
            said = f"{path}: its copy {copy} is gone"
        except OSError as error:
            said = f"{path}: its copy {copy} cannot be read ({error.strerror or error})"
        else:
            said = "" if actual == sha256 else f"{path}: its copy {copy} holds other bytes than were read"
        if said:
            found.archive_faults.append(said)
            damaged.add(sha256)
    return damaged


def _sample(connection: duckdb.DuckDBPyConnection, records: int, seed: int) -> list[SampledVersion]:
    """Versions in an order that the seed decides, formats in turn."""
    rows = connection.execute(
        f"""
        WITH ranked AS (
            SELECT version.*, row_number() OVER (
                PARTITION BY source_format ORDER BY hash(version_id, ?), version_id
            ) AS turn
            FROM {_VERSIONS} AS version
        ), newest_build AS (
            SELECT run_id, arg_max(reader_version, published_at) AS reader_version FROM meta.build GROUP BY run_id
        )
        SELECT version_id, record_key, version_no, is_current, sha256, path, member, position,
               reader_version IS DISTINCT FROM ? AS read_by_other_code
        FROM ranked JOIN raw.file AS file USING (file_id)
        LEFT JOIN newest_build ON newest_build.run_id = {reading_run_sql(connection, "ranked.run_id")}
        ORDER BY turn, source_format
        LIMIT ?
        """,
        [seed, current_versions().reader_version, records],
    ).fetchall()
    return [
        SampledVersion(version_id, key, number, is_current, sha256, path, (member, position), by_other_code)
        for version_id, key, number, is_current, sha256, path, member, position, by_other_code in rows
    ]


def _read_again(
    sample: Sequence[SampledVersion],
    damaged: set[str],
    settings: Settings,
    limits: Limits,
    scratch: Path,
    found: Verification,
) -> dict[int, Item]:
    """The raw records of the sample, by number in it; those that cannot be had are told in `unread`."""
    items: dict[int, Item] = {}
    by_file: dict[str, list[int]] = {}
    for number, version in enumerate(sample):
        by_file.setdefault(version.sha256, []).append(number)
    for sha256, numbers in by_file.items():
        read: dict[Place, tuple[Reader, RawRecord]] = {}
        if sha256 not in damaged:
            places = [sample[number].place for number in numbers]
            read = find_records(archive_path(settings.archive_dir, sha256), places, limits, scratch)
        for number in numbers:
            version = sample[number]
            if version.place in read:
                reader, record = read[version.place]
                items[number] = Item(len(items), reader, record)
                found.sampled_by_format[reader.format] += 1
            else:
                why = "its file's copy is damaged" if sha256 in damaged else f"{version.path} has no record there now"
                found.unread.append(f"{version.name}: cannot be read again, {why}")
    return dict(sorted(items.items()))


def _compare(
    connection: duckdb.DuckDBPyConnection,
    versions: Sequence[SampledVersion],
    items: dict[int, Item],
    batch: Batch,
    found: Verification,
) -> None:
    """Everything that is stored of these versions against what reading them gave; `batch` numbers them as they come."""
    numbers = [item.file_no for item in items.values()]
    by_number = dict(zip(numbers, versions, strict=True))
    differences = [
        Difference(by_number[number].record_key, _VERSIONS, "version_id", "accepted", f"refused: {bad.reason}")
        for number, bad in batch.refused
    ]
    derived = batch.versions.with_columns(
        pl.col("file_no").replace_strict({n: v.version_id for n, v in by_number.items()}, return_dtype=pl.Int64)
    )
    differences += _compare_versions(connection, versions, derived)
    differences += _compare_staged(connection, versions, derived, batch, found)
    same_version = derived.filter(pl.col("version_id") == pl.col("file_no"))["version_id"].to_list()
    current = [v.version_id for v in versions if v.is_current and v.version_id in set(same_version)]
    core = rederived_core(connection, current, batch.frames)
    found.core_tables, found.core_values = core.tables, core.values
    differences += core.differences
    others = {version.record_key for version in versions if version.read_by_other_code}
    found.read_by_other_code = sum(version.read_by_other_code for version in versions)
    for difference in differences:
        to = found.differences_of_code if difference.record_key in others else found.differences
        to.append(difference)


def _compare_versions(
    connection: duckdb.DuckDBPyConnection, versions: Sequence[SampledVersion], derived: pl.DataFrame
) -> list[Difference]:
    """raw.record_version; `derived` has the stored version's id in `file_no`."""
    columns = [name for name in VERSION_SCHEMA if name not in ("file_no", "version_id")]
    ids = [version.version_id for version in versions]
    stored = frame_of(
        connection,
        f"SELECT version_id, {', '.join(columns)} FROM {_VERSIONS} WHERE version_id IN (SELECT unnest(?::BIGINT[]))",
        [ids],
    )
    keys = {version.version_id: version.record_key for version in versions}
    made = derived.select(pl.col("file_no").alias("version_id"), *columns)
    refused = ~stored["version_id"].is_in(made["version_id"].implode())
    found = compared(stored.filter(~refused), made, _VERSIONS, ("version_id",), keys, "version_id").differences
    # the id is made of key and content: that it is another is news only where these are the same
    told = {difference.record_key for difference in found}
    ids_of = derived.select("file_no", "version_id").iter_rows()
    changed = [(keys[was], was, now) for was, now in ids_of if was != now and keys[was] not in told]
    return found + [Difference(key, _VERSIONS, "version_id", str(was), str(now)) for key, was, now in changed]


def _compare_staged(
    connection: duckdb.DuckDBPyConnection,
    versions: Sequence[SampledVersion],
    derived: pl.DataFrame,
    batch: Batch,
    found: Verification,
) -> list[Difference]:
    """Staged rows; those of a version whose content, and with it its id, comes out otherwise go by the stored id."""
    keys = {version.version_id: version.record_key for version in versions}
    stored_ids = dict(derived.select("version_id", "file_no").iter_rows())
    differences: list[Difference] = []
    for name, table in SOURCE_TABLES.items():
        if table.schema != "staging":
            continue
        stored = frame_of(
            connection,
            f"SELECT * FROM {quoted(table.schema, table.name)} WHERE version_id IN (SELECT unnest(?::BIGINT[]))",
            [list(keys)],
        )
        made = batch.frames.get(table.name)
        if made is not None:
            made = made.with_columns(pl.col("version_id").replace(stored_ids))
        result = compared(stored, made, name, table.key, keys, "version_id")
        differences += result.differences
        found.staged_values += result.values
        found.staged_tables += result.values > 0
        if name == FIELD_STATES:
            found.field_states = stored.height
    return differences
