"""Whoever watches a run in this process: told how far it is, and left with its outcome.

Belongs here: the outcome of a run and the seam through which the command line sees it. Does not: Dagster, showing
anything. Runs that Dagster launches have no watcher; they log to Dagster alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.orchestration.ahead import Beginning
    from pipelines.quality import RuleResult
    from pipelines.staging.ingest import IngestProgress, IngestReport
    from pipelines.warehouse.models import ModelTestResult
    from pipelines.warehouse.publish import PublishedBuild


@dataclass
class RunOutcome:
    """What a run did. `errors`: a text for each step that failed; `rejected`: the build kept for inspection.

    `overrides`: gates that failed and were allowed to.
    """

    run_id: str = ""
    nothing_new: bool = False
    files_found: int = 0
    ingest: IngestReport | None = None
    rules: list[RuleResult] = field(default_factory=list)
    tests: list[ModelTestResult] = field(default_factory=list)
    overrides: list[str] = field(default_factory=list)
    published: PublishedBuild | None = None
    rejected: Path | None = None
    errors: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class Watcher:
    """Told about a run as it goes. This one keeps the outcome and shows nothing.

    `wait_seconds`: how long the run waits for another writer; None leaves that to the resource. `beginning`: its build,
    where it is begun before the first step.
    """

    def __init__(self) -> None:
        self.outcome = RunOutcome()
        self.wait_seconds: float | None = None
        self.beginning: Beginning | None = None

    def stage(self, name: str, detail: str = "") -> None:
        """A part of the run begins, or says something of itself."""

    def archiving(self, done: int, total: int) -> None:
        """So many landing files of all are copied and hashed."""

    def reading(self, progress: IngestProgress) -> None:
        """How far reading records is."""


_active: list[Watcher] = []


@contextmanager
def watching(watcher: Watcher) -> Iterator[Watcher]:
    """Runs in this process report to `watcher` until the block ends."""
    _active.append(watcher)
    try:
        yield watcher
    finally:
        _active.remove(watcher)


def current_watcher() -> Watcher:
    """The innermost watcher, or one that nobody looks at."""
    return _active[-1] if _active else Watcher()
