"""The Dagster instance of a trialmart home: its folder, its dagster.yaml, and runs whose process is gone.

Belongs here: making and opening the instance. Does not: definitions, running jobs.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import dagster as dg

from pipelines.orchestration.keys import JOB_NAME
from pipelines.settings import Settings
from pipelines.warehouse.lock import writer_is_active

START_UP = timedelta(seconds=60)
"""A run that began longer ago than this and is still "started" holds the writer lock, or its process is gone."""


def prepare_dagster_home(settings: Settings) -> None:
    """Make the folder with dagster.yaml (kept as it is when it is there) and point DAGSTER_HOME at it."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        text = files("pipelines.orchestration").joinpath("dagster.yaml").read_text(encoding="utf-8")
        config.write_text(text.replace("__HOME__", str(home)), encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance of this home; runs whose process is gone are closed first."""
    prepare_dagster_home(settings)
    instance = dg.DagsterInstance.from_config(str(settings.dagster_home))
    close_orphans(instance, settings)
    return instance


def close_orphans(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    """Mark runs as failed that say "started" although nobody writes; returns their ids.

    A killed process cannot say that its run has ended, and such a run would keep all others waiting in the queue.
    """
    if writer_is_active(settings):
        return []
    started = dg.RunsFilter(job_name=JOB_NAME, statuses=[dg.DagsterRunStatus.STARTED])
    closed = []
    for record in instance.get_run_records(started):
        begun = record.create_timestamp.replace(tzinfo=record.create_timestamp.tzinfo or UTC)
        if datetime.now(UTC) - begun > START_UP:
            instance.report_run_failed(
                record.dagster_run, "The process of this run is gone; the published warehouse was not touched."
            )
            closed.append(record.dagster_run.run_id)
    return closed
