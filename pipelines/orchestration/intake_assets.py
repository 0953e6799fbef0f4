"""Landing files and everything read from them: the assets of groups landing and staging.

Belongs here: two steps, archive and ingest, and what they report. Does not: finding files
(pipelines/warehouse/intake.py), reading them (pipelines/staging).
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import dagster as dg
from pydantic import Field

from expectations import Severity
from pipelines.landing.copying import ArchiveError
from pipelines.orchestration.keys import LANDING, OWNER, POOL, table_key
from pipelines.orchestration.metadata import row_counts, source_spec, table_figures
from pipelines.orchestration.resources import RunState, WarehouseRun
from pipelines.quality import load_meanwhile
from pipelines.settings import Limits
from pipelines.staging.ingest import IngestProgress, IngestReport, ingest
from pipelines.staging.load import FILLED_BY_READING
from pipelines.staging.quarantine import open_quarantine
from pipelines.staging.report import NOTHING_READ
from pipelines.tables import SOURCE_TABLES, SourceTable
from pipelines.warehouse.afresh import former_loads, read_afresh
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.intake import archive_new, is_due, known_content, look, to_read_again
from pipelines.warehouse.versions import current_versions, shards_folder

IO_RETRY = dg.RetryPolicy(max_retries=2, delay=1, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""For steps that only move files: a full disk or a network drive may be better a moment later. Bad data never is."""

LOG_SECONDS = 10.0

INGESTED: dict[str, SourceTable] = {name: SOURCE_TABLES[name] for name in FILLED_BY_READING}
"""The tables that reading the landing files fills."""


class LandingConfig(dg.Config):
    """What a person may ask of one run.

    `rebuild`: make and publish a build even when nothing in landing is new and rules and models are unchanged, with
    every model made and every rule judged over all records.
    `read_again`: rebuild, and before that read every content in the archive by the readers of today.
    `allow_gates`: names of gates that may fail in this run and do not stop publishing; `allow_reason`: why.
    """

    rebuild: bool = False
    read_again: bool = False
    allow_gates: list[str] = Field(default_factory=list)
    allow_reason: str = ""


@dg.asset(
    key=LANDING,
    group_name="landing",
    owners=[OWNER],
    kinds={"python"},
    output_required=False,
    retry_policy=IO_RETRY,
    pool=POOL,
)
def landing_files(
    context: dg.AssetExecutionContext, config: LandingConfig, run: WarehouseRun
) -> Iterator[dg.MaterializeResult[Any]]:
    """Exact copies, by content hash, of the landing files whose content was never read before.

    Where nothing is new and rules and models are those of the published build, the rest of the run is skipped.
    """
    state = run.state
    outcome = state.watcher.outcome
    state.rebuild = config.rebuild or config.read_again
    state.allow_gates, state.allow_reason = frozenset(config.allow_gates), config.allow_reason
    with run.foreseeing("landing_files"):
        _refuse_unknown(state.allow_gates, _gates(context))
        state.watcher.stage("landing", "looking for new files")
        if not state.rebuild and not is_due(state.settings):
            outcome.nothing_new = True
            context.log.info("nothing new: the published warehouse stands, the rest of this run is skipped")
            return
        known = known_content(run.build().connection)
        intake = look(state.settings, known)
        outcome.files_found = intake.found
        try:
            archived = archive_new(intake, known, state.settings, state.watcher.archiving)
        except ArchiveError as error:
            raise OSError(str(error)) from error  # the disk may recover: the retry policy decides
        state.former_loads = former_loads(run.build().connection, state.settings) if config.read_again else ()
        again = () if config.read_again else to_read_again(run.build().connection, state.settings)
        state.archived = replace(archived, again=again)
    context.log.info(
        f"{intake.found} files in landing, {len(archived.files)} with new content; "
        f"{len(state.archived.again)} to be read again because readers have changed, "
        f"{state.known_to_read - len(state.archived.again)} because that was asked for"
    )
    yield dg.MaterializeResult(metadata=_landing_figures(intake.found, state))


def _gates(context: dg.AssetExecutionContext) -> set[str]:
    """Names of the rules of severity gate whose checks are part of this job."""
    graph = context.job_def.asset_layer.asset_graph
    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    return {
        spec.name for spec in specs if "topic" in spec.metadata and spec.metadata["severity"] == Severity.GATE.value
    }


def _refuse_unknown(allowed: frozenset[str], gates: set[str]) -> None:
    """A run launched in the UI was seen by nobody before: it ends here, before anything is read or built."""
    if unknown := sorted(allowed - gates):
        raise WarehouseError(
            f"allow_gates: no gate is named {', '.join(unknown)}; there are {', '.join(sorted(gates)) or 'none'}"
        )


def _files_to_read(state: RunState) -> str:
    again = f" and {state.known_to_read} known ones again" if state.known_to_read else ""
    return f"{len(state.archived.files)} new files{again}"


def _landing_figures(found: int, state: RunState) -> dict[str, int]:
    archived = state.archived
    return {
        "files_found": found,
        "files_new": len(archived.files),
        "files_read_again": state.known_to_read,
        "files_unreadable": len(archived.unreadable),
        "bytes_new": sum(file.bytes for file in archived.files),
    }


def make_staged_tables() -> dg.AssetsDefinition:
    """The step that reads the new files into raw, staging and the quarantine: one asset for each table."""
    version = current_versions().reader_version
    specs = [source_spec(table, deps=[LANDING], kind="polars", code_version=version) for table in INGESTED.values()]

    @dg.multi_asset(name="staged_tables", specs=specs, pool=POOL)
    def staged_tables(context: dg.AssetExecutionContext, run: WarehouseRun) -> Iterator[dg.MaterializeResult[Any]]:
        state = run.state
        with run.foreseeing("staged_tables", ArchiveError):
            build = run.build()
            state.watcher.stage("staging", f"reading {_files_to_read(state)}")
            tell = _telling(context, state.watcher.reading)
            report = NOTHING_READ
            if state.former_loads:
                report = read_afresh(
                    build.connection,
                    state.former_loads,
                    settings=state.settings,
                    work_dir=build.work_dir,
                    run_id=state.run_id,
                    shards=shards_folder(state.settings, Limits()),
                    on_progress=tell,
                )
            report += ingest(
                build.connection,
                (*state.archived.files, *state.archived.again),
                settings=state.settings,
                work_dir=build.work_dir,
                run_id=state.run_id,
                loaded_at=build.now(),
                unreadable=state.archived.unreadable,
                shards=shards_folder(state.settings, Limits()),
                on_progress=tell,
            )
        state.report = state.watcher.outcome.ingest = report
        load_meanwhile()  # the rules come later in this process
        figures: dict[str, dict[str, Any]] = {
            "raw.file": _run_figures(report),
            "quality.quarantine": _quarantine_figures(report, open_quarantine(build.connection)),
        }
        for name, rows in row_counts(build.connection, INGESTED).items():
            added = {"rows_added": report.rows[name.split(".")[1]]} if _counted(name, report) else {}
            metadata = table_figures(build.connection, name, rows, figures.get(name, {}) | added)
            yield dg.MaterializeResult(asset_key=table_key(name), metadata=metadata)

    return staged_tables


def _counted(full_name: str, report: IngestReport) -> bool:
    return full_name.startswith("staging.") and full_name.split(".")[1] in report.rows


def _run_figures(report: IngestReport) -> dict[str, int | float]:
    seconds = report.decode_seconds + report.load_seconds
    return {
        "files_read": report.files,
        "records_seen": report.records_seen,
        "records_accepted": report.records_accepted,
        "records_unchanged": report.records_unchanged,
        "records_quarantined": report.records_quarantined,
        "seconds": round(seconds, 3),
        "record_megabytes_per_second": round(report.record_bytes / 1e6 / seconds, 3) if seconds else 0.0,
    }


def _quarantine_figures(report: IngestReport, still_open: Mapping[str, int]) -> dict[str, int]:
    return {
        "quarantined_in_run": report.records_quarantined,
        "open": sum(still_open.values()),
        **{f"open_{code}": count for code, count in still_open.items()},
    }


def _telling(
    context: dg.AssetExecutionContext, show: Callable[[IngestProgress], None]
) -> Callable[[IngestProgress], None]:
    """Each report goes to the watcher; one every LOG_SECONDS goes to Dagster's log."""
    last = time.monotonic()

    def tell(progress: IngestProgress) -> None:
        nonlocal last
        show(progress)
        if time.monotonic() - last >= LOG_SECONDS:
            last = time.monotonic()
            context.log.info(
                f"{progress.files:,} of {progress.files_total:,} files begun, {progress.records:,} records seen"
            )

    return tell
