"""What must hold whatever the input: for what a reader gives, for a staged batch.

Belongs here: the checks. A breach raises AssertionError and says which. Does not: making inputs, running campaigns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from pipelines.landing.member import EXCERPT_CHARACTERS, REASON_CHARACTERS
from pipelines.readers.base import BadRecord, RawRecord, Reader
from pipelines.readers.reasons import READER_FAILED, REASONS
from pipelines.settings import Limits
from pipelines.staging.batch import Batch, Item, process
from pipelines.study.identifiers import classify_identifier

Results = list[tuple[Reader | None, RawRecord | BadRecord]]
LIMITS = Limits()
NOTHING_KNOWN = np.empty(0, dtype=np.int64)


def check_bad(bad: BadRecord) -> None:
    """A quarantine entry that can be stored and understood, and is no confession of ours."""
    assert bad.reason_code in REASONS, f"unknown reason code {bad.reason_code!r}"
    assert bad.reason_code != READER_FAILED, f"{READER_FAILED}: {bad.reason}"
    assert bad.reason, f"{bad.reason_code} without a sentence"
    assert len(bad.reason) <= REASON_CHARACTERS, f"a reason of {len(bad.reason):,} characters"
    assert len(bad.excerpt) <= EXCERPT_CHARACTERS
    assert bad.position is None or bad.position >= 1
    for value in (bad.member, bad.reason, bad.excerpt, bad.registry_id):
        (value or "").encode()


def check_results(found: Results) -> None:
    """What a reader gave for one file: reasons that are known, places that tell its records apart."""
    places = Counter((record.member, record.position) for _, record in found if isinstance(record, RawRecord))
    twice = [place for place, count in places.items() if count > 1]
    assert not twice, f"two records at {twice[0]}"
    for reader, record in found:
        if isinstance(record, BadRecord):
            check_bad(record)
        else:
            assert reader is not None
            assert record.position >= 1
            assert record.raw, f"a record without bytes at {record.position}"


def same(one: Results, other: Results) -> bool:
    """Whether two readings of a file are the same."""
    return [(reader and reader.format, record) for reader, record in one] == [
        (reader and reader.format, record) for reader, record in other
    ]


def check_staged(items: Sequence[Item]) -> Batch:
    """Process a batch: each of its records is accepted, unchanged or refused, file by file; what is staged is sound."""
    seen = Counter(item.file_no for item in items)
    batch = process(items, NOTHING_KNOWN, LIMITS)
    ended = Counter(batch.versions["file_no"].to_list())
    ended += Counter(file_no for file_no, _ in batch.unchanged)
    ended += Counter(file_no for file_no, _ in batch.refused)
    assert seen == ended, f"seen {seen}, ended {ended}"
    for _, bad in batch.refused:
        check_bad(bad)
    check_frames(batch.frames.items(), batch.versions)
    return batch


def check_frames(frames: Iterable[tuple[str, pl.DataFrame]], versions: pl.DataFrame) -> None:
    """Rows of accepted versions only, no interval the wrong way round, canonical ids that stay what they are."""
    accepted = versions["version_id"].implode()
    for name, frame in frames:
        assert frame["version_id"].is_in(accepted).all(), f"{name} has rows of a version that was not accepted"
        for column in frame.columns:
            if column.endswith("_earliest"):
                stem = column.removesuffix("_earliest")
                wrong = frame.filter(
                    (pl.col(column) > pl.col(f"{stem}_latest"))
                    | (pl.col(column).is_null() != pl.col(f"{stem}_latest").is_null())
                    | (pl.col(column).is_null() != pl.col(f"{stem}_precision").is_null())
                )
                assert wrong.is_empty(), f"{name}.{stem}: {wrong.head(1).to_dicts()}"
        if name == "identifier":
            pairs = frame.filter(pl.col("is_valid")).select("id_type", "id_norm").unique()
            for kind, norm in pairs.iter_rows():
                check_norm(kind, norm)


def check_norm(kind: str, norm: str | None) -> None:
    """A canonical id is read as itself again."""
    assert norm is not None
    again = classify_identifier(norm, kind if kind != "OTHER" else None)
    if kind not in ("OTHER", "ORG"):
        assert (again.id_type, again.id_norm) == (kind, norm), f"{kind} {norm!r} is read again as {again}"
