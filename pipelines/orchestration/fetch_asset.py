"""Fetching as an asset with its own job and schedule, apart from the pipeline.

Belongs here: the asset, what starts it, when it counts as stale. Does not: asking a registry (pipelines/sources). What
lands is taken up by the landing sensor like any other file.
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.orchestration.keys import FETCH_JOB, OWNER
from pipelines.orchestration.resources import WarehouseRun
from pipelines.sources.ctgov import fetch_ctgov
from pipelines.sources.errors import FetchError

CTGOV_FETCH = dg.AssetKey(["sources", "ctgov_fetch"])

ON_WEEKDAYS = dg.FreshnessPolicy.cron(deadline_cron="0 12 * * 1-5", lower_bound_delta=timedelta(hours=3))
"""The registry posts on weekdays, its data is out by 09:00 UTC (2026-08): by noon it should have been asked. Nothing is
expected at the weekend."""


class FetchConfig(dg.Config):
    """What a person may ask of one fetch. `full`: everything instead of what has changed."""

    full: bool = False


@dg.asset(
    key=CTGOV_FETCH,
    group_name="sources",
    owners=[OWNER],
    kinds={"python"},
    freshness_policy=ON_WEEKDAYS,
    pool="fetch_ctgov",
)
def ctgov_fetch(context: dg.AssetExecutionContext, config: FetchConfig, run: WarehouseRun) -> dg.MaterializeResult[Any]:
    """New records of ClinicalTrials.gov, fetched into landing: everything at first, then what has changed. The only
    asset that uses a network."""
    try:
        fetched = fetch_ctgov(run.settings(), full=config.full, progress=context.log.debug)
    except FetchError as error:
        # it has been tried often enough; what was fetched is kept
        raise dg.Failure(str(error), allow_retries=False) from error
    context.log.info(f"landed {fetched.path}" if fetched.path else "the registry has nothing new")
    return dg.MaterializeResult(
        metadata={
            "kind": fetched.kind,
            "records": fetched.records,
            "data_timestamp": dg.MetadataValue.timestamp(fetched.data_timestamp),
            "landed": str(fetched.path) if fetched.path else "nothing new",
        }
    )


fetch_job = dg.define_asset_job(
    FETCH_JOB,
    selection=dg.AssetSelection.assets(CTGOV_FETCH),
    executor_def=dg.in_process_executor,
    description="Asks ClinicalTrials.gov for what has changed and puts it into landing.",
)

fetch_schedule = dg.ScheduleDefinition(
    name="fetch_on_weekdays",
    job=fetch_job,
    cron_schedule="30 10 * * 1-5",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Weekdays at 10:30 UTC, when the registry has posted. Off at first: it uses a network.",
)
