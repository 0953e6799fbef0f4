"""Running the whole job in this process, on the instance of the home, so that the Dagster UI shows the run.

Belongs here: one function. Does not: showing progress (pipelines/console).
"""

from __future__ import annotations

import logging
import os
import shutil
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.collector import set_aside, without_collector
from pipelines.orchestration.ahead import begun_ahead
from pipelines.orchestration.instance import DISK_FULL, close_orphans, open_instance, telling_of_run_history
from pipelines.orchestration.keys import JOB_NAME, LANDING, REPORT_JOB, console_at
from pipelines.orchestration.watch import RunOutcome, Watcher, watching
from pipelines.reports.errors import ReportError
from pipelines.reports.plan import INDEX
from pipelines.settings import Settings

SHOWN_GATES = 10

REPOSITORY_LABEL = "__repository__@pipelines.definitions"


def run_pipeline(
    settings: Settings,
    watcher: Watcher,
    *,
    rebuild: bool = False,
    read_again: bool = False,
    allow_gates: Sequence[str] = (),
    allow_reason: str = "",
) -> RunOutcome:
    """Execute the job that the UI shows, on this home and landing; the outcome says what became of it.

    Dagster's own log goes to the instance, not to the terminal. Never raises for a failing step: its words are in
    `outcome.errors`. Raises RunHistoryError where Dagster cannot keep its own files. KeyboardInterrupt passes through
    after the build was given up.
    """
    started = time.monotonic()
    watcher.stage("start", "loading assets")
    watcher.wait_seconds = 0.0  # a person at a terminal would rather be told
    wished = {
        "rebuild": rebuild,
        "read_again": read_again,
        "allow_gates": list(allow_gates),
        "allow_reason": allow_reason,
    }
    config = {"ops": {LANDING.to_python_identifier(): {"config": wished}}}
    outcome = watcher.outcome
    run_id = str(uuid.uuid4())
    with watching(watcher), begun_ahead(settings, run_id, watcher.wait_seconds) as watcher.beginning:
        job = _load_job(settings, JOB_NAME)
        watcher.beginning.wait()  # a disk that it fills must have room again before Dagster writes
        result = _execute(settings, job, config, run_id)
    if _was_interrupted(result):
        raise KeyboardInterrupt
    if not result.success:
        _add_errors(outcome, result)
    if outcome.published is None and not (outcome.errors or outcome.nothing_new):
        outcome.errors["the run"] = _without_words(settings)
    outcome.seconds = time.monotonic() - started
    return outcome


def run_report(settings: Settings) -> Path:
    """Execute the report's job on this home, so that the Dagster UI shows it; gives the index of the pages.

    Raises ReportError with the step's own words where the pages cannot be made, RunHistoryError as run_pipeline.
    """
    result = _execute(settings, _load_job(settings, REPORT_JOB), {})
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data.user_failure_data
            words = (failure.description if failure else None) or str(event.step_failure_data.error_display_string)
            raise ReportError(f"the warehouse is published, its pages could not be made: {words}")
    return settings.report_dir / INDEX


def _load_job(settings: Settings, name: str) -> dg.JobDefinition:
    """A job of the code location, which reads where it works from the environment."""
    os.environ["TRIALMART_HOME"] = str(settings.home_dir)
    os.environ["TRIALMART_LANDING"] = str(settings.landing_dir)
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with without_collector():
        from pipelines.definitions import defs

        job = defs.resolve_job_def(name)
    set_aside()
    return job


def _execute(
    settings: Settings, job: dg.JobDefinition, config: dict[str, Any], run_id: str | None = None
) -> dg.ExecuteInProcessResult:
    """Execute a job on the instance of the home. Raises RunHistoryError."""
    with telling_of_run_history(settings), open_instance(settings) as instance:
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config=console_at("CRITICAL") | config,
            run_id=run_id,
            tags={"trialmart/launched_by": "command line", ".dagster/repository": REPOSITORY_LABEL},
        )
        close_orphans(instance, settings)  # when the instance was opened, this run held the lock that tells lost ones
        return result


def _was_interrupted(result: dg.ExecuteInProcessResult) -> bool:
    """Whether a step failed because somebody pressed Ctrl-C; DuckDB and others wrap what Dagster raises then."""
    for event in result.all_events:
        error = event.step_failure_data.error if event.is_step_failure else None
        while error is not None:
            if error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
                return True
            error = error.cause or error.context
    return False


def _add_errors(outcome: RunOutcome, result: dg.ExecuteInProcessResult) -> None:
    """Gates that do not hold, and steps that failed without words of their own; the full trace is in the instance."""
    gates = open_gates(outcome)
    if gates:
        shown = [f"  {gate}" for gate in gates[:SHOWN_GATES]]
        more = [f"  … and {len(gates) - SHOWN_GATES} more"] if len(gates) > SHOWN_GATES else []
        outcome.errors["gates"] = "\n".join([f"{len(gates)} failed, so nothing is published:", *shown, *more])
    if outcome.errors:
        return
    for event in result.all_events:
        if event.is_step_failure and event.step_key:
            error = event.step_failure_data.error
            cause = error.cause if error and error.cause else error
            outcome.errors[event.step_key] = _plain(cause.message.strip() if cause else "no message")


def _without_words(settings: Settings) -> str:
    """A run that ends though no step has told of a failure: an event that cannot be written is lost (2026-11)."""
    free = shutil.disk_usage(settings.home_dir).free / 1e6
    return (
        "it ended before publishing, and why could not be written down; mostly the disk is full "
        f"({free:,.0f} MB are free now where {settings.home_dir} lies). Free some space, or move TRIALMART_HOME to a "
        "larger disk; run again"
    )


def open_gates(outcome: RunOutcome) -> list[str]:
    """A line for each rule and model test of severity gate that failed or could not run, and was not allowed to."""
    rules = [
        f"{rule.rule} on {rule.table_name}: {rule.error or f'{rule.rows_failed:,} rows'}"
        for rule in outcome.rules
        if rule.severity.value == "gate" and not rule.success and rule.rule not in outcome.overrides
    ]
    tests = [
        f"{result.test.name} of model {result.model}: {result.error or f'{result.rows_failed:,} rows'}"
        for result in outcome.tests
        if result.test.severity == "gate" and not result.success
    ]
    return rules + tests


def _plain(message: str) -> str:
    if any(words in message for words in DISK_FULL):
        return (
            f"{message}\nThe disk of the home is full: free some, or move TRIALMART_HOME to a larger disk; run again."
        )
    return message
