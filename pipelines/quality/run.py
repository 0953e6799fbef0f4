"""One pass of the rules over a build: judge read-only, then write what was found.

Belongs here: the order of the steps and the cross-check of the two counts. Does not: Great Expectations (gx_runner.py),
SQL of the views (judging.py), tables (store.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from expectations import Rule, Severity, check_rules, load_rules
from pipelines.quality import store
from pipelines.quality.by_record import write_counts
from pipelines.quality.carry import Unchanged, added_up, fitting, results_before
from pipelines.quality.gx_runner import Counts, count_each, count_together, open_session
from pipelines.quality.judging import BUILD, judge, open_judging, own_counts
from pipelines.quality.results import Example, RuleResult, counted, failed_to_run
from pipelines.touched import Touched


def run_rules(
    db_path: Path,
    run_id: str,
    checked_at: datetime,
    rules: Iterable[Rule] | None = None,
    *,
    unchanged: Unchanged | None = None,
    judgements: Path | None = None,
    threads: int | None = None,
    memory_limit_mb: int | None = None,
) -> list[RuleResult]:
    """Judge the build at `db_path` by the rules (default: the whole catalogue) and write the quality tables into it.

    `checked_at` must carry its time zone; its UTC day is what rules call today. One result for each rule, in the order
    of the rules. A rule that cannot run has an error and is not passed. Nobody else may have the build open.
    `unchanged` tells what is as in the published build that this one was copied from: rules that allow it then look at
    the touched records only, with the same results. Without it the judgements are counted by record into the file
    `judgements` (by_record.py). Raises FileNotFoundError where there is no build, ValueError for a
    time without zone or two rules of one name.
    """
    if checked_at.tzinfo is None:
        raise ValueError("checked_at has no time zone; give an aware datetime, as datetime.now(UTC)")
    chosen = check_rules(load_rules() if rules is None else rules)
    pass_ = _Pass(db_path, checked_at.astimezone(UTC).date().isoformat(), threads, memory_limit_mb)
    now, totals = pass_.carry(chosen, unchanged) if unchanged else ({}, {})
    whole = tuple(rule for rule in chosen if rule.name not in totals)
    counts = pass_.judge(whole, judgements=None if unchanged else judgements) | totals
    with store.open_build(db_path, threads=threads, memory_limit_mb=memory_limit_mb) as connection:
        store.clear_violations(connection, totals, unchanged.touched if unchanged else None)
        for rule in whole:
            counts[rule.name] = _keep_violations(connection, rule, counts[rule.name], pass_.as_of)
    carried = [rule for rule in chosen if rule.name in totals]
    if carried and unchanged:
        only = tables_of(rule for rule in carried if now[rule.name].failed)
        with store.open_touched(db_path, unchanged.touched, only=only, threads=threads) as connection:
            for rule in carried:
                kept = _keep_violations(connection, rule, now[rule.name], pass_.as_of, f"{BUILD}.quality.violation")
                counts[rule.name] = kept if kept.error is not None else counts[rule.name]
    with store.open_build(db_path, threads=threads, memory_limit_mb=memory_limit_mb) as connection:
        kept_in_all = store.violation_counts(connection)
        for rule in carried:
            counts[rule.name] = fitting(counts[rule.name], kept_in_all.get(rule.name, 0))
        examples, severities = store.examples(connection), store.severities(connection)
        results = [
            _result(rule, counts[rule.name], examples.get(rule.name, ()), severities.get(rule.name)) for rule in chosen
        ]
        store.store_results(connection, chosen, results, run_id, checked_at)
    return results


@dataclass(frozen=True, slots=True)
class _Pass:
    """Judging on one build on one day, read-only."""

    db_path: Path
    as_of: str
    threads: int | None
    memory_limit_mb: int | None

    def judge(
        self, rules: Sequence[Rule], touched: Touched | None = None, judgements: Path | None = None
    ) -> dict[str, Counts]:
        """Counts of every rule by name, from Great Expectations, over all records or the touched ones."""
        with open_session(
            self.db_path,
            touched,
            only=tables_of(rules),
            threads=self.threads,
            memory_limit_mb=self.memory_limit_mb,
        ) as session:
            tables, errors = judge(session.connection, rules, self.as_of)
            counts = {name: Counts(error=error) for name, error in errors.items()}
            own = own_counts(session.connection, tables)
            if judgements is not None:
                write_counts(session.connection, tables, judgements)
            found = count_together(session, tables) if touched else count_each(session, tables)
            counts |= {name: _agreed(each, own[name]) for name, each in found.items()}
        return counts

    def carry(self, rules: Sequence[Rule], unchanged: Unchanged) -> tuple[dict[str, Counts], dict[str, Counts]]:
        """Of the rules that can be carried over: what the touched records give, and what all records give.

        A rule that cannot run on the touched records is in neither, and so is judged over all of them.
        """
        with store.open_build(self.db_path, threads=self.threads) as connection:
            before = results_before(connection, rules, unchanged, self.as_of)
        chosen = [rule for rule in rules if rule.name in before]
        with ThreadPoolExecutor(max_workers=1) as beside:  # another file, while Great Expectations counts here
            counting = beside.submit(self._before, chosen, unchanged.touched)
            now = self.judge(chosen, unchanged.touched)
            then = counting.result()
        totals = {
            rule.name: added_up(rule, before[rule.name], Counts(*then[rule.name]), now[rule.name])
            for rule in chosen
            if rule.name in then and now[rule.name].error is None
        }
        return now, totals

    def _before(self, rules: Sequence[Rule], touched: Touched) -> dict[str, tuple[int, int, int]]:
        """Rows passed, failed and not evaluable by rule name, of the touched records in the published build."""
        with open_judging(
            touched.base, touched, only=tables_of(rules), threads=self.threads, memory_limit_mb=self.memory_limit_mb
        ) as connection:
            tables, _ = judge(connection, rules, self.as_of)
            return own_counts(connection, tables)


def tables_of(rules: Iterable[Rule]) -> frozenset[str]:
    """The tables that rules read, as schema.name."""
    return frozenset[str]().union(*(rule.tables for rule in rules))


def _agreed(found: Counts, own: tuple[int, int, int]) -> Counts:
    """What Great Expectations counted, where DuckDB alone counts the same; else an error."""
    if found.error is not None or (found.passed, found.failed, found.not_evaluable) == own:
        return found
    return Counts(
        error=f"Great Expectations counted {found.passed} passed, {found.failed} failed, {found.not_evaluable} not "
        f"evaluable; DuckDB counted {own[0]}, {own[1]}, {own[2]}: one of them is wrong, so the rule has no result"
    )


def _keep_violations(
    connection: store.Build, rule: Rule, counts: Counts, as_of: str, table: str = "quality.violation"
) -> Counts:
    """Store the rule's violations; as many as were counted, or the rule has an error and keeps none."""
    if counts.error is not None or counts.failed == 0:
        return counts
    stored = store.store_violations(connection, rule, as_of, table)
    if isinstance(stored, str):
        return Counts(error=f"the violations could not be selected: {stored}")
    if stored != counts.failed:
        store.drop_violations(connection, rule, table)
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
