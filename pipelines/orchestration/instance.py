"""The Dagster instance of a trialmart home: its folder, its dagster.yaml, and runs whose process is gone.

Belongs here: making and opening the instance. Does not: definitions, running jobs.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import dagster as dg
import yaml
from sqlalchemy.exc import DatabaseError

from pipelines.orchestration.keys import FETCH_JOB, JOB_NAME, REPORT_JOB
from pipelines.settings import Settings
from pipelines.sources.ctgov import fetch_folder
from pipelines.sources.cursor import lock_path as fetch_lock_path
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.lock import is_held, lock_path, report_lock_path
from pipelines.whole_file import appearing

EVENT_BATCH = 10_000
"""Events that a run plans are stored together, up to so many (event_log.py)."""

SILENCE = timedelta(seconds=60)
"""A run that is "started", does not hold the lock of its work and has told nothing for so long has lost its process. It
has no lock yet while it starts, and none any more while Dagster writes down how it ended."""

SHOWN_REASON = 300
"""So many characters of what Dagster says: it lists all that it knows."""

DISK_FULL = ("No space left on device", "disk is full", "Disk quota exceeded")
"""How the operating system, SQLite and DuckDB (which quotes the former) say it."""

FULL_DISK_BYTES = 1024 * 1024
"""A disk with less free is full: SQLite may then say "disk I/O error" alone."""


def prepare_dagster_home(settings: Settings) -> None:
    """Make the folder with dagster.yaml (kept as it is when it is there) and point DAGSTER_HOME at it."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists() or config.stat().st_size == 0:  # a disk was full once: not a word of a person is in it
        text = files("pipelines.orchestration").joinpath("dagster.yaml").read_text(encoding="utf-8")
        runs = json.dumps(str(home / "history" / "runs"), ensure_ascii=False)  # unquoted, YAML would end it at a #
        with appearing(config) as part:  # half of it would be kept as it is, with Dagster's defaults for the rest
            part.write_text(text.replace("__RUNS__", runs), encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", str(EVENT_BATCH))


class RunHistoryError(WarehouseError):
    """The Dagster instance of the home cannot be opened or written."""


@contextmanager
def telling_of_run_history(settings: Settings) -> Iterator[None]:
    """What SQLite says of the instance's files, in words that a person can act on."""
    try:
        yield
    except DatabaseError as error:
        reason = str(error.orig or error).strip()
        is_full = shutil.disk_usage(settings.home_dir).free < FULL_DISK_BYTES
        if is_full or any(words in reason for words in DISK_FULL):
            remedy = "Free some space, or move TRIALMART_HOME to a larger disk; run again."
        elif "readonly" in reason or "unable to open" in reason:
            remedy = "Check the permissions of that folder, or choose another home; run again."
        else:
            remedy = "If it stays so, move that folder away: it holds the history of runs, no data. Then run again."
        raise RunHistoryError(
            f"Dagster's history of runs in {settings.dagster_home} cannot be kept ({reason}). {remedy} "
            "What is published stands as it is."
        ) from error


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance of this home; runs whose process is gone are closed first. Raises RunHistoryError where dagster.yaml
    is no configuration.
    """
    prepare_dagster_home(settings)
    try:
        instance = dg.DagsterInstance.from_config(str(settings.dagster_home))
    except (yaml.YAMLError, dg.DagsterInvalidConfigError) as error:
        raise RunHistoryError(
            f"{settings.dagster_home / 'dagster.yaml'} cannot be used: {str(error)[:SHOWN_REASON]}\n"
            "Correct it, or move it away: the next run writes a new one."
        ) from error
    close_orphans(instance, settings)
    return instance


def close_orphans(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    """Mark runs as failed that say "started" although nobody holds the lock of their work; returns their ids.

    A killed process cannot say that its run has ended, and such a run would keep all others waiting in the queue.
    """
    closed = []
    for job_name, lock in _locks(settings).items():
        started = dg.RunsFilter(job_name=job_name, statuses=[dg.DagsterRunStatus.STARTED])
        orphans = [record for record in instance.get_run_records(started) if _is_silent(instance, record)]
        if not orphans or is_held(lock):
            continue
        for record in orphans:
            instance.report_run_failed(
                record.dagster_run, "The process of this run is gone; what was there before it stands."
            )
            closed.append(record.dagster_run.run_id)
    return closed


def _locks(settings: Settings) -> Mapping[str, Path]:
    """The file that a run of each job holds locked while it works."""
    return {
        JOB_NAME: lock_path(settings),
        REPORT_JOB: report_lock_path(settings),
        FETCH_JOB: fetch_lock_path(fetch_folder(settings)),
    }


def _is_silent(instance: dg.DagsterInstance, record: dg.RunRecord) -> bool:
    begun = record.create_timestamp.replace(tzinfo=record.create_timestamp.tzinfo or UTC)
    last = instance.get_records_for_run(record.dagster_run.run_id, limit=1, ascending=False).records
    told = [begun, *(datetime.fromtimestamp(event.event_log_entry.timestamp, UTC) for event in last)]
    return datetime.now(UTC) - max(told) > SILENCE
