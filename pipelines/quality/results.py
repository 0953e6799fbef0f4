"""What came of a rule: three counts, a verdict, examples.

Belongs here: the result type and questions to a list of results. Does not: running rules, storing results.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from expectations import Rule, Severity


@dataclass(frozen=True, slots=True)
class Example:
    """One violation, as quality.violation holds it."""

    record_key: str | None
    column_name: str
    value: str | None
    message: str


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The outcome of one rule on one build.

    `rows_evaluated` = `rows_passed` + `rows_failed`; rows not evaluable stand beside and count as neither. The four are
    None where the rule could not run: then `error` says why and `success` is False. `success` is true where no row
    failed and there was no error. `severity` is the rule's own, or the gravest of its violations where the rule knows
    rows that weigh more.
    """

    rule: str
    table_name: str
    severity: Severity
    rows_evaluated: int | None
    rows_passed: int | None
    rows_failed: int | None
    rows_not_evaluable: int | None
    success: bool
    error: str | None = None
    examples: tuple[Example, ...] = ()


def counted(
    rule: Rule,
    *,
    passed: int,
    failed: int,
    not_evaluable: int,
    examples: tuple[Example, ...] = (),
    severity: Severity | None = None,
) -> RuleResult:
    """The result of a rule that ran. `severity`: the gravest of its violations, by default the rule's own."""
    return RuleResult(
        rule=rule.name,
        table_name=rule.table,
        severity=severity or rule.severity,
        rows_evaluated=passed + failed,
        rows_passed=passed,
        rows_failed=failed,
        rows_not_evaluable=not_evaluable,
        success=failed == 0,
        examples=examples,
    )


def failed_to_run(rule: Rule, error: str) -> RuleResult:
    """The result of a rule that gave no answer: not a pass."""
    return RuleResult(rule.name, rule.table, rule.severity, None, None, None, None, success=False, error=error)


def gate_failures(results: Iterable[RuleResult]) -> list[RuleResult]:
    """The gate rules that failed or could not run: any of them stops publishing."""
    return [result for result in results if result.severity is Severity.GATE and not result.success]


def missing_rules(results: Iterable[RuleResult], rules: Iterable[Rule]) -> list[Rule]:
    """The rules for which there is no result at all; a missing gate stops publishing like a failed one."""
    seen = {result.rule for result in results}
    return [rule for rule in rules if rule.name not in seen]
