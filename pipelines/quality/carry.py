"""Results carried over from the published build: which rules need to look at the touched records only, and their sums.

Belongs here: choosing those rules, adding up. Does not: judging (judging.py), which records are touched
(pipelines/warehouse/delta.py).

A row's result usually hangs on the rows of its own record. Of such a rule the whole result is that of the published
build, less what the touched records gave there, plus what they give here; Great Expectations judges the latter. The
others are judged over all records: those that compare records with one another, those whose answer changes with the day
where it is another day, those that have changed, and those on tables that were made anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from expectations import Reach, Rule
from pipelines.quality.gx_runner import Counts
from pipelines.touched import Touched, holds_versions


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What a run has left as it was: all but the touched records, in the models named."""

    touched: Touched
    models: frozenset[str]

    def holds(self, full_name: str) -> bool:
        """Whether a table differs from the published build's in rows of touched records only."""
        return full_name in self.models or holds_versions(full_name)


def results_before(
    build: duckdb.DuckDBPyConnection, rules: Iterable[Rule], unchanged: Unchanged, as_of: str
) -> dict[str, Counts]:
    """By name, of each rule that can be carried over, what it gave in the published build.

    `build` is the build in the making, which still has the results of the run before and nothing of this one.
    """
    rows = build.execute(
        """
        SELECT rule, rows_passed, rows_failed, rows_not_evaluable, rule_version, checked_at::DATE::VARCHAR
        FROM quality.expectation_result JOIN quality.expectation USING (rule)
        WHERE error IS NULL
        QUALIFY run_id = last_value(run_id) OVER (
            ORDER BY checked_at, run_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
        """
    ).fetchall()
    known = {rule: (Counts(*counts), version, day) for rule, *counts, version, day in rows}
    before = {}
    for rule in rules:
        counts, version, day = known.get(rule.name, (None, None, None))
        if counts is None or version != rule.version or (rule.needs_day and day != as_of):
            continue
        if _can_be_carried(rule, counts, unchanged):
            before[rule.name] = counts
    return before


def _can_be_carried(rule: Rule, before: Counts, unchanged: Unchanged) -> bool:
    if rule.reach is Reach.ALL or (rule.reach is Reach.TABLE and before.failed):
        return False
    return all(map(unchanged.holds, rule.tables))


def needs_touched_before(rule: Rule) -> bool:
    """Whether the sum takes what the touched records gave before; of a table in which nothing was bad that is known."""
    return rule.reach is not Reach.TABLE


def added_up(before: Counts, touched_before: Counts | None, touched_now: Counts) -> Counts:
    """The result over all records, or an error where the three do not fit. `touched_before` as the rule needs it."""
    if touched_now.error is not None or touched_before is None:
        return touched_now  # where it is not needed, nothing was bad in any table before
    total = Counts(
        before.passed - touched_before.passed + touched_now.passed,
        before.failed - touched_before.failed + touched_now.failed,
        before.not_evaluable - touched_before.not_evaluable + touched_now.not_evaluable,
    )
    if min(total.passed, total.failed, total.not_evaluable) < 0:
        return Counts(
            error="the touched records had more results in the published build than all records together: the two do "
            "not fit; `trialmart run --rebuild` judges all records anew"
        )
    return total


def fitting(total: Counts, violations: int) -> Counts:
    """The total, or an error where the build holds another number of violations."""
    if total.error is not None or total.failed == violations:
        return total
    return Counts(
        error=f"{total.failed} rows fail, but {violations} violations are kept: the published build and this one do "
        "not fit; `trialmart run --rebuild` judges all records anew",
    )
