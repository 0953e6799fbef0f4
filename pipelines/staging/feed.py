"""Parts go into the tables of a build while the walk that writes them goes on.

Belongs here: when which parts are loaded, and the thread that does it. Does not: SQL on anything but staged tables
(load.py), the walk (ingest.py).

The walk waits for Python's lock and for the disk and leaves a quarter of two cores idle; DuckDB needs no Python.
Loading beside the walk instead of after it took a tenth of the clock's time of both (60,000 studies, 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import duckdb

from pipelines.settings import MIB
from pipelines.staging.parts import Parts

PARTS_AT_A_TIME = 8
"""Parts that wait before they are loaded: some 12,000 studies. An insert costs a millisecond for each table before its
first row, and leaves a part of a row group (122,880 rows) behind."""


SHARE_OF_MEMORY = 5 / 8
"""Of DuckDB's memory limit while the walk, which has its own batches and helper processes, goes on (2026-11)."""

ENOUGH_BYTES = 2048 * MIB
"""A limit that is no higher is left as it is: 600,000 studies were loaded with 2.5 GiB (2026-11)."""


class Feed:
    """Loads finished parts into `targets` (table of parts → table of the build, quoted, with schema) in their order.

    A context: when it is left with an error, what is under way is interrupted and waited for. In between, nobody else
    may use the connection, whose transaction is the caller's. Parts that are loaded are deleted.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, parts: Parts, targets: Mapping[str, str]) -> None:
        self._connection, self._parts, self._targets = connection, parts, targets
        self._waiting: list[int] = []
        self._loading: Future[None] | None = None
        self._is_over = False
        self._before: tuple[int, str] = (1, "")
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="loading")

    def __enter__(self) -> Self:
        with self._connection.cursor() as beside:
            ((threads, limit, most),) = beside.execute(
                "SELECT current_setting('threads'), current_setting('memory_limit'), "
                "parse_formatted_bytes(current_setting('memory_limit'))"
            ).fetchall()
        self._before = int(threads), limit
        self._set(1, f"{max(int(most * SHARE_OF_MEMORY), min(most, ENOUGH_BYTES))}B")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._loading is not None and not self._loading.done():
            self._is_over = True
            self._connection.interrupt()
        self._pool.shutdown(wait=True)
        self._set(*self._before)

    def ready(self, number: int) -> None:
        """Part `number` will not change any more. Raises what went wrong with earlier ones (duckdb.Error)."""
        self._waiting.append(number)
        if self._loading is not None and self._loading.done():
            self._loading.result()
            self._loading = None
        if self._loading is None and len(self._waiting) >= PARTS_AT_A_TIME:
            self._loading = self._pool.submit(self._load, self._waiting)
            self._waiting = []

    def finish(self) -> None:
        """Load what is left; returns when everything stands in the tables. Raises as `ready`."""
        if self._loading is not None:
            self._loading.result()
            self._loading = None
        self._load(self._waiting)
        self._waiting = []

    def _set(self, threads: int, memory_limit: str) -> None:
        """Give DuckDB so many threads and so much memory; past a transaction that may have failed.

        Appending in order, two threads took twice the processor time of one, and on a busy machine longer (2026-11).
        """
        with self._connection.cursor() as beside:
            beside.execute(f"SET threads = {threads}")
            beside.execute(f"SET memory_limit = '{memory_limit}'")

    def _load(self, numbers: list[int]) -> None:
        for name, target in self._targets.items():
            if self._is_over:
                return
            self._parts.load(self._connection, name, target, numbers)
