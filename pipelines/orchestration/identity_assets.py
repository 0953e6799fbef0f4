"""The identity step as assets: which records are one trial.

Belongs here: calling the step and reporting its figures. Does not: weighing pairs (core.link_candidate), clustering
(pipelines/identity).
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from pipelines.identity import (
    IDENTITY_READS,
    IDENTITY_TABLES,
    IdentityReport,
    InstructionError,
    assign_trials,
    load_instructions,
)
from pipelines.orchestration.keys import POOL, table_key
from pipelines.orchestration.metadata import row_counts, source_spec, table_figures
from pipelines.orchestration.resources import WarehouseRun
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.models import Model
from pipelines.warehouse.versions import tree_version


def make_identity_tables(models: Mapping[str, Model]) -> list[dg.AssetsDefinition]:
    """The step that decides links and assigns every record to a trial: one asset for each of IDENTITY_TABLES.

    None in a warehouse of few models, which has no pairs to decide.
    """
    if not set(IDENTITY_READS) <= models.keys() | SOURCE_TABLES.keys():
        return []
    version = tree_version("pipelines/identity")
    specs = [
        source_spec(
            SOURCE_TABLES[name], deps=[table_key(read) for read in IDENTITY_READS], kind="python", code_version=version
        )
        for name in IDENTITY_TABLES
    ]

    @dg.multi_asset(name="identity_tables", specs=specs, pool=POOL)
    def identity_tables(context: dg.AssetExecutionContext, run: WarehouseRun) -> Iterator[dg.MaterializeResult[Any]]:
        state = run.state
        with run.foreseeing("identity_tables", InstructionError):
            build = run.build()
            connection = build.connection
            state.watcher.stage("core", "which records are one trial")
            instructions = load_instructions(state.settings)
            report = assign_trials(connection, instructions, state.run_id, build.now())
        for words in report.not_applied:
            context.log.warning(f"link not applied: {words}")
        figures = {"core.link_decision": _link_figures(report), "core.trial_assignment": _trial_figures(report)}
        for name, rows in row_counts(connection, IDENTITY_TABLES).items():
            metadata = table_figures(connection, name, rows, figures.get(name))
            yield dg.MaterializeResult(asset_key=table_key(name), metadata=metadata)

    return [identity_tables]


def _link_figures(report: IdentityReport) -> dict[str, int]:
    return {"pairs": report.pairs, "links": report.links, "instructions_not_applied": len(report.not_applied)}


def _trial_figures(report: IdentityReport) -> dict[str, int]:
    return {"trials": report.trials, "records_merged": report.merged, "records_split": report.split}
