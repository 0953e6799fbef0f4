"""One pass of the rules over a build: judge read-only, then write what was found.

Belongs here: the order of the steps and the cross-check of the two counts. Does not: Great Expectations (gx_runner.py),
SQL of the views (judging.py), tables (store.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from expectations import Rule, check_rules, load_rules
from pipelines.quality import store
from pipelines.quality.gx_runner import Counts, count, open_session
from pipelines.quality.judging import make_views, problem_with
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
        checked = {rule.name: _cross_check(connection, rule, counts[rule.name], as_of) for rule in chosen}
        examples = store.examples(connection)
        results = [_result(rule, checked[rule.name], examples.get(rule.name, ())) for rule in chosen]
        store.store_results(connection, chosen, results, run_id, checked_at)
    return results


def _judge(
    db_path: Path, rules: tuple[Rule, ...], as_of: str, threads: int | None, memory_limit_mb: int | None
) -> dict[str, Counts]:
    """Counts of every rule by name, from Great Expectations; the build is open read-only meanwhile."""
    counts: dict[str, Counts] = {}
    with open_session(db_path, threads=threads, memory_limit_mb=memory_limit_mb) as session:
        for rule in rules:
            problem = problem_with(session.connection, rule, as_of)
            if problem is not None:
                counts[rule.name] = Counts(error=problem)
        runnable = [rule for rule in rules if rule.name not in counts]
        views = make_views(session.connection, runnable, as_of)
        session.connection.commit()
        for view in views:
            counts |= count(session, view, as_of)
    return counts


def _cross_check(connection: store.Build, rule: Rule, counts: Counts, as_of: str) -> Counts:
    """Store the rule's violations; as many as were counted, or the rule has an error and keeps none."""
    if counts.error is not None:
        return counts
    stored = store.store_violations(connection, rule, as_of)
    if isinstance(stored, str):
        return Counts(error=f"the violations could not be selected: {stored}")
    if stored != counts.failed:
        store.drop_violations(connection, rule)
        return Counts(
            error=f"Great Expectations counted {counts.failed} failed rows, the rule's SQL selects {stored}; "
            "one of them is wrong, so the rule has no result"
        )
    return counts


def _result(rule: Rule, counts: Counts, examples: tuple[Example, ...]) -> RuleResult:
    if counts.error is not None:
        return failed_to_run(rule, counts.error)
    return counted(
        rule,
        passed=counts.passed,
        failed=counts.failed,
        not_evaluable=counts.not_evaluable,
        examples=examples,
    )
