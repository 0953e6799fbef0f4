"""Landing files staged in portions by whichever machine: what a portion is, what it leaves behind, how it is taken up.

Belongs here: the plan of a file, staging one portion, finding and taking up what was staged. Does not: who stages which
portion (orchestration), loading (load.py).

A folder of shards holds, for each archived content, `<sha256>/plan.json`, which says into which portions the file was
cut, and for each portion that is done `<sha256>/<portion>/`: Parquet parts as a run on one machine writes them, and
done.json with everything that is no row. A portion is made under a name that nobody reads and renamed when it is whole,
so a killed worker leaves nothing that could be taken for a result, and whoever does the portion again replaces it.
Shards depend on nothing but the file, the limits and the code that reads (the caller keeps them in a folder named after
these): what a warehouse knows already is left out when they are taken up.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import polars as pl

from pipelines.landing.containers import open_members
from pipelines.readers import NotDivisibleError, read_part
from pipelines.readers.base import BadRecord
from pipelines.settings import Limits
from pipelines.staging.batch import VERSION_SCHEMA, Batch, Item, in_batches, process
from pipelines.staging.parts import drop_versions, write_part

PLAN = "plan.json"
DONE = "done.json"
_VERSIONS = "_record_version"
_UNPACKED = 8
"""Raw bytes for a packed byte where a gzip file does not say (JSON of registries: 4 to 10, 2026-11)."""


@dataclass(frozen=True, slots=True)
class Portion:
    """The members of a file from `first` (0-based) up to and without `last`; None: to the end. `bytes`: about so many
    raw bytes are in it.
    """

    sha256: str
    first: int
    last: int | None
    bytes: int

    @property
    def name(self) -> str:
        """Its folder's name."""
        return f"{self.first:07}-{'end' if self.last is None else f'{self.last:07}'}"


@dataclass(frozen=True)
class Shard:
    """A staged portion: records `seen`, formats met, pieces that were no records, and its batches."""

    folder: Path
    seen: int
    record_bytes: int
    formats: tuple[str, ...]
    bad: tuple[BadRecord, ...]
    said: tuple[dict[str, Any], ...]

    def batches(self, file_no: int) -> Iterator[StagedBatch]:
        """Its batches in order, as those of landing file `file_no` of a run."""
        for place, said in enumerate(self.said):
            yield StagedBatch(self.folder, place, file_no, said)


@dataclass(frozen=True)
class StagedBatch:
    """One batch of a shard; `said` is what done.json has of it."""

    folder: Path
    place: int
    file_no: int
    said: dict[str, Any]


def plan_file(shards: Path, archived: Path, sha256: str, limits: Limits, portion_bytes: int) -> list[Portion]:
    """Cut a file into portions of about so many raw bytes, once: a plan that is there stays as it is.

    Only an archive of many members can be cut.
    """
    plan = shards / sha256 / PLAN
    if not plan.is_file():
        plan.parent.mkdir(parents=True, exist_ok=True)
        cuts = list(_cuts(archived, limits, portion_bytes))
        fresh = plan.with_name(f".{PLAN}.{secrets.token_hex(4)}")
        fresh.write_bytes(orjson.dumps(cuts))
        fresh.replace(plan)
    return [Portion(sha256, first, last, size) for first, last, size in orjson.loads(plan.read_bytes())]


def _cuts(archived: Path, limits: Limits, portion_bytes: int) -> Iterator[tuple[int, int | None, int]]:
    first = size = 0
    for place, member in enumerate(open_members(archived, limits)):
        if size >= portion_bytes:
            yield first, place, size
            first, size = place, 0
        if not isinstance(member, BadRecord):
            size += archived.stat().st_size * _UNPACKED if member.size is None else member.size
    yield first, None, size


def stage_portion(
    shards: Path, archived: Path, portion: Portion, limits: Limits, most_bytes: int, most_records: int
) -> bool:
    """Stage one portion, batches of about so many bytes or records at most; False where it was done already.

    Errors are those of the machine. Nothing is left of an attempt that failed, but by a kill: rubbish that is removed
    with the shards of its file.
    """
    target = shards / portion.sha256 / portion.name
    if (target / DONE).is_file():
        return False
    who = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    part = target.with_name(f".{portion.name}.{who}.part")
    part.mkdir(parents=True)
    try:
        done = _stage(part, archived, portion, limits, most_bytes, most_records)
        (part / DONE).write_bytes(orjson.dumps(done))
        try:
            part.rename(target)
        except OSError:
            if not (target / DONE).is_file():  # else another worker was faster, with the same result
                raise
            return False
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return True


def _stage(
    part: Path, archived: Path, portion: Portion, limits: Limits, most_bytes: int, most_records: int
) -> dict[str, Any]:
    formats: list[str] = []
    bad: list[BadRecord] = []
    seen = 0

    def items() -> Iterator[Item]:
        nonlocal seen
        for reader, found in read_part(archived, limits, part, portion.first, portion.last):
            if reader is not None and reader.format not in formats:
                formats.append(reader.format)
            for record in found:
                seen += 1
                if isinstance(record, BadRecord):
                    bad.append(record)
                elif reader is not None:
                    yield Item(0, reader, record)

    batches: list[dict[str, Any]] = []
    record_bytes = 0
    try:
        for batch_items, size in in_batches(items(), most_bytes, most_records):
            batches.append(_write(part, len(batches), batch_items, limits))
            record_bytes += size
    except NotDivisibleError as error:
        return {"not_divisible": str(error)}
    return {
        "seen": seen,
        "record_bytes": record_bytes,
        "formats": formats,
        "bad": [asdict(record) for record in bad],
        "batches": batches,
    }


def _write(part: Path, place: int, items: list[Item], limits: Limits) -> dict[str, Any]:
    batch = process(items, np.empty(0, dtype=np.int64), limits)
    rows = write_part(part / "parts", place, batch.frames)
    write_part(part / "parts", place, {_VERSIONS: batch.versions})
    return {
        "rows": rows,
        "unchanged": [registry_id for _, registry_id in batch.unchanged],
        "refused": [asdict(record) for _, record in batch.refused],
    }


def staged_shards(shards: Path | None, sha256: str) -> list[Shard] | None:
    """The shards of a file in their order; None unless all of it was staged, or where it has to be read whole."""
    if shards is None or not (shards / sha256 / PLAN).is_file():
        return None
    found = []
    for first, last, size in orjson.loads((shards / sha256 / PLAN).read_bytes()):
        folder = shards / sha256 / Portion(sha256, first, last, size).name
        if not (folder / DONE).is_file():
            return None
        said = orjson.loads((folder / DONE).read_bytes())
        if "not_divisible" in said:
            return None
        bad = tuple(BadRecord(**record) for record in said["bad"])
        batches = tuple(said["batches"])
        found.append(Shard(folder, said["seen"], said["record_bytes"], tuple(said["formats"]), bad, batches))
    return found


def take_up(staged: StagedBatch, known: np.ndarray, parts: Path, number: int) -> Batch:
    """A staged batch as batch `number` of a run: its parts linked into `parts`, versions in `known` left out."""
    said = staged.said
    rows: dict[str, int] = said["rows"]
    versions = _versions(staged)
    is_known = np.isin(versions["version_id"].to_numpy(), known)
    unchanged = [(staged.file_no, registry_id) for registry_id in said["unchanged"]]
    unchanged += [(staged.file_no, registry_id) for registry_id in versions.filter(is_known)["registry_id"].to_list()]
    if is_known.all():
        rows = {}
    for table in rows:
        _link(staged.folder / "parts" / table / f"{staged.place:06}.parquet", parts / table / f"{number:06}.parquet")
    if is_known.any() and rows:
        gone = drop_versions(parts, number, versions.filter(is_known)["version_id"].to_list())
        rows = {table: count - gone.get(table, 0) for table, count in rows.items()}
    refused = [(staged.file_no, BadRecord(**record)) for record in said["refused"]]
    return Batch(versions.filter(~is_known), {}, unchanged, refused, rows)


def _versions(staged: StagedBatch) -> pl.DataFrame:
    path = staged.folder / "parts" / _VERSIONS / f"{staged.place:06}.parquet"
    frame = pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=VERSION_SCHEMA)
    return frame.with_columns(pl.lit(staged.file_no, dtype=pl.Int64).alias("file_no"))


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a file system without links, or another one
        shutil.copyfile(source, target)


def forget_shards(shards: Path, sha256: str) -> None:
    """Remove what was staged of a file: a published build has it. What cannot be removed does no harm."""
    shutil.rmtree(shards / sha256, ignore_errors=True)
