"""One pass of the rules over a build: judge read-only, then write what was found.

Belongs here: the order of the steps and the cross-check of the two counts. Does not: Great Expectations (gx_runner.py),
SQL of the views (judging.py), tables (store.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from expectations import Rule, Severity, check_rules, load_rules
from pipelines.quality import store
from pipelines.quality.gx_runner import Counts, count, open_session
from pipelines.quality.judging import judge, own_counts
from pipelines.quality.results import Example, RuleResult, counted, failed_to_run


def run_rules(
    db_path: Path,
    run_id: str,
    checked_at: datetime,
    rules: Iterable[Rule] | None = None,
    *,
    threads: int | None = None,
    memory_limit_mb: int | None = None,
) -> list[RuleResult]:
    """Judge the build at `db_path` by the rules (default: the whole catalogue) and write the quality tables into it.

    `checked_at` must carry its time zone; its UTC day is what rules call today. One result for each rule, in the order
    of the rules. A rule that cannot run has an error and is not passed. Nobody else may have the build open. Raises
    FileNotFoundError where there is no build, ValueError for a time without zone or two rules of one name.
    """
    if checked_at.tzinfo is None:
        raise ValueError("checked_at has no time zone; give an aware datetime, as datetime.now(UTC)")
    chosen = check_rules(load_rules() if rules is None else rules)
    as_of = checked_at.astimezone(UTC).date().isoformat()
    counts = _judge(db_path, chosen, as_of, threads, memory_limit_mb)
    with store.open_build(db_path, threads=threads, memory_limit_mb=memory_limit_mb) as connection:
        store.clear_violations(connection)
        checked = {rule.name: _keep_violations(connection, rule, counts[rule.name], as_of) for rule in chosen}
        examples, severities = store.examples(connection), store.severities(connection)
        results = [
            _result(rule, checked[rule.name], examples.get(rule.name, ()), severities.get(rule.name)) for rule in chosen
        ]
        store.store_results(connection, chosen, results, run_id, checked_at)
    return results


def _judge(
    db_path: Path, rules: tuple[Rule, ...], as_of: str, threads: int | None, memory_limit_mb: int | None
) -> dict[str, Counts]:
    """Counts of every rule by name, from Great Expectations; the build is open read-only meanwhile."""
    with open_session(db_path, threads=threads, memory_limit_mb=memory_limit_mb) as session:
        tables, errors = judge(session.connection, rules, as_of)
        counts = {name: Counts(error=error) for name, error in errors.items()}
        for judged in tables:
            own = own_counts(session.connection, judged)
            for name, found in count(session, judged).items():
                counts[name] = _agreed(found, own[name])
    return counts


def _agreed(found: Counts, own: tuple[int, int, int]) -> Counts:
    """What Great Expectations counted, where DuckDB alone counts the same; else an error."""
    if found.error is not None or (found.passed, found.failed, found.not_evaluable) == own:
        return found
    return Counts(
        error=f"Great Expectations counted {found.passed} passed, {found.failed} failed, {found.not_evaluable} not "
        f"evaluable; DuckDB counted {own[0]}, {own[1]}, {own[2]}: one of them is wrong, so the rule has no result"
    )


def _keep_violations(connection: store.Build, rule: Rule, counts: Counts, as_of: str) -> Counts:
    """Store the rule's violations; as many as were counted, or the rule has an error and keeps none."""
    if counts.error is not None or counts.failed == 0:
        return counts
    stored = store.store_violations(connection, rule, as_of)
    if isinstance(stored, str):
        return Counts(error=f"the violations could not be selected: {stored}")
    if stored != counts.failed:
        store.drop_violations(connection, rule)
        return Counts(
            error=f"{counts.failed} rows failed, but the rule selects {stored} violations: one of them is wrong, "
            "so the rule has no result"
        )
    return counts


def _result(rule: Rule, counts: Counts, examples: tuple[Example, ...], severity: Severity | None) -> RuleResult:
    if counts.error is not None:
        return failed_to_run(rule, counts.error)
    return counted(
        rule,
        passed=counts.passed,
        failed=counts.failed,
        not_evaluable=counts.not_evaluable,
        examples=examples,
        severity=severity,
    )
