"""Gates that a person allowed for one run, by name: recorded in quality.gate_override, and honoured because recorded.

Belongs here: recording and reading overrides, refusing names that are no gate. Does not: deciding to publish (audit,
Dagster's check); both read this table, so what is not on record is not allowed. A gate without any result cannot be
allowed: nobody would know what it would have said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

import duckdb

from expectations import Rule, Severity
from pipelines.quality.results import RuleResult, gate_failures
from pipelines.tables import SOURCE_TABLES, create_statement


def unknown_gates(names: Iterable[str], rules: Iterable[Rule]) -> list[str]:
    """The names that no rule of severity gate has exactly."""
    gates = {rule.name for rule in rules if rule.severity is Severity.GATE}
    return sorted(set(names) - gates)


def record_overrides(
    build: duckdb.DuckDBPyConnection,
    run_id: str,
    results: Iterable[RuleResult],
    allowed: Collection[str],
    allowed_at: datetime,
    reason: str | None = None,
) -> list[RuleResult]:
    """Record those of the `allowed` gates that failed or could not run in this run; they are returned.

    Replaces what the run has recorded before; other runs stay. Gates that hold need no override and get no row. Raises
    ValueError for a time without zone.
    """
    if allowed_at.tzinfo is None:
        raise ValueError("allowed_at has no time zone; give an aware datetime, as datetime.now(UTC)")
    moment = allowed_at.astimezone(UTC).replace(tzinfo=None)
    used = [result for result in gate_failures(results) if result.rule in allowed]
    build.execute(create_statement(SOURCE_TABLES["quality.gate_override"]))
    build.execute("DELETE FROM quality.gate_override WHERE run_id = ?", [run_id])
    for result in used:
        build.execute(
            "INSERT INTO quality.gate_override (run_id, rule, rows_failed, error, allowed_at, reason) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [run_id, result.rule, result.rows_failed, result.error, moment, reason or None],
        )
    return used


def overridden_gates(build: duckdb.DuckDBPyConnection, run_id: str) -> frozenset[str]:
    """The gates that were allowed to fail in this run."""
    rows = build.execute("SELECT rule FROM quality.gate_override WHERE run_id = ?", [run_id]).fetchall()
    return frozenset(rule for (rule,) in rows)
