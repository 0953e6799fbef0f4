"""Writing what the rules found into the build: quality.expectation and expectation_result.

Belongs here: these two tables, opening the build. Does not: running rules, violations (violations.py). Rules are judged
on a build that cannot be written to; it is opened for writing after Great Expectations has let go of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from expectations import Rule
from pipelines.quality.results import RuleResult
from pipelines.tables import SOURCE_TABLES, create_statement
from pipelines.transaction import in_one_transaction

_TABLES = ("quality.expectation", "quality.expectation_result", "quality.violation")


def open_build(
    path: Path, *, threads: int | None = None, memory_limit_mb: int | None = None
) -> duckdb.DuckDBPyConnection:
    """The build, for writing, with the tables of rules, results and violations in it."""
    config: dict[str, Any] = {"autoinstall_known_extensions": "false"}
    if threads is not None:
        config["threads"] = str(threads)
    if memory_limit_mb is not None:
        config["memory_limit"] = f"{memory_limit_mb}MiB"
    connection = duckdb.connect(str(path), config=config)
    connection.execute("CREATE SCHEMA IF NOT EXISTS quality")
    for name in _TABLES:
        connection.execute(create_statement(SOURCE_TABLES[name]))
    return connection


def store_results(
    connection: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    results: Iterable[RuleResult],
    run_id: str,
    checked_at: datetime,
) -> None:
    """Replace the catalogue table and this run's results; results of other runs stay."""
    moment = checked_at.astimezone(UTC).replace(tzinfo=None)
    with in_one_transaction(connection):
        connection.execute("DELETE FROM quality.expectation")
        connection.executemany(
            "INSERT INTO quality.expectation (rule, table_name, severity, description, source, rule_version) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                [
                    rule.name,
                    rule.table,
                    rule.severity.value,
                    f"{rule.description} {rule.meaning}",
                    rule.source,
                    rule.version,
                ]
                for rule in rules
            ],
        )
        connection.execute("DELETE FROM quality.expectation_result WHERE run_id = ?", [run_id])
        connection.executemany(
            "INSERT INTO quality.expectation_result (run_id, rule, table_name, severity, rows_evaluated, rows_passed, "
            "rows_failed, rows_not_evaluable, success, error, checked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    run_id,
                    r.rule,
                    r.table_name,
                    r.severity.value,
                    r.rows_evaluated,
                    r.rows_passed,
                    r.rows_failed,
                    r.rows_not_evaluable,
                    r.success,
                    r.error,
                    moment,
                ]
                for r in results
            ],
        )
