"""Several batches at a time: processed, and written to parts where they were processed.

Belongs here: the pool, and who gets a batch. Does not: what happens inside a batch (batch.py), processes (helper.py),
which batches there are (ingest.py).

Threads for little, a process behind each thread for much: half of the work is Python's, of which one thread at a time
can run. Before criteria were cut here, two processes were a tenth faster than two threads, since then a fifth to a
quarter (60,000 studies, 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import Empty, SimpleQueue

from pipelines.collector import without_collector
from pipelines.staging.batch import Batch, Item
from pipelines.staging.helper import Helper, Setting, can_be_sent, staged
from pipelines.staging.shards import StagedBatch, take_up

Submit = Callable[[int, Sequence[Item] | StagedBatch], "Future[Batch]"]


@contextmanager
def workers(count: int, setting: Setting, *, processes: bool = False) -> Iterator[Submit]:
    """A function that hands a batch and its number to a worker; the batch comes back with its frames written away.

    One that another machine has staged is taken up as it is, but for the versions that are known. With `processes` a
    worker is a process, which starts with its first batch.
    """
    idle: SimpleQueue[Helper] = SimpleQueue()
    with without_collector(), ExitStack() as helpers:
        pool = ThreadPoolExecutor(count, thread_name_prefix="staging")

        def stage(number: int, items: Sequence[Item] | StagedBatch) -> Batch:
            if isinstance(items, StagedBatch):
                return take_up(items, setting.known, setting.parts, number)
            if not processes or not can_be_sent(items):
                return staged(setting, number, items)
            try:
                helper = idle.get_nowait()
            except Empty:
                helper = Helper(setting)
                helpers.callback(helper.end)
            batch = helper.stage(number, items)
            idle.put(helper)
            return batch

        try:
            yield lambda number, items: pool.submit(stage, number, items)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        pool.shutdown(wait=True)
