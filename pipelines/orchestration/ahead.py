"""A run's build begun while Dagster's definitions are loaded: a copy waits for the disk, loading for the processor.

Belongs here: beginning it on a thread, handing it over, giving it up where no step took it. Does not: what a build is
(pipelines/warehouse/build.py), steps, Dagster. Runs that Dagster launches begin their build in their first step.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from pipelines.settings import Settings
from pipelines.warehouse.build import Build, abandon, begin_build


class Beginning:
    """A build being begun on a thread; the first who asks takes it."""

    def __init__(self, settings: Settings, run_id: str, wait_seconds: float) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="beginning")
        self._begun = self._pool.submit(begin_build, settings, run_id, wait_seconds)
        self._is_taken = False

    def wait(self) -> None:
        """Until it is begun, or could not be."""
        self._pool.shutdown(wait=True)

    def take(self) -> Build | None:
        """The build once it is begun. None where it has been taken, and where it could not be begun: who needs one then
        begins it, and learns why.
        """
        if self._is_taken or self._begun.exception() is not None:
            return None
        self._is_taken = True
        return self._begun.result()


@contextmanager
def begun_ahead(settings: Settings, run_id: str, wait_seconds: float) -> Iterator[Beginning]:
    """Begin the build of run `run_id` now; at the end of the block it is given up unless somebody has taken it."""
    beginning = Beginning(settings, run_id, wait_seconds)
    try:
        yield beginning
    finally:
        if (build := beginning.take()) is not None:
            abandon(build)
