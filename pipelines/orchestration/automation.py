"""The job, and what starts it: the clock and new files in landing.

Belongs here: job, schedule, sensor. Does not: assets; deciding what is new content (pipelines/warehouse/intake.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias, Union

import dagster as dg

from pipelines.landing.catalogue import FileRefused, LandingFile, fingerprint
from pipelines.orchestration.instance import close_orphans
from pipelines.orchestration.keys import JOB_NAME, console_at
from pipelines.orchestration.resources import WarehouseRun
from pipelines.settings import Settings
from pipelines.warehouse.intake import KnownContent, known_in_published, look
from pipelines.warehouse.lock import writer_is_active

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

HASH_BYTES_PER_TICK = 1024 * 1024 * 1024
"""Hashed at most in one tick (some 3 s of the 60 s a tick may take); beyond it size and time stand for content."""

WAITING_REMEMBERED = 500
"""Files still being written that the cursor remembers with size and time; others must grow older than quiet_seconds."""

_UNFINISHED = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
)

pipeline_job = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("sources", "reports"),
    executor_def=dg.in_process_executor,
    # every event is in the instance; on the terminal of `trialmart ui` only what needs a person
    config=console_at("ERROR"),
    run_tags={"dagster/retry_strategy": "ALL_STEPS"},  # a build is one unit: what is left of a lost run is of no use
    description="Landing files → staged tables → models → rules → published warehouse, as one unit.",
)

Job: TypeAlias = Union[dg.JobDefinition, "UnresolvedAssetJobDefinition"]


def make_daily_schedule(job: Job = pipeline_job) -> dg.ScheduleDefinition:
    """The schedule of the job that a run begins with."""
    return dg.ScheduleDefinition(
        name="daily",
        job=job,
        cron_schedule="0 2 * * *",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every day at 02:00 UTC. With nothing new in landing the run ends at once and publishes nothing.",
    )


@dataclass
class Cursor:
    """What the sensor remembers: files being written at the last tick, and the files it looked into last."""

    waiting: dict[str, tuple[int, float]] = field(default_factory=dict)
    examined: str = ""

    @classmethod
    def parse(cls, text: str | None) -> Cursor:
        """From the text of an earlier tick; ValueError where it is not ours."""
        if not text:
            return cls()
        said = json.loads(text)
        waiting = {path: (int(size), float(at)) for path, (size, at) in said["waiting"].items()}
        return cls(waiting, str(said["examined"]))

    def text(self) -> str:
        """For the next tick."""
        return json.dumps({"waiting": self.waiting, "examined": self.examined}, sort_keys=True)


def make_landing_sensor(run: WarehouseRun, job: Job = pipeline_job) -> dg.SensorDefinition:
    """The sensor on the landing folder that `run` works on; it starts `job`."""

    @dg.sensor(
        name="landing_sensor",
        job=job,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="New, completely written files start one run for all of them; known content starts none.",
    )
    def landing_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        settings = run.settings()
        if not settings.landing_dir.is_dir():
            return dg.SkipReason(f"{settings.landing_dir} does not exist yet; create it and drop files there")
        if not context.instance.run_launcher.supports_check_run_worker_health:
            # else Dagster's run monitoring sees to it; a lost run would keep all others waiting for ever
            close_orphans(context.instance, settings)
        if writer_is_active(settings) or _runs_waiting(context.instance, {JOB_NAME, job.name}):
            return dg.SkipReason("a run is going on or queued; new files wait for its end")
        return evaluate(settings, known_in_published(settings), context.cursor, datetime.now(UTC))

    return landing_sensor


def _runs_waiting(instance: dg.DagsterInstance, jobs: Iterable[str]) -> bool:
    wanted = (dg.RunsFilter(job_name=name, statuses=list(_UNFINISHED)) for name in jobs)
    return any(instance.get_runs_count(one) > 0 for one in wanted)


def evaluate(
    settings: Settings, known: KnownContent, cursor_text: str | None, now: datetime
) -> dg.SensorResult | dg.SkipReason:
    """One tick: at most one run request, for all files that are new and completely written.

    A file is taken to be complete once it is older than quiet_seconds, or has the size and time it had at the last
    tick. The run key is made of the contents' hashes, so Dagster itself refuses to run the same content twice. Faults
    of landing or the warehouse are raised: the tick then shows red.
    """
    cursor = Cursor.parse(cursor_text)
    intake = look(settings, known)
    ready, waiting = _settled(intake.candidates, cursor, now, settings.quiet_seconds)
    faults = [(bad.relative_path, bad.reason_code) for bad in intake.unreadable]
    sight = _digest([*((f.relative_path, f.bytes, f.modified_at.timestamp()) for f in ready), *faults])
    upcoming = Cursor({file.relative_path: _state(file) for file in waiting[:WAITING_REMEMBERED]}, sight)
    if not ready and not faults:
        still = f"{len(waiting)} files are still being written" if waiting else "nothing new in landing"
        return dg.SensorResult(skip_reason=still, cursor=upcoming.text())
    if sight == cursor.examined:
        return dg.SensorResult(skip_reason="nothing new since the last tick", cursor=upcoming.text())
    contents = sorted({content for content in _contents(ready, known) if content not in known.sha256})
    if not contents and not faults:
        reason = f"{len(ready)} files under new names or times, but their content is known"
        return dg.SensorResult(skip_reason=reason, cursor=upcoming.text())
    request = dg.RunRequest(
        run_key=_digest([*contents, *faults]),
        tags={"trialmart/new_files": str(len(ready)), "trialmart/unreadable_files": str(len(faults))},
    )
    return dg.SensorResult(run_requests=[request], cursor=upcoming.text())


def _settled(
    files: Iterable[LandingFile], cursor: Cursor, now: datetime, quiet_seconds: float
) -> tuple[list[LandingFile], list[LandingFile]]:
    """Complete files, and those that may still be being written."""
    ready: list[LandingFile] = []
    waiting: list[LandingFile] = []
    for file in files:
        is_quiet = (now - file.modified_at).total_seconds() >= quiet_seconds
        unchanged = cursor.waiting.get(file.relative_path) == _state(file)
        (ready if is_quiet or unchanged else waiting).append(file)
    return ready, waiting


def _state(file: LandingFile) -> tuple[int, float]:
    return file.bytes, file.modified_at.timestamp()


def _contents(files: list[LandingFile], known: KnownContent) -> Iterator[str]:
    """What stands for each file's content: its SHA-256, or path, size and time where it is too much for one tick."""
    budget = HASH_BYTES_PER_TICK
    for file in files:
        if file.bytes <= budget:
            budget -= file.bytes
            try:
                yield fingerprint(file)
            except FileRefused:
                if file.relative_path not in known.unreadable:
                    yield f"unreadable:{file.relative_path}"
        else:
            yield f"{file.relative_path}:{file.bytes}:{file.modified_at.timestamp()}"


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()[:32]
