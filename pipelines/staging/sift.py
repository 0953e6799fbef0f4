"""Which records of a batch the decoder takes, and what has to be cut out of the others.

Belongs here: the search for the few records that the fast decoder would refuse. Does not: the decoder (decode.py), what
is wrong with a record (inspect.py), what becomes of it (batch.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import orjson
import pyarrow as pa

from pipelines.readers.base import RawRecord, Reader
from pipelines.readers.reasons import MALFORMED_JSON
from pipelines.settings import Limits
from pipelines.staging.decode import BatchRefused, decode
from pipelines.staging.identity import Identity
from pipelines.staging.inspect import RecordRefused, Refusal, UnknownValue, fits, inspect, refuse_duplicate_names

SEARCHED_RECORDS = 64
"""A refused batch is decoded in groups of this many records, and those of a refused group are looked at one by one. Bad
records are few, so groups should be small; a group costs the decoder 2 ms before its first record (2026-11)."""
RARE = 20
"""One record of so many may be written otherwise than compactly, and be looked at for that."""


@dataclass(frozen=True, slots=True)
class Item:
    """A raw record and where it comes from: the number of its landing file in this run, and its reader."""

    file_no: int
    reader: Reader
    record: RawRecord


@dataclass(slots=True)
class Candidate:
    """A record that parsed and has an identity; `document` is its JSON text in the study shape.

    `seems_fit`: what inspect.seems_fit says of it. `again` are further copies of it in the batch.
    """

    item: Item
    identity: Identity
    document: bytes
    seems_fit: bool = True
    again: list[Item] = field(default_factory=list)

    @property
    def is_compact(self) -> bool:
        """Whether its text is as long as it would be if written compactly; one with a name twice is longer."""
        return len(self.document) == self.identity.compact_bytes


def decoded(
    candidates: list[Candidate],
    limits: Limits,
    refusals: dict[int, Refusal],
    unknown: list[tuple[int, UnknownValue]],
) -> tuple[pa.Table, list[Candidate]]:
    """Decode what can be decoded, and say which candidates that is, in their order.

    What lies outside the shape is cut out of records into `unknown`, those that cannot be accepted go to `refusals`.
    Records that do not seem fit are looked at before the decoder sees them, and so are those that are not written as
    their neighbours are, where they are few. A batch that is refused all the same is searched group by group.
    """
    odd = sum(not one.is_compact for one in candidates)
    is_odd_rare = odd * RARE <= len(candidates)
    kept = [
        one
        for one in candidates
        if (one.seems_fit and (one.is_compact or not is_odd_rare)) or _inspected(one, limits, refusals, unknown)
    ]
    try:
        return decode([candidate.document for candidate in kept]), kept
    except BatchRefused:
        groups = [
            _searched(kept[start : start + SEARCHED_RECORDS], limits, refusals, unknown)
            for start in range(0, len(kept), SEARCHED_RECORDS)
        ]
    tables = pa.concat_tables([table for table, _ in groups], promote_options="permissive")
    return tables, [one for _, of_group in groups for one in of_group]


def _searched(
    candidates: list[Candidate],
    limits: Limits,
    refusals: dict[int, Refusal],
    unknown: list[tuple[int, UnknownValue]],
) -> tuple[pa.Table, list[Candidate]]:
    """As `decoded`, for a group so small that the records of one that is refused are looked at one by one."""
    kept = candidates
    looks: tuple[Callable[[Candidate], bool], ...] = (
        lambda one: fits(one.document) or _inspected(one, limits, refusals, unknown),
        lambda one: _inspected(one, limits, refusals, unknown),
        lambda one: _decodable(one, refusals),
    )
    for passes in looks:  # each nearer than the one before
        try:
            return decode([candidate.document for candidate in kept]), kept
        except BatchRefused:
            kept = [candidate for candidate in kept if passes(candidate)]
    return decode([candidate.document for candidate in kept]), kept


def _inspected(
    candidate: Candidate,
    limits: Limits,
    refusals: dict[int, Refusal],
    unknown: list[tuple[int, UnknownValue]],
) -> bool:
    """Make one candidate's document fit the shape; False when the record has to be refused."""
    version_id = candidate.identity.version_id
    try:
        document = orjson.loads(candidate.document)
        if orjson.dumps(document) != candidate.document:  # else there can be no name twice
            refuse_duplicate_names(candidate.document, limits.json_depth)
        found = inspect(document, limits.json_depth)
    except RecordRefused as error:
        refusals[version_id] = error.refusal
        return False
    candidate.document = orjson.dumps(found.known)
    unknown.extend((version_id, value) for value in found.unknown)
    return True


def _decodable(candidate: Candidate, refusals: dict[int, Refusal]) -> bool:
    """Whether the decoder takes this one alone; what inspection and decoder disagree on ends here."""
    try:
        decode([candidate.document])
    except BatchRefused as error:
        refusals[candidate.identity.version_id] = Refusal(MALFORMED_JSON, f"cannot be decoded: {error}")
        return False
    return True
