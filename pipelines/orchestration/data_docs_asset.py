"""The asset quality/data_docs: what the rules found in this run, as a site for the browser.

Belongs here: calling the site's builder and reporting where it is. Does not: the site (pipelines/quality/data_docs.py).
Nothing waits for it: a site that cannot be made fails this step and leaves publishing alone.
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from collections.abc import Sequence
from typing import Any

import dagster as dg

from expectations import Rule
from pipelines.orchestration.keys import OWNER, POOL, table_key
from pipelines.orchestration.resources import WarehouseRun
from pipelines.quality.data_docs import DataDocsError, build_data_docs

DATA_DOCS = dg.AssetKey(["quality", "data_docs"])


def make_data_docs_asset(rules: Sequence[Rule]) -> dg.AssetsDefinition:
    """The asset that makes $TRIALMART_HOME/data_docs of this run's results."""

    # Not quality/expectation_result, which the same step writes: its blocking check would skip the site of just those
    # runs whose gates are open.
    @dg.asset(
        key=DATA_DOCS,
        deps=[table_key("quality.expectation")],
        group_name="quality",
        owners=[OWNER],
        kinds={"greatexpectations"},
        pool=POOL,
    )
    def data_docs(context: dg.AssetExecutionContext, run: WarehouseRun) -> dg.MaterializeResult[Any]:
        """Great Expectations' Data Docs of the last run that judged, published or not: words and counts of the rules,
        no rows. Open `data_docs/index.html` in the home folder."""
        state = run.state
        with run.foreseeing("data_docs", DataDocsError, FileExistsError):
            results = state.watcher.outcome.rules
            if rules and not results:
                raise DataDocsError(
                    "this run has no results of the rules; launch the whole job, or add quality/expectation_result"
                )
            index = build_data_docs(results, rules, state.settings.data_docs_dir, state.run_id, state.started_at)
        context.log.info(f"Data Docs at {index}")
        return dg.MaterializeResult(
            metadata={
                "site": dg.MetadataValue.url(index.as_uri()),
                "pages": sum(1 for _ in index.parent.rglob("*.html")),
                "suites": len({result.table_name for result in results}),
                "rules": len(results),
                "rules_failed": sum(not result.success for result in results),
            }
        )

    return data_docs
