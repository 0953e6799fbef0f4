"""Everything that Dagster loads, put together.

Belongs here: the one function that makes Definitions of models and rules. Does not: assets themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dagster as dg

from expectations import Rule, load_rules
from pipelines.orchestration.aact_assets import is_aact_view, make_aact_views
from pipelines.orchestration.automation import Job, make_daily_schedule, make_landing_sensor, pipeline_job
from pipelines.orchestration.data_docs_asset import make_data_docs_asset
from pipelines.orchestration.fetch_asset import ctgov_fetch, fetch_job, fetch_schedule
from pipelines.orchestration.history_assets import make_history_tables
from pipelines.orchestration.identity_assets import make_identity_tables
from pipelines.orchestration.intake_assets import landing_files, make_staged_tables
from pipelines.orchestration.model_assets import make_model_asset
from pipelines.orchestration.model_tests import after_quality
from pipelines.orchestration.publish_assets import make_meta_tables, make_publish_asset
from pipelines.orchestration.quality_assets import make_quality_tables, make_rule_checks
from pipelines.orchestration.report_asset import report_after_publish, report_job, report_pages
from pipelines.orchestration.resources import WarehouseRun
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.models import META_TABLES, Model, load_models


def source_columns() -> dict[str, tuple[str, ...]]:
    """The columns of every table that Python writes, by schema.name: what SQL models may read."""
    return {name: table.column_names for name, table in (SOURCE_TABLES | META_TABLES).items()}


def build_definitions(
    *,
    run: WarehouseRun | None = None,
    models: Mapping[str, Model] | None = None,
    rules: Sequence[Rule] | None = None,
    first_job: Job = pipeline_job,
    more_sensors: Sequence[dg.SensorDefinition] = (),
    resources: Mapping[str, object] | None = None,
) -> dg.Definitions:
    """The definitions; tests give their own `run` (home and landing), models or rules.

    `first_job` is what the schedule and new files start, where that is not the pipeline itself (scaled.py).
    Raises ModelError, or ValueError for a rule, with file and line or name of whatever cannot be loaded.
    """
    run = run or WarehouseRun()
    models = load_models(sources=source_columns()) if models is None else models
    rules = load_rules() if rules is None else rules
    after = after_quality(models)
    return dg.Definitions(
        assets=[
            ctgov_fetch,
            landing_files,
            make_staged_tables(),
            make_history_tables(),
            *make_identity_tables(models),
            *(make_model_asset(model, models, after) for model in models.values() if not is_aact_view(model)),
            *([make_aact_views(models)] if any(map(is_aact_view, models.values())) else []),
            make_quality_tables(rules, models),
            make_data_docs_asset(rules),
            make_meta_tables(models),
            make_publish_asset(models, rules),
            report_pages,
        ],
        asset_checks=[make_rule_checks(rules, models)],
        jobs=[pipeline_job, fetch_job, report_job, *([] if first_job is pipeline_job else [first_job])],
        schedules=[make_daily_schedule(first_job), fetch_schedule],
        sensors=[make_landing_sensor(run, first_job), report_after_publish, *more_sensors],
        resources={"run": run, **(resources or {})},
        executor=dg.in_process_executor,
    )
