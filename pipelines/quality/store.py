"""Writing what the rules found into the build: quality.expectation, expectation_result, violation.

Belongs here: these three tables. Does not: running rules. The build is open for writing here and nowhere else in this
room, after Great Expectations has let go of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from expectations import Rule, Severity
from expectations.rule import gravest
from pipelines.quality.judging import attach_build, first_line, violations_sql
from pipelines.quality.results import Example, RuleResult
from pipelines.tables import SOURCE_TABLES, create_statement, literal
from pipelines.touched import RECORDS, Touched

Build = duckdb.DuckDBPyConnection
"""A build that is open for writing."""

EXAMPLES = 5
"""Violations shown with a result; quality.violation has all of them."""

_TABLES = ("quality.expectation", "quality.expectation_result", "quality.violation")


def open_build(
    path: Path, *, threads: int | None = None, memory_limit_mb: int | None = None
) -> duckdb.DuckDBPyConnection:
    """The build, for writing, with the three tables in it."""
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


@contextmanager
def open_touched(
    path: Path, touched: Touched, *, only: Collection[str] | None = None, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees the build's rows of touched records, of all tables or `only` these; its name for writing
    is judging.BUILD.
    """
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        if threads is not None:
            connection.execute(f"SET threads = {int(threads)}")
        attach_build(lambda sql: connection.execute(sql).fetchall(), path, touched, only=only, read_only=False)
        yield connection


def clear_violations(
    connection: duckdb.DuckDBPyConnection, kept: Collection[str] = (), touched: Touched | None = None
) -> None:
    """Violations are those of this build only; of the rules in `kept` those of records that were not touched stay."""
    if touched is None or not kept:
        connection.execute("DELETE FROM quality.violation")
        return
    for statement in touched.load_statements():
        connection.execute(statement)
    connection.execute(
        "DELETE FROM quality.violation WHERE NOT list_contains(?, rule) OR record_key IS NULL "
        f"OR record_key IN (SELECT record_key FROM {RECORDS})",
        [list(kept)],
    )


def store_violations(
    connection: duckdb.DuckDBPyConnection, rule: Rule, as_of: str, table: str = "quality.violation"
) -> int | str:
    """Insert every row that breaks the rule; their number, or why that failed (then none are stored)."""
    try:
        inserted = connection.execute(
            f"INSERT INTO {table} BY NAME SELECT {literal(rule.name)} AS rule, "
            f"severity, record_key, {literal(rule.column_name)} AS column_name, "
            f"value, message FROM ({violations_sql(rule, as_of)}) AS found"
        ).fetchone()
    except duckdb.Error as error:
        return first_line(error)
    return int(inserted[0]) if inserted else 0


def drop_violations(connection: duckdb.DuckDBPyConnection, rule: Rule, table: str = "quality.violation") -> None:
    """Take back the violations of a rule that turned out not to be trustworthy."""
    connection.execute(f"DELETE FROM {table} WHERE rule = ?", [rule.name])


def violation_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Violations kept by rule name; rules without any are not in it."""
    return dict(connection.execute("SELECT rule, count(*) FROM quality.violation GROUP BY rule").fetchall())


def examples(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Example, ...]]:
    """The first violations of each rule by record_key."""
    rows = connection.execute(
        "SELECT rule, min({'k': record_key, 'v': value, 'm': message, 'c': column_name}, ?) "
        "FROM quality.violation GROUP BY rule",
        [EXAMPLES],
    ).fetchall()
    return {rule: tuple(Example(f["k"], f["c"], f["v"], f["m"]) for f in found) for rule, found in rows}


def severities(connection: duckdb.DuckDBPyConnection) -> dict[str, Severity]:
    """The gravest severity among the violations of each rule that has any."""
    rows = connection.execute("SELECT rule, list(DISTINCT severity) FROM quality.violation GROUP BY rule").fetchall()
    return {rule: gravest(Severity(severity) for severity in found) for rule, found in rows}


def store_results(
    connection: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    results: Iterable[RuleResult],
    run_id: str,
    checked_at: datetime,
) -> None:
    """Replace the catalogue table and this run's results; results of other runs stay."""
    moment = checked_at.astimezone(UTC).replace(tzinfo=None)
    connection.begin()
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
    connection.commit()
