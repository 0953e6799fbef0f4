"""Batches on several threads: processed, and written to parts by the thread that processed them.

Belongs here: the pool, and what a worker does with a batch. Does not: what happens inside a batch (batch.py), which
batches there are (ingest.py). Threads, not processes: decoding, flattening and writing let go of Python's lock, and two
processes were only a tenth faster than two threads (2026-11), at the price of a second to start and orphans to mind.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from pipelines.settings import Limits
from pipelines.staging.batch import Batch, Item, process
from pipelines.staging.parts import write_part
from pipelines.staging.shards import StagedBatch, take_up

Submit = Callable[[int, Sequence[Item] | StagedBatch], "Future[Batch]"]


@contextmanager
def workers(count: int, known: np.ndarray, limits: Limits, parts: Path) -> Iterator[Submit]:
    """A function that hands a batch and its number to a thread; the batch comes back with its frames written away.

    One that another machine has staged is taken up as it is, but for the versions that are known.
    """

    def stage(number: int, items: Sequence[Item] | StagedBatch) -> Batch:
        if isinstance(items, StagedBatch):
            return take_up(items, known, parts, number)
        batch = process(items, known, limits)
        batch.rows = write_part(parts, number, batch.frames)
        batch.frames = {}
        return batch

    pool = ThreadPoolExecutor(count, thread_name_prefix="staging")
    with without_collector(), pool:
        try:
            yield lambda number, items: pool.submit(stage, number, items)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


@contextmanager
def without_collector() -> Iterator[None]:
    """Leave the cycle collector out while records are parsed: they are trees; it took 14 % of the time (2026-11)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
