"""Staged frames on their way to DuckDB: written as Parquet parts, batch by batch, loaded many at a time.

Belongs here: the scratch files between decoding and the build. Many small inserts into DuckDB cost more than the parse
itself (measured 2026-11: 13 MB/s against 100 for loading Parquet), hence the detour. Does not: when they are loaded
(feed.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from pipelines.tables import parquet


def write_part(directory: Path, number: int, frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """Write the frames of a batch to `directory/<table>/<number>.parquet`; the rows written, by table."""
    rows = {}
    for name, frame in frames.items():
        if frame.height:
            folder = directory / name
            folder.mkdir(parents=True, exist_ok=True)
            frame.write_parquet(folder / f"{number:06}.parquet", compression="lz4", statistics=False)
            rows[name] = frame.height
    return rows


def drop_versions(directory: Path, number: int, version_ids: Sequence[int]) -> dict[str, int]:
    """Take versions out of the frames written as part `number`; the rows that went, by table.

    The files are made anew, not overwritten: they may be links to what a worker staged.
    """
    gone = pl.Series(version_ids, dtype=pl.Int64).implode()
    rows = {}
    for path in sorted(directory.glob(f"*/{number:06}.parquet")):
        frame = pl.read_parquet(path)
        kept = frame.filter(~pl.col("version_id").is_in(gone))
        rows[path.parent.name] = frame.height - kept.height
        path.unlink()
        kept.write_parquet(path, compression="lz4", statistics=False)
    return rows


def hold(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """The frame as the temporary table `name`, in place of a former one.

    A registered Arrow table will not do where it is joined: DuckDB may push the other side's bloom filter into its
    scan, and then says that it cannot (duckdb-python#463, seen with 1.5.5 on 2026-11-21).
    """
    connection.register("_held", frame.to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM _held")
    connection.unregister("_held")


@dataclass
class Parts:
    """What has been written to `directory`, rows counted by table."""

    directory: Path
    rows: Counter[str] = field(default_factory=Counter)

    def add(self, number: int, frames: Mapping[str, pl.DataFrame]) -> None:
        """Write frames as part `number`."""
        self.rows.update(write_part(self.directory, number, frames))

    def drop(self, number: int, version_ids: Sequence[int]) -> None:
        """Take these versions out of what was written as part `number`."""
        self.rows.subtract(drop_versions(self.directory, number, version_ids))

    def load(self, connection: duckdb.DuckDBPyConnection, name: str, target: str, numbers: Sequence[int]) -> None:
        """Append these parts of `name` to the table `target` (quoted, with schema), columns matched by name, and delete
        them. Parts without rows of `name` are no files."""
        files = [path for number in numbers if (path := self.directory / name / f"{number:06}.parquet").is_file()]
        if files:
            connection.execute(f"INSERT INTO {target} BY NAME SELECT * FROM {parquet(files)}")
        for path in files:
            path.unlink()

    def scan(self, name: str) -> str | None:
        """A SQL table expression over the parts of `name`, in the order of their numbers; None where there are none."""
        if not self.rows[name]:
            return None
        return parquet(sorted((self.directory / name).glob("*.parquet")))
