"""One asset for each SQL model, its tests as asset checks.

Belongs here: the factory, and reporting tests. Does not: loading, running or testing models
(pipelines/warehouse/models). A failed gate among the tests of a model's own step stops what is downstream.
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import duckdb

from pipelines.orchestration.keys import LANDING, POOL, RULE_RESULTS, table_key
from pipelines.orchestration.metadata import model_words, table_figures
from pipelines.orchestration.model_tests import in_own_step, tables_tested
from pipelines.orchestration.preview import markdown_table, markdown_text
from pipelines.orchestration.resources import WarehouseRun
from pipelines.warehouse.delta import Made, make
from pipelines.warehouse.models import Model, ModelTest, ModelTestResult, run_model_tests

SEVERITY = {
    "gate": dg.AssetCheckSeverity.ERROR,
    "error": dg.AssetCheckSeverity.ERROR,
    "warn": dg.AssetCheckSeverity.WARN,
    "info": dg.AssetCheckSeverity.WARN,
}
"""Dagster knows two severities; the check's metadata carries trialmart's own."""


def make_model_asset(model: Model, models: Mapping[str, Model], after: frozenset[str]) -> dg.AssetsDefinition:
    """The asset [schema, name] of a model, after the tables it reads. A failed gate test stops what is downstream.

    `models` are all there are; `after` names those that come after the quality step (model_tests.py).
    """
    key = table_key(model.full_name)
    tested = in_own_step(model, after)
    waits_for = model.depends_on | tables_tested(tested)

    @dg.asset(
        key=key,
        # Written facts read no table; they too wait until landing has said that there is something to do.
        deps=[table_key(name) for name in sorted(waits_for)] or [LANDING],
        **model_words(model),
        check_specs=[model_check_spec(key, test, late=False) for test in tested.tests],
        pool=POOL,
    )
    def model_table(run: WarehouseRun) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        state = run.state
        with run.foreseeing(model.full_name, duckdb.Error):
            connection = run.build().connection
            if model.depends_on:  # written facts are made at any time, before staging too
                state.watcher.stage(model.schema, model.full_name)
            delta = run.delta(models)
            made = make(run.build(), model, models, delta)
            is_narrowed = delta is not None and model.full_name in delta.models
            tests = run_model_tests(connection, tested, frozenset() if is_narrowed else None, stands=made.stands)
        state.tests[model.full_name] = tests
        state.watcher.outcome.tests.extend(tests)
        state.gates_open |= any(result.test.severity == "gate" and not result.success for result in tests)
        metadata = table_figures(connection, model.full_name, made.table.rows, _figures(made))
        yield dg.MaterializeResult(asset_key=key, metadata=metadata)
        for result in tests:
            yield model_check_result(key, result)

    return model_table


def _figures(made: Made) -> dict[str, float | int]:
    figures: dict[str, float | int] = {"seconds": round(made.table.seconds, 3)}
    if made.stands:
        return figures | {"stands_as_published": True}
    return figures | ({"records_replaced": made.touched.records} if made.touched else {})


def model_check_spec(key: dg.AssetKey, test: ModelTest, *, late: bool) -> dg.AssetCheckSpec:
    """The check that reports a test. One run late cannot block by itself: every_gate_holds does that for it."""
    return dg.AssetCheckSpec(
        test.name,
        asset=key,
        description=markdown_text(test.description or f"{test.kind.replace('_', ' ')}: {', '.join(test.columns)}"),
        blocking=test.severity == "gate" and not late,
        additional_deps=[RULE_RESULTS] if late else [],
        metadata={"severity": test.severity},
    )


def model_check_result(key: dg.AssetKey, result: ModelTestResult) -> dg.AssetCheckResult:
    """What a test found; of failing rows only the record keys."""
    metadata: dict[str, Any] = {"severity": result.test.severity, "seconds": round(result.seconds, 3)}
    if result.rows_failed is not None:
        metadata["rows_failed"] = result.rows_failed
    if result.error:
        metadata["error"] = result.error
    keys = [example["record_key"] for example in result.examples if example.get("record_key")]
    if keys:
        metadata["examples"] = dg.MetadataValue.md(markdown_table(["record_key"], [[name] for name in keys]))
    return dg.AssetCheckResult(
        passed=result.success,
        asset_key=key,
        check_name=result.test.name,
        severity=SEVERITY[result.test.severity],
        metadata=metadata,
    )
