"""A handful of raw records → staged frames, and a reason for every record that did not make it.

Belongs here: what happens to one batch, from raw bytes to frames, in memory. Pure: no file, no database; batches are
processed by several threads at once. Does not: which records the decoder takes (sift.py), which files there are, where
frames go (ingest.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import polars as pl

from pipelines.readers.base import BadRecord, excerpt_of
from pipelines.readers.ctgov_v2 import stated_nct_id
from pipelines.readers.json_window import json_fault
from pipelines.readers.reasons import IMPOSSIBLE_DATE, OUT_OF_RANGE, READER_FAILED, TOO_DEEP
from pipelines.settings import Limits
from pipelines.staging.criteria import criteria
from pipelines.staging.derive import Frames, identifiers, impossible_dates, oversized_integers, with_dates
from pipelines.staging.flatten import flatten
from pipelines.staging.identity import Identity, identify
from pipelines.staging.inspect import NO_INTEGER, RecordRefused, Refusal, UnknownValue, seems_fit
from pipelines.staging.sift import Candidate, Item, decoded

__all__ = ["Batch", "Candidate", "Item", "in_batches", "process", "without"]

VERSION_SCHEMA = {
    "version_id": pl.Int64,
    "record_key": pl.String,
    "key_basis": pl.String,
    "registry": pl.String,
    "registry_id": pl.String,
    "source_format": pl.String,
    "record_sha256": pl.String,
    "raw_sha256": pl.String,
    "record_bytes": pl.Int64,
    "file_no": pl.Int64,
    "member": pl.String,
    "position": pl.Int64,
}
UNKNOWN_SCHEMA = {"version_id": pl.Int64, "path": pl.String, "place": pl.String, "value": pl.String}


@dataclass
class Batch:
    """What became of a batch. `versions` has the columns of VERSION_SCHEMA, one row for each accepted version.

    seen = versions.height + len(unchanged) + len(refused). Both lists hold the file number, to count by file;
    `unchanged` has the registry's id beside it, None where the record has none. `rows` counts, by table, the rows of
    frames that have been written away.
    """

    versions: pl.DataFrame
    frames: Frames
    unchanged: list[tuple[int, str | None]]
    refused: list[tuple[int, BadRecord]]
    rows: dict[str, int] = field(default_factory=dict)


def in_batches(items: Iterable[Item], most_bytes: int, most_records: int) -> Iterator[tuple[list[Item], int]]:
    """Items in their order, cut into batches of about so many raw bytes or records at most, each with its bytes."""
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.record.raw)
        if size >= most_bytes or len(batch) >= most_records:
            yield batch, size
            batch, size = [], 0
    if batch:
        yield batch, size


def process(items: Sequence[Item], known: np.ndarray, limits: Limits) -> Batch:
    """Parse, identify, type and flatten records; `known` are the version ids already in the warehouse, sorted.

    Versions that are known, or met before in this batch, count as unchanged. Nothing is raised for a bad record.
    """
    unchanged: list[tuple[int, str | None]] = []
    refused: list[tuple[int, BadRecord]] = []
    candidates: dict[int, Candidate] = {}
    for item in items:
        try:
            candidate = _candidate(item)
        except RecordRefused as error:
            refused.append((item.file_no, _bad(item, error.refusal)))
            continue
        first = candidates.get(candidate.identity.version_id)
        if _contains(known, candidate.identity.version_id):
            unchanged.append((item.file_no, candidate.identity.registry_id))
        elif first is not None:
            first.again.append(item)
        else:
            candidates[candidate.identity.version_id] = candidate
    kept, frames, refusals = _staged(list(candidates.values()), limits)
    for candidate in candidates.values():
        reason = refusals.get(candidate.identity.version_id)
        if reason is None:
            unchanged.extend((item.file_no, candidate.identity.registry_id) for item in candidate.again)
        else:
            refused.extend(
                (item.file_no, _bad(item, reason, candidate.identity)) for item in (candidate.item, *candidate.again)
            )
    return Batch(_versions(kept), frames, unchanged, refused)


def _contains(known: np.ndarray, version_id: int) -> bool:
    place = int(np.searchsorted(known, version_id))
    return place < len(known) and int(known[place]) == version_id


def _candidate(item: Item) -> Candidate:
    """Parse the record and say which it is; raises RecordRefused."""
    record = item.record
    try:
        if record.study is not None:
            return Candidate(item, identify(record.study, item.reader), orjson.dumps(record.study))
        text = record.text
        study = _parsed(text)
        identity = identify(study, item.reader)
        return Candidate(item, identity, text, seems_fit(study))
    except orjson.JSONEncodeError as error:  # without a canonical form it has no hash
        raise _not_writable(error) from error


def _parsed(raw: bytes) -> dict[str, Any]:
    """The record's object; raises RecordRefused."""
    try:
        study = orjson.loads(raw)
    except orjson.JSONDecodeError:
        study = None
    if not isinstance(study, dict):
        fault = json_fault(raw)
        assert fault is not None, "what orjson refuses, or is no object, has a fault"
        raise RecordRefused(fault.code, fault.message)
    return study


def _not_writable(error: orjson.JSONEncodeError) -> RecordRefused:
    """The refusal of a record that parsed and cannot be written: brackets in texts can hide a depth of up to 1,024
    from the test that goes before the parser, and the writer goes 254 deep. Counts that a reader has added up can leave
    64 bits."""
    if "recursion" in str(error).lower():
        return RecordRefused(TOO_DEEP, "nested deeper than any study")
    if "64-bit" in str(error):
        return RecordRefused(OUT_OF_RANGE, f"a sum of the record's counts is {NO_INTEGER}")
    return RecordRefused(READER_FAILED, f"what was read cannot be written as JSON: {error}")


def _staged(candidates: list[Candidate], limits: Limits) -> tuple[list[Candidate], Frames, dict[int, Refusal]]:
    """Frames of the candidates that can be staged, which these are, and why the others cannot, by version id."""
    refusals: dict[int, Refusal] = {}
    unknown: list[tuple[int, UnknownValue]] = []
    nested, kept = decoded(candidates, limits, refusals, unknown)
    ids = np.array([candidate.identity.version_id for candidate in kept], dtype=np.int64)
    frames = flatten(nested, ids)
    for integer in oversized_integers(frames):
        refusals[integer.version_id] = Refusal(OUT_OF_RANGE, f"{integer.path}: {integer.value} is {NO_INTEGER}")
    for date in impossible_dates(frames):
        refusals[date.version_id] = Refusal(
            IMPOSSIBLE_DATE,
            f"{date.path}: {date.value[:40]!r} is no calendar date (yyyy, yyyy-MM or yyyy-MM-dd)",
        )
    if any(version_id in refusals for version_id in ids.tolist()):
        kept = [candidate for candidate in kept if candidate.identity.version_id not in refusals]
        frames = without(frames, refusals)
    frames = with_dates(frames)
    frames["identifier"] = identifiers(frames)
    frames["criterion"] = criteria(frames)
    rows = [(number, value.path, value.place, value.value) for number, value in unknown if number not in refusals]
    frames["unknown_value"] = pl.DataFrame(rows, schema=UNKNOWN_SCHEMA, orient="row")
    return kept, {name: frame for name, frame in frames.items() if frame.height}, refusals


def without(frames: Frames, version_ids: Iterable[int]) -> Frames:
    """Frames without the rows of these versions."""
    gone = pl.Series(list(version_ids), dtype=pl.Int64)
    return {name: frame.filter(~pl.col("version_id").is_in(gone.implode())) for name, frame in frames.items()}


def _versions(kept: list[Candidate]) -> pl.DataFrame:
    rows = [
        (
            candidate.identity.version_id,
            candidate.identity.record_key,
            candidate.identity.key_basis,
            candidate.identity.registry,
            candidate.identity.registry_id,
            candidate.item.reader.format,
            candidate.identity.record_sha256,
            hashlib.sha256(candidate.item.record.raw).hexdigest(),
            len(candidate.item.record.raw),
            candidate.item.file_no,
            candidate.item.record.member,
            candidate.item.record.position,
        )
        for candidate in kept
    ]
    return pl.DataFrame(rows, schema=VERSION_SCHEMA, orient="row")


def _bad(item: Item, refusal: Refusal, identity: Identity | None = None) -> BadRecord:
    return BadRecord(
        item.record.member,
        item.record.position,
        refusal.code,
        refusal.message,
        excerpt_of(item.record.text),
        identity.registry_id if identity else stated_nct_id(item.record.text),
    )
