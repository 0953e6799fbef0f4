"""What Dagster loads where many machines share the work (deploy/workspace.yaml): staging as a job of its own.

Belongs here: the job that cuts new files into portions and has whichever worker stage them, the executor it runs on,
and the sensor that starts the pipeline after it. Does not: staging a portion (pipelines/staging/shards.py), the
pipeline itself, which is the same everywhere and takes up what was staged.

TRIALMART_EXECUTOR says who works: celery (TRIALMART_BROKER, TRIALMART_RESULTS; `pip install 'trialmart[scale]'`), k8s
(a pod for each step; dagster-k8s) or multiprocess (processes of this machine). All machines share the home's folder.
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.collector import without_collector
from pipelines.landing.catalogue import ArchivedFile, archive_path
from pipelines.landing.containers import open_members
from pipelines.landing.copying import ArchiveError
from pipelines.landing.member import Member, MemberError
from pipelines.orchestration.assemble import build_definitions
from pipelines.orchestration.automation import pipeline_job
from pipelines.orchestration.intake_assets import IO_RETRY
from pipelines.orchestration.keys import POOL
from pipelines.orchestration.resources import WarehouseRun
from pipelines.readers import recognise
from pipelines.settings import MIB, Limits, Settings, Storage
from pipelines.staging.ingest import BATCH_BYTES, BATCH_RECORDS
from pipelines.staging.shards import Portion, plan_file, stage_portion
from pipelines.warehouse.build import catch_up
from pipelines.warehouse.intake import archive_new, known_in_published, look
from pipelines.warehouse.lock import acquire_writer_lock
from pipelines.warehouse.versions import shards_folder

STAGE_JOB = "stage_landing"


@dg.op(out=dg.DynamicOut(list[dict[str, Any]]), retry_policy=IO_RETRY, pool=POOL)
def plan_portions(context: dg.OpExecutionContext, run: WarehouseRun) -> Iterator[dg.DynamicOutput[Any]]:
    """New landing files archived and cut into portions; each output is what one worker stages at a time."""
    settings, limits = run.settings(), Limits()
    with run.foreseeing("plan_portions"), _writing(settings, context.run_id, run.wait_seconds):
        known = known_in_published(settings)
        try:
            files = archive_new(look(settings, known), known, settings).files
        except ArchiveError as error:
            raise OSError(str(error)) from error  # the disk may recover: the retry policy decides
    shards = shards_folder(settings, limits)
    bundles = list(_bundles(shards, files, limits, settings.shard_mib * MIB))
    context.log.info(f"{len(files)} new files cut into {len(bundles)} pieces of work")
    for number, (registry, portions) in enumerate(bundles):
        yield dg.DynamicOutput([asdict(portion) for portion in portions], mapping_key=f"{registry}_{number:05}")


@contextmanager
def _writing(settings: Settings, run_id: str, wait_seconds: float) -> Iterator[None]:
    """Nobody else archives or publishes meanwhile; the home has caught up with the lake."""
    settings.home_dir.mkdir(parents=True, exist_ok=True)
    lock = acquire_writer_lock(settings, run_id, wait_seconds)
    try:
        catch_up(settings, Storage())
        yield
    finally:
        lock.release()


def _bundles(
    shards: Path, files: Iterable[ArchivedFile], limits: Limits, most_bytes: int
) -> Iterator[tuple[str, list[Portion]]]:
    """Portions of one registry after the other, small files together, each bundle of about so many raw bytes."""
    waiting: dict[str, list[Portion]] = {}
    raw_bytes: Counter[str] = Counter()
    for file in files:
        registry = _registry(file, limits)
        for portion in plan_file(shards, file.archived_path, file.sha256, limits, most_bytes):
            waiting.setdefault(registry, []).append(portion)
            raw_bytes[registry] += portion.bytes
            if raw_bytes[registry] >= most_bytes:
                del raw_bytes[registry]
                yield registry, waiting.pop(registry)
    yield from waiting.items()


def _registry(file: ArchivedFile, limits: Limits) -> str:
    """The registry of a file's first member, for the name of the work alone: readers look at each member again."""
    try:
        first = next(open_members(file.archived_path, limits))
        reader = recognise(first.head()) if isinstance(first, Member) else None
    except (MemberError, StopIteration):
        reader = None
    return reader.registry.lower() if reader is not None else "unknown"


@dg.op(retry_policy=IO_RETRY)
def stage_portions(context: dg.OpExecutionContext, portions: list[dict[str, Any]], run: WarehouseRun) -> int:
    """Stage some portions into the shared folder of shards. Done twice, or after a kill, it ends in the same."""
    settings, limits = run.settings(), Limits()
    shards = shards_folder(settings, limits)
    staged = 0
    with without_collector():
        for given in portions:
            portion = Portion(**given)
            archived = archive_path(settings.archive_dir, portion.sha256)
            staged += stage_portion(shards, archived, portion, limits, BATCH_BYTES, BATCH_RECORDS)
    context.log.info(f"{staged} of {len(portions)} portions staged, the others were there")
    return staged


@dg.op
def all_staged(context: dg.OpExecutionContext, staged: list[int]) -> None:
    """Every portion is there: the pipeline can take them up."""
    context.log.info(f"{sum(staged)} portions staged by {len(staged)} pieces of work")


def executor() -> dg.ExecutorDefinition:
    """The executor that TRIALMART_EXECUTOR names, celery by default. Raises ValueError for another name."""
    name = os.environ.get("TRIALMART_EXECUTOR", "celery")
    if name == "celery":
        from dagster_celery import celery_executor

        return celery_executor.configured(  # type: ignore[no-any-return]
            {"broker": {"env": "TRIALMART_BROKER"}, "backend": {"env": "TRIALMART_RESULTS"}}, name="celery"
        )
    if name == "k8s":
        from dagster_k8s import k8s_job_executor

        return k8s_job_executor  # type: ignore[no-any-return]
    if name == "multiprocess":
        return dg.multiprocess_executor
    raise ValueError(f"TRIALMART_EXECUTOR is {name!r}; it may be celery, k8s or multiprocess")


@dg.job(
    name=STAGE_JOB,
    executor_def=executor(),
    description="New landing files, staged in portions by many workers; the pipeline follows when all are there.",
)
def stage_landing() -> None:
    """Plan, stage by whichever worker, done."""
    all_staged(plan_portions().map(stage_portions).collect())


@dg.run_status_sensor(
    name="pipeline_after_staging",
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[stage_landing],
    request_job=pipeline_job,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Models, checks and publishing follow a finished staging run.",
)
def pipeline_after_staging(context: dg.RunStatusSensorContext) -> dg.RunRequest:
    """One run of the pipeline for each finished staging run."""
    return dg.RunRequest(run_key=context.dagster_run.run_id)


def _definitions() -> dg.Definitions:
    # what steps hand on (a list of portions) must be where every worker finds it
    handed_on = dg.FilesystemIOManager(base_dir=str(Settings().home_dir / "dagster" / "storage"))
    return build_definitions(
        first_job=stage_landing, more_sensors=[pipeline_after_staging], resources={"io_manager": handed_on}
    )


defs = _definitions()
