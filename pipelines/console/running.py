"""`trialmart run` on the terminal.

Belongs here: what is said before, during and after a run, and of gates that are to be allowed. Does not: the run itself
(pipelines/orchestration), its progress (progress.py) and summary (summary.py). Dagster is imported once there is
something to do.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from expectations import Severity, load_rules
from pipelines.console.faults import EXIT_INTERRUPTED, EXIT_USAGE, fail
from pipelines.console.terminal import counted, stderr, stdout
from pipelines.settings import Settings


def shown_run(
    settings: Settings,
    *,
    rebuild: bool,
    read_again: bool = False,
    allow_gates: Sequence[str] = (),
    allow_reason: str = "",
) -> bool:
    """One full pass; whether the warehouse is published (or nothing was to be done)."""
    from pipelines.warehouse.builds import dated_ahead
    from pipelines.warehouse.intake import changed_code, is_due, lake_is_waiting
    from pipelines.warehouse.lock import acquire_writer_lock

    started = time.monotonic()
    settings.home_dir.mkdir(parents=True, exist_ok=True)
    if settings.landing is None:
        settings.landing_dir.mkdir(exist_ok=True)
    if word := dated_ahead(settings, datetime.now(UTC)):
        stderr().print(word)
    if not (rebuild or read_again) and not is_due(settings):
        _tell_what_stands(settings, started)
        return True
    acquire_writer_lock(settings, "starting").release()  # said now rather than after ten seconds of loading
    if changed := changed_code(settings):
        stderr().print(f"{' and '.join(changed)} changed since the published build: building anew")
    elif lake_is_waiting(settings):
        stderr().print("the lake serves nothing yet: what is published goes into it")
    from pipelines.console.progress import shown_progress
    from pipelines.console.summary import print_summary
    from pipelines.orchestration.run import run_pipeline

    with shown_progress() as watcher:
        try:
            outcome = run_pipeline(
                settings,
                watcher,
                rebuild=rebuild,
                read_again=read_again,
                allow_gates=allow_gates,
                allow_reason=allow_reason,
            )
        except KeyboardInterrupt:
            if (done := watcher.outcome.published) is None:
                raise
            message = f"interrupted, but {settings.warehouse_path} is the new build {done.build_id} already; it stands"
            raise fail(message, EXIT_INTERRUPTED) from None
    if outcome.nothing_new:  # another run has taken everything in meanwhile
        _tell_what_stands(settings, started)
        return True
    print_summary(stdout(), outcome, settings)
    return outcome.published is not None


def _tell_what_stands(settings: Settings, started: float) -> None:
    from pipelines.console.summary import print_standing
    from pipelines.landing.catalogue import scan
    from pipelines.warehouse.builds import list_builds

    found = len(scan(settings.landing_dir, settings.home_dir).files)
    current = next((build for build in list_builds(settings) if build.is_current), None)
    if current is None:
        stdout().print(f"nothing to do: no files in {settings.landing_dir} yet, and nothing is published")
        return
    stdout().print(
        f"nothing new: the content of all {counted(found, 'file')} in {settings.landing_dir} is in "
        f"{settings.warehouse_path} already; it stays as it is"
    )
    print_standing(stdout(), settings, current, found, time.monotonic() - started)


def check_gates(names: Sequence[str], reason: str) -> None:
    """Refuse names that are no gate, before anything is begun."""
    if reason and not names:
        raise fail("--reason says why a gate is allowed; name the gate with --allow-gate RULE", EXIT_USAGE)
    gates = {rule.name for rule in load_rules() if rule.severity is Severity.GATE}
    if unknown := sorted(set(names) - gates):
        raise fail(f"no gate is named {', '.join(unknown)}; gates: {', '.join(sorted(gates))}", EXIT_USAGE)
