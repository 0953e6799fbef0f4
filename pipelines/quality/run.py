"""One pass of the rules over a build: judge read-only, then write what was found.

Belongs here: the order of the steps and the cross-checks of counts. Does not: Great Expectations (gx_runner.py), SQL
(judgements.py, judging.py), tables (store.py, violations.py).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from expectations import Rule, Severity, check_rules, load_rules
from pipelines.quality import store, violations
from pipelines.quality.by_record import OF_ALL, OF_TOUCHED, write_counts
from pipelines.quality.carry import Unchanged, added_up, fitting, needs_touched_before, results_before
from pipelines.quality.gx_runner import Counts, count_all, open_session
from pipelines.quality.judging import judge, open_judging, own_counts
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
    the touched records only, with the same results. The judgements are counted by record into the folder `judgements`
    (by_record.py), which is emptied or made. Raises FileNotFoundError where there is no build, ValueError for a time
    without zone or two rules of one name.
    """
    if checked_at.tzinfo is None:
        raise ValueError("checked_at has no time zone; give an aware datetime, as datetime.now(UTC)")
    chosen = check_rules(load_rules() if rules is None else rules)
    if judgements is not None:
        shutil.rmtree(judgements, ignore_errors=True)
        judgements.mkdir()
    with tempfile.TemporaryDirectory(dir=db_path.parent, prefix=f"{db_path.name}.violations.") as folder:
        day = checked_at.astimezone(UTC).date().isoformat()
        pass_ = _Pass(db_path, day, Path(folder), judgements, threads, memory_limit_mb)
        carried = pass_.carry(chosen, unchanged) if unchanged else {}
        others = [rule for rule in chosen if rule.name not in carried]
        judged = pass_.judge(others)
        counts = carried | judged
        with store.open_build(db_path, threads=threads, memory_limit_mb=memory_limit_mb) as build:
            touched = unchanged.touched if unchanged else None
            violations.replace_violations(build, Path(folder), _ran(judged), _ran(carried), touched)
            kept = violations.violation_counts(build)
            counts |= {name: fitting(counts[name], kept.get(name, 0)) for name in carried}
            examples, severities = violations.examples(build), violations.severities(build)
            results = [
                _result(rule, counts[rule.name], examples.get(rule.name, ()), severities.get(rule.name))
                for rule in chosen
            ]
            store.store_results(build, chosen, results, run_id, checked_at)
    return results


@dataclass(frozen=True, slots=True)
class _Pass:
    """Judging on one build on one day, read-only; violations are left as files in folders of `folder`."""

    db_path: Path
    as_of: str
    folder: Path
    judgements: Path | None
    threads: int | None
    memory_limit_mb: int | None

    def judge(self, rules: Sequence[Rule], touched: Touched | None = None) -> dict[str, Counts]:
        """Counts of every rule by name, from Great Expectations, over all records or the touched ones."""
        with open_session(
            self.db_path,
            touched,
            only=tables_of(rules),
            threads=self.threads,
            memory_limit_mb=self.memory_limit_mb,
        ) as session:
            folder = self.folder / (violations.OF_TOUCHED if touched else violations.OF_ALL)
            folder.mkdir()
            tables, errors = judge(session.connection, rules, self.as_of, violations=folder)
            own = own_counts(session.connection, tables)
            if self.judgements is not None:
                write_counts(session.connection, tables, self.judgements / (OF_TOUCHED if touched else OF_ALL))
            found = count_all(session, tables)
            written = violations.waiting_counts(session.connection, folder)
            counts = {name: _complete(_agreed(each, own[name]), written.get(name, 0)) for name, each in found.items()}
            return counts | {name: Counts(error=error) for name, error in errors.items()}

    def carry(self, rules: Sequence[Rule], unchanged: Unchanged) -> dict[str, Counts]:
        """What all records give by those rules that can be carried over, from a look at the touched ones.

        A rule that cannot run on the touched records is not in it, and so is judged over all of them.
        """
        with store.open_build(self.db_path, threads=self.threads) as build:
            before = results_before(build, rules, unchanged, self.as_of)
        chosen = [rule for rule in rules if rule.name in before]
        with ThreadPoolExecutor(max_workers=1) as beside:  # another file, while Great Expectations counts here
            counting = beside.submit(self._before, [rule for rule in chosen if needs_touched_before(rule)], unchanged)
            now = self.judge(chosen, unchanged.touched)
            then = counting.result()
        return {
            rule.name: added_up(before[rule.name], then.get(rule.name), now[rule.name])
            for rule in chosen
            if now[rule.name].error is None and (rule.name in then or not needs_touched_before(rule))
        }

    def _before(self, rules: Sequence[Rule], unchanged: Unchanged) -> dict[str, Counts]:
        """What the touched records gave in the published build, by name of every rule that can run there."""
        touched = unchanged.touched
        with open_judging(
            touched.base, touched, only=tables_of(rules), threads=self.threads, memory_limit_mb=self.memory_limit_mb
        ) as connection:
            tables, _ = judge(connection, rules, self.as_of, is_known_to_run=True)
            return {name: Counts(*counts) for name, counts in own_counts(connection, tables).items()}


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


def _complete(found: Counts, violations: int) -> Counts:
    """What was counted, where as many violations are written as rows failed; else an error."""
    if found.error is not None or found.failed == violations:
        return found
    return Counts(
        error=f"{found.failed} rows failed, but {violations} violations were written: one of them is wrong, so the "
        "rule has no result"
    )


def _ran(counts: Mapping[str, Counts]) -> frozenset[str]:
    """Names of the rules that have counts; of one that has none no violation is kept."""
    return frozenset(name for name, each in counts.items() if each.error is None)


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
