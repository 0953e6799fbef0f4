"""The history step as assets: consecutive versions compared.

Belongs here: calling the step and reporting its figures. Does not: comparing (pipelines/history).
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.history import HISTORY_TABLES, compare_versions
from pipelines.orchestration.keys import POOL, table_key
from pipelines.orchestration.metadata import row_counts, source_spec, table_figures
from pipelines.orchestration.resources import WarehouseRun
from pipelines.study.shape import staged_tables
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.versions import tree_version


def make_history_tables() -> dg.AssetsDefinition:
    """The step that compares each version with the one before: one asset for each of HISTORY_TABLES."""
    version = tree_version("pipelines/history")
    reads = ["raw.record_version", *(f"staging.{name}" for name in staged_tables())]
    specs = [
        source_spec(SOURCE_TABLES[name], deps=[table_key(read) for read in reads], kind="python", code_version=version)
        for name in HISTORY_TABLES
    ]

    @dg.multi_asset(name="history_tables", specs=specs, pool=POOL)
    def history_tables(context: dg.AssetExecutionContext, run: WarehouseRun) -> Iterator[dg.MaterializeResult[Any]]:
        state = run.state
        with run.foreseeing("history_tables"):
            connection = run.build().connection
            state.watcher.stage("history", "what changed between versions")
            report = compare_versions(connection, version)
        context.log.info(f"{report.pairs} pairs of versions compared, {report.changes} changes found")
        figures = {
            "history.version_pair": {"pairs_compared": report.pairs, "pairs_gone": report.pairs_gone},
            "history.change": {"changes_found": report.changes},
        }
        for name, rows in row_counts(connection, HISTORY_TABLES).items():
            metadata = table_figures(connection, name, rows, figures[name])
            yield dg.MaterializeResult(asset_key=table_key(name), metadata=metadata)

    return history_tables
