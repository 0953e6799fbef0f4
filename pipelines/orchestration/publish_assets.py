"""The last steps: the warehouse's words about itself, and publishing.

Belongs here: meta tables as assets, the publish step. Does not: audit and switch (pipelines/warehouse/publish.py).
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from expectations import Rule, Severity
from pipelines.orchestration.intake_assets import IO_RETRY
from pipelines.orchestration.keys import LANDING, OWNER, POOL, PUBLISH, RULE_RESULTS, table_key
from pipelines.orchestration.metadata import row_counts, source_spec, table_figures
from pipelines.orchestration.resources import WarehouseRun
from pipelines.settings import Limits
from pipelines.staging.ingest import IngestReport
from pipelines.staging.shards import forget_shards
from pipelines.warehouse.as_of import create_as_of_macros
from pipelines.warehouse.errors import AuditError
from pipelines.warehouse.functions import create_functions
from pipelines.warehouse.models import META_TABLES, Model, ModelTestResult, write_meta
from pipelines.warehouse.publish import RunFigures, publish
from pipelines.warehouse.search import create_search_macros
from pipelines.warehouse.versions import shards_folder


def make_meta_tables(models: Mapping[str, Model]) -> dg.AssetsDefinition:
    """The step that writes meta.model, meta.column, meta.lineage, meta.metric."""
    specs = [
        # the words come from the code alone; where landing has nothing new this is skipped too
        source_spec(table, deps=[LANDING], kind="python")
        for table in META_TABLES.values()
    ]

    @dg.multi_asset(name="meta_tables", specs=specs, pool=POOL)
    def meta_tables(run: WarehouseRun) -> Iterator[dg.MaterializeResult[Any]]:
        with run.foreseeing("meta_tables"):
            connection = run.build().connection
            write_meta(connection, models)
        for name, rows in row_counts(connection, META_TABLES).items():
            yield dg.MaterializeResult(asset_key=table_key(name), metadata=table_figures(connection, name, rows))

    return meta_tables


def make_publish_asset(models: Mapping[str, Model], rules: Sequence[Rule]) -> dg.AssetsDefinition:
    """The asset publish/warehouse: the build, audited again, made the warehouse that everybody reads."""
    gates = [rule.name for rule in rules if rule.severity is Severity.GATE]
    deps = [*map(table_key, models), *map(table_key, META_TABLES), RULE_RESULTS]

    @dg.asset(
        key=PUBLISH,
        deps=deps,
        group_name="publish",
        owners=[OWNER],
        kinds={"duckdb"},
        retry_policy=IO_RETRY,
        pool=POOL,
    )
    def warehouse(context: dg.AssetExecutionContext, run: WarehouseRun) -> dg.MaterializeResult[Any]:
        """The published warehouse. Any failed or missing gate, or an undocumented column, leaves the former one."""
        state = run.state
        with run.foreseeing("publish"):
            build = run.build()
            create_as_of_macros(build.connection, models)
            create_functions(build.connection)
            create_search_macros(build.connection)
            state.watcher.stage("publish", "auditing the build")
            try:
                _refuse_open_tests(build.build_id, state.tests.values())
                done = publish(build, figures_of(state.report), gates)
            except AuditError:
                state.gates_open = True
                raise
        state.watcher.outcome.published = done
        shards = shards_folder(state.settings, Limits())
        for file in state.archived.files:
            forget_shards(shards, file.sha256)
        context.log.info(f"published {done.path}")
        return dg.MaterializeResult(
            metadata={
                "build_id": done.build_id,
                "bytes": done.bytes,
                "builds_pruned": len(done.pruned),
                "seconds_since_begin": round((done.published_at - build.started_at).total_seconds(), 3),
                "dagster/uri": done.path.as_uri(),
            }
        )

    return warehouse


def _refuse_open_tests(build_id: str, tests: Iterable[Sequence[ModelTestResult]]) -> None:
    findings = [
        f"model test {result.test.name} of {result.model} failed: "
        + (result.error or f"{result.rows_failed} row(s) break it")
        for results in tests
        for result in results
        if result.test.severity == "gate" and not result.success
    ]
    if findings:
        raise AuditError(build_id, findings)


def figures_of(report: IngestReport | None) -> RunFigures:
    """What meta.build keeps of an ingest; zeros for a run that read nothing."""
    if report is None:
        return RunFigures()
    return RunFigures(
        files=report.files,
        records_seen=report.records_seen,
        records_accepted=report.records_accepted,
        records_unchanged=report.records_unchanged,
        records_quarantined=report.records_quarantined,
    )
