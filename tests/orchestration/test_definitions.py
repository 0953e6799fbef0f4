"""What Dagster loads: everything described, every dependency real, nothing heavy imported."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from syrupy.assertion import SnapshotAssertion

from expectations import Severity, load_rules
from pipelines.console.dictionary import repository_page
from pipelines.orchestration.assemble import build_definitions, source_columns
from pipelines.orchestration.data_docs_asset import DATA_DOCS
from pipelines.orchestration.fetch_asset import CTGOV_FETCH
from pipelines.orchestration.intake_assets import INGESTED
from pipelines.orchestration.keys import GATES_CHECK, JOB_NAME, LANDING, PUBLISH, RULE_RESULTS, table_key
from pipelines.orchestration.model_assets import make_model_asset
from pipelines.orchestration.model_tests import after_quality, in_own_step, in_quality_step
from pipelines.orchestration.quality_assets import tables_read
from pipelines.orchestration.report_asset import REPORT
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.models import Model, load_models
from tests.environment import clean_environment

REPO_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    return build_definitions()


@pytest.fixture(scope="module")
def specs(defs: dg.Definitions) -> dict[dg.AssetKey, dg.AssetSpec]:
    return {spec.key: spec for spec in defs.resolve_all_asset_specs()}


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return load_models(sources=source_columns())


def test_definitions_are_loadable(defs: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(defs)
    assert defs.resolve_job_def(JOB_NAME)


def test_graph_is_as_recorded(defs: dg.Definitions, snapshot: SnapshotAssertion) -> None:
    """Keys, groups, kinds, dependencies and checks; after a wanted change: pytest --snapshot-update."""
    lines = []
    for spec in sorted(defs.resolve_all_asset_specs(), key=lambda spec: spec.key):
        deps = ", ".join(sorted(dep.asset_key.to_user_string() for dep in spec.deps))
        kinds = " ".join(sorted(spec.kinds))
        lines.append(f"{spec.key.to_user_string()} [{spec.group_name}; {kinds}] <- {deps}")
    checks = sorted(
        f"{check.asset_key.to_user_string()}: {check.name}{' (blocking)' if check.blocking else ''}"
        for check in defs.resolve_asset_graph().asset_check_keys
        for check in [defs.resolve_asset_graph().get_check_spec(check)]
    )
    assert "\n".join([*lines, "", *checks]) == snapshot


def test_the_page_of_metrics_is_up_to_date(request: pytest.FixtureRequest) -> None:
    """docs/metrics.md is made from the models' headers; --snapshot-update writes it as it does the recorded graph."""
    path = REPO_ROOT / "docs" / "metrics.md"
    made = repository_page()
    if request.config.option.update_snapshots:
        path.write_text(made, encoding="utf-8")
    again = "python -m pipelines.console.dictionary > docs/metrics.md"
    assert path.read_text(encoding="utf-8") == made, f"the models' metrics have changed: {again}"


GROUPS = {"reports", "sources", "landing", "staging", "core", "history", "quality", "marts", "aact", "publish"}


def test_every_asset_says_what_it_is_and_whose(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    for key, spec in specs.items():
        assert spec.owners == ["team:trialmart"], key
        assert spec.kinds, key
        assert (spec.description or "").strip(), key
        assert spec.group_name in GROUPS, key
        if key not in (LANDING, PUBLISH, DATA_DOCS, CTGOV_FETCH, REPORT):
            schema = spec.metadata["dagster/column_schema"]
            assert schema.columns, key
            assert all(column.description for column in schema.columns), key


def test_every_table_of_python_and_every_model_is_an_asset(
    specs: dict[dg.AssetKey, dg.AssetSpec], models: dict[str, Model]
) -> None:
    wanted = {table_key(name) for name in (*SOURCE_TABLES, *models)} - {table_key("meta.build")}
    assert wanted <= set(specs), "meta.build is a side of publish/warehouse"
    assert sum(name.startswith("staging.") for name in INGESTED) >= 83


def test_models_depend_on_what_their_sql_reads(
    specs: dict[dg.AssetKey, dg.AssetSpec], models: dict[str, Model]
) -> None:
    for name, model in models.items():
        deps = {dep.asset_key for dep in specs[table_key(name)].deps}
        # facts that are written down read nothing, and still wait for landing to say that there is something to do
        read = {table_key(table) for table in model.depends_on} or {LANDING}
        assert deps == read or (name in after_quality(models) and deps > read), name


def test_every_rule_is_a_check_on_its_table(defs: dg.Definitions) -> None:
    checks = {(key.asset_key, key.name) for key in defs.resolve_asset_graph().asset_check_keys}
    for rule in load_rules():
        assert (table_key(rule.table), rule.name) in checks
    assert (RULE_RESULTS, GATES_CHECK) in checks


def test_publishing_waits_for_the_gates(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    check = graph.get_check_spec(dg.AssetCheckKey(RULE_RESULTS, GATES_CHECK))
    assert check.blocking
    assert RULE_RESULTS in graph.get(PUBLISH).parent_keys
    assert any(rule.severity is Severity.GATE for rule in load_rules())


def test_nothing_waits_for_the_data_docs(defs: dg.Definitions) -> None:
    node = defs.resolve_asset_graph().get(DATA_DOCS)
    assert node.parent_keys == {table_key("quality.expectation")}, "a key without a blocking check"
    assert not node.child_keys


def test_retries_only_where_retrying_can_help(defs: dg.Definitions) -> None:
    """Moving files may succeed a moment later; bad data never does."""
    job = defs.resolve_job_def(JOB_NAME)
    retried = {node.name for node in job.nodes if node.definition.retry_policy is not None}
    assert retried == {"landing_files", "publish__warehouse"}


def test_columns_carry_their_lineage(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    lineage = specs[table_key("core.record")].metadata["dagster/column_lineage"]
    sources = {(dep.asset_key, dep.column_name) for dep in lineage.deps_by_column["brief_title"]}
    assert (table_key("staging.study"), "identification_brief_title") in sources or any(
        key == table_key("staging.study") for key, _ in sources
    )


def test_rule_on_an_unknown_table_names_the_rule() -> None:
    rule = load_rules()[0]
    with pytest.raises(ValueError, match=rf"rule {rule.name}: table {rule.table} is neither written by Python"):
        tables_read([rule], {})


def test_model_becomes_an_asset_with_blocking_gate_tests(models: dict[str, Model]) -> None:
    model = models["core.record"]
    asset = make_model_asset(model, models, frozenset())
    assert asset.key == table_key("core.record")
    checks = {spec.name: spec for spec in asset.check_specs}
    own = in_own_step(model, frozenset()).tests
    assert all(test.kind not in ("relationships", "sql") for test in own)
    assert set(checks) == {test.name for test in own}
    assert all(checks[test.name].blocking == (test.severity == "gate") for test in own)


def test_model_after_the_rules_runs_all_its_tests_itself(models: dict[str, Model]) -> None:
    """A mart of rule results cannot be tested in the quality step, which comes before it."""
    record = models["core.record"]
    test = replace(record.tests[0], name="one", kind="relationships", columns=("a",), arguments={"to": "core.trial.id"})
    trend = replace(record, schema="marts", name="trend", depends_on=frozenset({"quality.violation"}), tests=(test,))
    above = replace(trend, name="above", depends_on=frozenset({"marts.trend"}), tests=())
    graph = {"marts.trend": trend, "marts.above": above, "core.record": record}
    assert after_quality(graph) == {"marts.trend", "marts.above"}
    assert "marts.trend" not in {model.full_name for model in in_quality_step(graph)}
    asset = make_model_asset(trend, graph, after_quality(graph))
    assert {dep.asset_key for dep in next(iter(asset.specs)).deps} == {
        table_key("quality.violation"),
        table_key("core.trial"),
    }
    assert [spec.name for spec in asset.check_specs] == ["one"]
    rule = replace(load_rules()[0], table="marts.trend")
    with pytest.raises(ValueError, match=r"marts\.trend reads results of the rules, so no rule can judge it"):
        build_definitions(models=graph | {"core.trial": replace(record, name="trial")}, rules=[rule])


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    clean = clean_environment()
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=REPO_ROOT, env=clean, timeout=120, check=False
    )


def test_loading_does_not_import_great_expectations() -> None:
    """It takes six seconds (2026-11) and only the quality step needs it."""
    done = run_python("import sys, pipelines.definitions; sys.exit('great_expectations' in sys.modules)")
    assert done.returncode == 0, done.stderr


def test_rooms_below_do_not_import_dagster() -> None:
    rooms = (
        "landing.catalogue readers staging.ingest quality warehouse.publish warehouse.intake warehouse.models sample"
    )
    imports = ", ".join(f"pipelines.{room}" for room in rooms.split())
    done = run_python(f"import sys, expectations, {imports}; sys.exit('dagster' in sys.modules)")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_workspace_validates_without_any_setting() -> None:
    clean = clean_environment()
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"],
        capture_output=True,
        text=True,
        cwd=REPO_ROOT,
        env=clean,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Validation successful" in done.stdout + done.stderr
