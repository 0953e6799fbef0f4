"""How far a run is: moving bars on a terminal, plain lines elsewhere.

Belongs here: two watchers of a run. Does not: what a run is, its summary.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from pipelines.console.terminal import size, stderr, visible
from pipelines.orchestration.watch import Watcher

if TYPE_CHECKING:
    from pipelines.staging.ingest import IngestProgress

LINE_SECONDS = 5.0

STAGES = {
    "start": "start",
    "landing": "landing",
    "staging": "staging",
    "core": "models",
    "history": "models",
    "marts": "models",
    "aact": "models",
    "quality": "quality",
    "publish": "publish",
}
"""What a stage of the run is called on the screen; models of several schemas are one line."""


class LineWatcher(Watcher):
    """One line for each stage with the seconds since the start, and one every LINE_SECONDS while reading."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._started = self._last = time.monotonic()
        self._stage = ""

    def stage(self, name: str, detail: str = "") -> None:
        """A line when the stage changes."""
        shown = STAGES.get(name, name)
        if shown != self._stage:
            self._stage = shown
            self._say(f"{shown}: {'building SQL models' if shown == 'models' else detail}")

    def archiving(self, done: int, total: int) -> None:
        """A line now and then."""
        if self._due():
            self._say(f"landing: {done:,} of {total:,} files copied")

    def reading(self, progress: IngestProgress) -> None:
        """A line now and then."""
        if self._due():
            self._say(
                f"staging: {progress.files:,} of {progress.files_total:,} files, {progress.records:,} records, "
                f"{size(progress.bytes)} of {size(progress.bytes_total)}"
            )

    def _due(self) -> bool:
        return time.monotonic() - self._last >= LINE_SECONDS

    def _say(self, text: str) -> None:
        self._last = time.monotonic()
        self._console.print(f"[{self._last - self._started:7.1f} s] {visible(text)}")


class BarWatcher(Watcher):
    """One moving line for each stage."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._current = ""

    def stage(self, name: str, detail: str = "") -> None:
        """Finish the line before, open or go on with this one."""
        shown = STAGES.get(name, name)
        if shown != self._current:
            self._finish()
            self._current = shown
        self._progress.update(self._task(shown), detail=visible(detail))

    def archiving(self, done: int, total: int) -> None:
        """The bar of landing."""
        self._progress.update(self._task("landing"), completed=done, total=total, detail=f"{done:,} of {total:,} files")

    def reading(self, progress: IngestProgress) -> None:
        """The bar of staging goes by bytes begun, so in the last file (there may be but one) it only moves."""
        detail = f"{progress.files:,} of {progress.files_total:,} files, {progress.records:,} records"
        task = self._task("staging")
        if progress.files < progress.files_total:
            self._progress.update(task, completed=progress.bytes, total=progress.bytes_total, detail=detail)
        else:
            self._progress.tasks[task].total = None  # update(total=None) would mean "as it was"
            self._progress.update(task, detail=detail)

    def finish(self) -> None:
        """No line is open any more."""
        self._finish()

    def _task(self, shown: str) -> TaskID:
        if shown not in self._tasks:
            self._tasks[shown] = self._progress.add_task(shown, total=None, detail="")
        return self._tasks[shown]

    def _finish(self) -> None:
        if self._current in self._tasks:
            task = self._progress.tasks[self._tasks[self._current]]
            total = task.total or 1
            self._progress.update(task.id, total=total, completed=total)
            self._progress.stop_task(task.id)


@contextmanager
def shown_progress() -> Iterator[Watcher]:
    """The watcher that suits stderr."""
    console = stderr()
    if not console.is_terminal:
        yield LineWatcher(console)
        return
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:<8}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[detail]}", markup=False),
    )
    with Progress(*columns, console=console) as progress:
        watcher = BarWatcher(progress)
        yield watcher
        watcher.finish()
