"""The report as an asset with its own job, begun by a sensor when a build has been published.

Belongs here: the asset, what starts it, what it shows of itself. Does not: pages (pipelines/reports).

Not part of the pipeline's job: pages take some 10 s, most of it for charts (2026-11), which a run of a few records
would feel, and a page that cannot be made must not colour a run red that published.
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from typing import Any

import dagster as dg
from pydantic import Field

from pipelines.orchestration.keys import OWNER, PUBLISH, REPORT_JOB, console_at
from pipelines.orchestration.preview import markdown_table
from pipelines.orchestration.resources import WarehouseRun
from pipelines.reports import ReportDone, Wanted, write_report
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.lock import acquire_report_lock

REPORT = dg.AssetKey(["reports", "pages"])
WAIT_SECONDS = 300.0
"""How long to wait for a report that is being written, by a run on the command line for example."""


class ReportConfig(dg.Config):
    """Pages to make beside the usual ones: lead sponsors by name, trials by any of their ids."""

    sponsors: list[str] = Field(default_factory=list)
    trials: list[str] = Field(default_factory=list)


@dg.asset(key=REPORT, deps=[PUBLISH], group_name="reports", owners=[OWNER], kinds={"html"}, pool="report_writer")
def report_pages(
    context: dg.AssetExecutionContext, config: ReportConfig, run: WarehouseRun
) -> dg.MaterializeResult[Any]:
    """HTML pages about the published warehouse, which work from a folder: recruitment, compliance, quality, history,
    sponsors, trials. Open `report/index.html` in the home folder."""
    settings = run.settings()
    try:
        wanted = Wanted(tuple(config.sponsors), tuple(config.trials))
        lock = acquire_report_lock(settings, run.state.run_id, WAIT_SECONDS)  # it also says that this run lives
        try:
            done = write_report(settings.warehouse_path, settings.report_dir, wanted)
        finally:
            lock.release()
    except WarehouseError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    context.log.info(f"{len(done.pages)} pages at {done.index}")
    return dg.MaterializeResult(
        metadata={
            "report": dg.MetadataValue.url(done.index.as_uri()),
            "build_id": done.build_id,
            "pages": len(done.pages),
            "bytes": done.bytes,
            "preview": dg.MetadataValue.md(contents_markdown(done)),
        }
    )


def contents_markdown(done: ReportDone) -> str:
    """The pages with their size. File names are letters, digits and dashes; titles are foreign text and stay out."""
    return markdown_table(("page", "kB"), [(name, round(size / 1000)) for name, size in done.pages.items()])


report_job = dg.define_asset_job(
    REPORT_JOB,
    selection=dg.AssetSelection.assets(REPORT),
    executor_def=dg.in_process_executor,
    config=console_at("ERROR"),
    description="The published warehouse → HTML pages. Reads the warehouse only; it may run beside the pipeline.",
)


@dg.asset_sensor(
    asset_key=PUBLISH,
    job=report_job,
    name="report_after_publish",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Each published build gets its pages.",
)
def report_after_publish(_: dg.SensorEvaluationContext, asset_event: dg.EventLogEntry) -> dg.RunRequest:
    """One run for each publishing; the same publishing asks for none again."""
    return dg.RunRequest(run_key=asset_event.run_id)
