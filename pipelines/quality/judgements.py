"""Judgements as SQL: for rules that share their rows one SELECT of each one's results and of what violations say.

Belongs here: these SELECTs, the names of their columns. Does not: running them (judging.py), counting them by record
(by_record.py), the conditions themselves (expectations/).

The rows of a rule can be dear to make (joins, groups, searches in long texts), so whoever wants its violations takes
them from the SELECT that judges: for each row a list with an entry for each rule that it breaks, NULL for nearly all.
"""

from __future__ import annotations

from collections.abc import Sequence

from expectations.rule import Rule, Severity, on_day
from pipelines.tables import literal, quoted

COUNTED_TABLE = "core.record"
"""The table whose judgements are counted by record (by_record.py)."""

RECORD_KEY = '"of record"'
"""Column, quoted, of judgements on COUNTED_TABLE that says whose judgements they are."""

VIOLATIONS = '"of violations"'
"""Column, quoted, of judgements with violations: a list of structs with the columns of quality.violation."""


def weight_column(rule: Rule) -> str:
    """The name of the column that tells whether a violation of the rule is an error in this row."""
    return f"{rule.name} is an error"


def judgements_sql(table: str, rules: Sequence[Rule], *, with_violations: bool = False) -> str:
    """The SELECT of a table of judgements (Judged in judging.py), by rules on `table` that share their rows; if wanted
    with the column VIOLATIONS. The day of the check is still to be set (on_day).
    """
    verdicts = ", ".join(f"{rule.result_sql} AS {_verdict(rule)}" for rule in rules)
    columns = [f"{_verdict(rule)} AS {quoted(rule.name)}" for rule in rules] + _of_records(table, rules)
    if with_violations:
        columns.append(f"{_violations_of_row(rules)} AS {VIOLATIONS}")
    return f"SELECT {', '.join(columns)} FROM (SELECT *, {verdicts} FROM ({rules[0].rows_sql})) AS judged_rows"


def violations_in(judgements: str) -> str:
    """SELECT of the violations, as rows of quality.violation, that stand in a relation of judgements."""
    return f"SELECT unnest({VIOLATIONS}, max_depth := 2) FROM {judgements}"


def violations_sql(rule: Rule, as_of: str) -> str:
    """SELECT record_key, value, message, severity of every row that breaks the rule."""
    judgements = judgements_sql(rule.table, (rule,), with_violations=True)
    return on_day(f"SELECT record_key, value, message, severity FROM ({violations_in(f'({judgements})')})", as_of)


def _verdict(rule: Rule) -> str:
    """The column, quoted, that holds the rule's result beside the columns of its rows, where it is made once."""
    return quoted(f"verdict of {rule.name}")


def _violations_of_row(rules: Sequence[Rule]) -> str:
    """What the rules that a row breaks say of it. Values and messages are made of rows that break something only."""
    said = ", ".join(
        f"CASE WHEN NOT {_verdict(rule)} THEN {{"
        f"'rule': {literal(rule.name)}, 'severity': {rule.severity_sql}, "
        f"'record_key': CAST(record_key AS VARCHAR), 'column_name': {literal(rule.column_name)}, "
        f"'value': {rule.value_sql}, 'message': {rule.message_sql}}} END"
        for rule in rules
    )
    is_broken = " OR ".join(f"NOT {_verdict(rule)}" for rule in rules)
    return f"CASE WHEN {is_broken} THEN list_filter([{said}], lambda entry: entry IS NOT NULL) END"


def _of_records(table: str, rules: Sequence[Rule]) -> list[str]:
    """The further columns of judgements on COUNTED_TABLE."""
    if table != COUNTED_TABLE:
        return []
    weights = [
        f"{rule.severity_sql} = '{Severity.ERROR}' AS {quoted(weight_column(rule))}"
        for rule in rules
        if rule.escalation is not None
    ]
    return [f"CAST(record_key AS VARCHAR) AS {RECORD_KEY}", *weights]
