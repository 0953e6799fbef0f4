"""The rules' tables and, for each rule, one asset check on the table it judges.

Belongs here: running the catalogue as a step and reporting its results. Does not: rules (expectations/), running them
(pipelines/quality). The checks only report what the quality step wrote into the build: a result that is missing is a
failed check. That any gate failed is one more check, which blocks publishing. Tests of models that look at other tables
run and report here as well.
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import duckdb

from expectations import Rule, Severity, catalogue_version
from pipelines.orchestration.keys import (
    GATES_CHECK,
    POOL,
    QUALITY_TABLES,
    RULE_RESULTS,
    table_key,
)
from pipelines.orchestration.metadata import row_counts, source_spec, table_figures
from pipelines.orchestration.model_assets import SEVERITY, model_check_result, model_check_spec
from pipelines.orchestration.model_tests import after_quality, in_quality_step, tables_tested
from pipelines.orchestration.preview import markdown_table, markdown_text
from pipelines.orchestration.resources import WarehouseRun
from pipelines.quality import (
    PROFILED_SCHEMAS,
    SCORECARD_READS,
    RuleResult,
    Unchanged,
    overridden_gates,
    record_overrides,
    run_rules,
    unknown_gates,
    write_load_profile,
    write_profile,
    write_scorecard,
)
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.models import Model, ModelTest, ModelTestResult, run_model_tests

EXAMPLES = 5


def tables_read(rules: Sequence[Rule], known: Mapping[str, object]) -> set[str]:
    """The tables, of those `known`, that the rules' SQL names. ValueError for a rule on a table that is not known."""
    for rule in rules:
        if rule.table not in known:
            raise ValueError(
                f"rule {rule.name}: table {rule.table} is neither written by Python nor made by a SQL model; "
                "correct `table` or add the model"
            )
    return {name for rule in rules for name in rule.tables if name in known}


def _refuse_circle(rules: Sequence[Rule], after: frozenset[str]) -> None:
    for rule in rules:
        if rule.table in after:
            raise ValueError(
                f"rule {rule.name}: model {rule.table} reads results of the rules, so no rule can judge it; "
                "write a test in the model's header instead"
            )


def make_quality_tables(rules: Sequence[Rule], models: Mapping[str, Model]) -> dg.AssetsDefinition:
    """The step that profiles the build, judges it by the rules, and writes the tables of quality but the quarantine."""
    tested = in_quality_step(models)
    read = tables_read(rules, SOURCE_TABLES | dict(models)) | {model.full_name for model in tested}
    for model in tested:
        read |= tables_tested(model)
    after = after_quality(models)
    _refuse_circle(rules, after)
    read |= {name for name, model in models.items() if model.schema in PROFILED_SCHEMAS and name not in after}
    deps = [table_key(name) for name in sorted(read - set(QUALITY_TABLES))]
    scored = models.keys() >= SCORECARD_READS  # a warehouse of few models has nothing to group by
    if scored:
        deps = sorted({*deps, *map(table_key, SCORECARD_READS)})
    version = catalogue_version(rules)
    specs = [
        source_spec(SOURCE_TABLES[name], deps=deps, kind="greatexpectations", code_version=version)
        for name in QUALITY_TABLES
    ]

    @dg.multi_asset(name="quality_tables", specs=specs, pool=POOL)
    def quality_tables(run: WarehouseRun) -> Iterator[dg.MaterializeResult[Any]]:
        state = run.state
        with run.foreseeing("quality_tables"):
            build = run.build()
            state.watcher.stage("quality", f"judging by {len(rules)} rules")
            _refuse_unknown(state.allow_gates, rules)
            write_profile(build.connection, state.run_id, build.now(), leave_out=after)
            write_load_profile(build.connection, state.run_id, build.now())
            delta = run.delta(models)
            carried = delta and delta.rules_are_as_they_were()
            unchanged = Unchanged(delta.touched, delta.models) if delta and carried else None
            build.release()  # Great Expectations opens the file itself
            checked_at = build.now()
            judgements = build.work_dir / "judgements"
            results = run_rules(
                build.path,
                state.run_id,
                checked_at,
                rules,
                unchanged=unchanged,
                judgements=judgements,
                threads=state.settings.threads,
                memory_limit_mb=state.settings.memory_limit_mb,
            )
            used = record_overrides(
                build.connection, state.run_id, results, state.allow_gates, checked_at, state.allow_reason
            )
            state.watcher.outcome.overrides = [result.rule for result in used]
            if delta:
                delta.ready()  # the connection is a new one
            if scored:
                write_scorecard(
                    build.connection, state.run_id, checked_at, rules, unchanged=unchanged, judgements=judgements
                )
            for model in tested:
                narrowed = delta.models if delta and model.full_name in delta.models else None
                state.tests[f"{model.full_name}, late"] = run_model_tests(build.connection, model, narrowed)
                state.watcher.outcome.tests.extend(state.tests[f"{model.full_name}, late"])
        state.watcher.outcome.rules = results
        figures = {RULE_RESULTS: _figures(results)}
        for name, rows in row_counts(build.connection, QUALITY_TABLES).items():
            key = table_key(name)
            metadata = table_figures(build.connection, name, rows, figures.get(key))
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)

    return quality_tables


def _refuse_unknown(allowed: Iterable[str], rules: Sequence[Rule]) -> None:
    """The command line has looked at the names; those of a run launched in the UI are first seen here."""
    if unknown := unknown_gates(allowed, rules):
        raise WarehouseError(f"allow_gates: no gate is named {', '.join(unknown)}; docs/rules.md lists the gates")


def _figures(results: Sequence[RuleResult]) -> dict[str, int]:
    figures = {"rules": len(results), "rules_not_run": sum(result.error is not None for result in results)}
    for severity in Severity:
        figures[f"rules_failed_{severity.value}"] = sum(
            not result.success and result.severity is severity for result in results
        )
    return figures | {"rows_failed": sum(result.rows_failed or 0 for result in results)}


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A row of quality.expectation_result, with the record keys of the first violations."""

    success: bool
    severity: str
    rows_evaluated: int | None
    rows_passed: int | None
    rows_failed: int | None
    rows_not_evaluable: int | None
    error: str | None
    examples: tuple[str, ...]


def stored_results(connection: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, StoredResult]:
    """What the quality step wrote in this run, by rule."""
    rows = connection.execute(
        """
        WITH example AS (
            SELECT rule, list(DISTINCT record_key ORDER BY record_key)[:$examples] AS record_keys
            FROM quality.violation WHERE record_key IS NOT NULL GROUP BY rule
        )
        SELECT rule, success, severity, rows_evaluated, rows_passed, rows_failed, rows_not_evaluable, error,
               coalesce(record_keys, [])
        FROM quality.expectation_result LEFT JOIN example USING (rule)
        WHERE run_id = $run_id
        """,
        {"run_id": run_id, "examples": EXAMPLES},
    ).fetchall()
    return {
        rule: StoredResult(success, severity, evaluated, passed, failed, not_evaluable, error, tuple(examples))
        for rule, success, severity, evaluated, passed, failed, not_evaluable, error, examples in rows
    }


def make_rule_checks(rules: Sequence[Rule], models: Mapping[str, Model]) -> dg.AssetChecksDefinition:
    """One check for each rule on its table and each late test on its model, and that every gate holds."""
    tested = in_quality_step(models)
    specs = [
        dg.AssetCheckSpec(
            rule.name,
            asset=table_key(rule.table),
            description=markdown_text(f"{rule.description}\n\n{rule.meaning}\n\nSource: {rule.source}"),
            additional_deps=[] if table_key(rule.table) == RULE_RESULTS else [RULE_RESULTS],
            metadata={"severity": rule.severity.value, "topic": rule.topic, "not_evaluable": rule.not_evaluable_words},
        )
        for rule in rules
    ]
    specs += [model_check_spec(table_key(model.full_name), test, late=True) for model in tested for test in model.tests]
    gates = dg.AssetCheckSpec(
        GATES_CHECK,
        asset=RULE_RESULTS,
        blocking=True,
        description="Every rule and test of severity gate has a result in this run and holds, or the rule was allowed "
        "to fail (quality.gate_override). Publishing waits for it.",
    )

    @dg.multi_asset_check(name="rule_checks", specs=[*specs, gates], pool=POOL)
    def rule_checks(run: WarehouseRun) -> Iterator[dg.AssetCheckResult]:
        state = run.state
        with run.foreseeing("rule_checks"):
            results = stored_results(run.build().connection, state.run_id)
            allowed = overridden_gates(run.build().connection, state.run_id)
        for rule in rules:
            yield _rule_check(rule, results.get(rule.name))
        open_gates = [
            rule.name
            for rule in rules
            if rule.severity is Severity.GATE
            and not (rule.name in results and (results[rule.name].success or rule.name in allowed))
        ]
        for model in tested:
            late = {result.test.name: result for result in state.tests.get(f"{model.full_name}, late", [])}
            for test in model.tests:
                yield _late_check(model, test, late.get(test.name))
                if test.severity == "gate" and not (test.name in late and late[test.name].success):
                    open_gates.append(f"{model.full_name}.{test.name}")
        state.gates_open |= bool(open_gates)
        yield dg.AssetCheckResult(
            passed=not open_gates,
            asset_key=RULE_RESULTS,
            check_name=GATES_CHECK,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={
                "gates_open": len(open_gates),
                "open": ", ".join(open_gates) or "none",
                "overridden": ", ".join(sorted(allowed)) or "none",
            },
        )

    return rule_checks


def _late_check(model: Model, test: ModelTest, result: ModelTestResult | None) -> dg.AssetCheckResult:
    key = table_key(model.full_name)
    if result is not None:
        return model_check_result(key, result)
    return dg.AssetCheckResult(
        passed=False,
        asset_key=key,
        check_name=test.name,
        severity=SEVERITY[test.severity],
        metadata={"error": "no result in this run; the quality step did not run this test"},
    )


def _rule_check(rule: Rule, result: StoredResult | None) -> dg.AssetCheckResult:
    severity = rule.severity.value if result is None else result.severity
    metadata: dict[str, Any] = {"severity": severity}
    if result is None:
        metadata["error"] = "no result in this run; the quality step did not judge this rule"
    else:
        metadata |= _counts(result)
    return dg.AssetCheckResult(
        passed=result is not None and result.success,
        asset_key=table_key(rule.table),
        check_name=rule.name,
        severity=SEVERITY[severity],
        metadata=metadata,
    )


def _counts(result: StoredResult) -> dict[str, Any]:
    counts: dict[str, Any] = {
        name: value
        for name in ("rows_evaluated", "rows_passed", "rows_failed", "rows_not_evaluable")
        if (value := getattr(result, name)) is not None
    }
    if result.rows_evaluated:
        counts["percent_failed"] = 100 * (result.rows_failed or 0) / result.rows_evaluated
    if result.error:
        counts["error"] = result.error
    if result.examples:
        rows = [[name] for name in result.examples]
        counts["examples"] = dg.MetadataValue.md(markdown_table(["record_key"], rows))
    return counts
