"""What a build must satisfy before it may replace the published warehouse.

Belongs here: looking at a finished build and naming every reason against publishing it. Does not: the
rules on the data themselves (expectations/) or running them (pipelines/quality): the audit reads the
results they left, and a result that is missing counts as failed.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb


def audit(connection: duckdb.DuckDBPyConnection, run_id: str, gates: Iterable[str]) -> list[str]:
    """One sentence for each reason not to publish; empty when the build is sound.

    `gates` are the names of the rules that must have held in `run_id`, but for those that
    quality.gate_override names for it; a result they must have all the same.
    """
    return [
        *_missing_comments(connection),
        *_open_gates(connection, run_id, sorted(set(gates))),
    ]


def _missing_comments(connection: duckdb.DuckDBPyConnection) -> list[str]:
    tables = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
        "WHERE database_name = current_database() AND NOT internal AND coalesce(comment, '') = '' "
        "UNION ALL SELECT schema_name || '.' || view_name FROM duckdb_views() "
        "WHERE database_name = current_database() AND NOT internal AND coalesce(comment, '') = '' ORDER BY 1"
    ).fetchall()
    columns = connection.execute(
        "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) "
        "FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal "
        "AND coalesce(comment, '') = '' GROUP BY ALL ORDER BY 1"
    ).fetchall()
    return [f"table {name} has no comment; describe it where it is made" for (name,) in tables] + [
        f"table {name}: column(s) {', '.join(names)} have no comment; describe them where the table is made"
        for name, names in columns
    ]


def _open_gates(connection: duckdb.DuckDBPyConnection, run_id: str, gates: list[str]) -> list[str]:
    results = {
        rule: (success, failed, error)
        for rule, success, failed, error in connection.execute(
            "SELECT rule, bool_and(success), max(rows_failed), max(error) "
            "FROM quality.expectation_result WHERE run_id = ? GROUP BY rule",
            [run_id],
        ).fetchall()
    }
    allowed = {
        rule
        for (rule,) in connection.execute(
            "SELECT rule FROM quality.gate_override WHERE run_id = ?", [run_id]
        ).fetchall()
    }
    findings = []
    for gate in gates:
        if gate not in results:
            findings.append(f"gate {gate} has no result in this run; it must run and hold")
            continue
        success, failed, error = results[gate]
        if not success and gate not in allowed:
            why = f"it could not run: {error}" if error else f"{failed} row(s) break it, see quality.violation"
            findings.append(f"gate {gate} failed: {why}")
    return findings
