"""Rules as views: for each kind of rows one view with a column for every rule, TRUE, FALSE or NULL.

Belongs here: the in-memory catalogue of views over a read-only build, and the check that a rule's SQL can run at all.
Does not: counting (gx_runner.py), storing (store.py). A view is judged in one scan however many rules it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from expectations.rule import Rule, on_day, sql_text

BUILD = "build"
"""Name under which the build is attached."""

VIEWS = "judged"
"""Schema of the views."""


@dataclass(frozen=True, slots=True)
class JudgedView:
    """A view of the in-memory catalogue and the rules it has a column for."""

    name: str
    table: str
    rules: tuple[Rule, ...]


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def run_sql(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """Run one statement as it stands (no parameters, no colon magic) and return its rows, if any."""
    cursor = connection.exec_driver_sql(sql)
    return [tuple(row) for row in cursor.fetchall()] if cursor.returns_rows else []


def attach_build(connection: Connection, path: Path) -> None:
    """Attach the build read-only and let its tables be called `schema.table` in the in-memory catalogue.

    Views are bound in the catalogue they stand in, hence a view for each table of the build.
    """
    run_sql(connection, f"ATTACH {sql_text(str(path))} AS {BUILD} (READ_ONLY)")
    tables = run_sql(
        connection,
        f"SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = '{BUILD}'",
    )
    for schema in sorted({schema for schema, _ in tables}):
        run_sql(connection, f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    for schema, table in tables:
        place = f"{quoted(schema)}.{quoted(table)}"
        run_sql(connection, f"CREATE VIEW {place} AS FROM {BUILD}.{place}")
    run_sql(connection, f"CREATE SCHEMA {VIEWS}")


def violations_sql(rule: Rule, as_of: str) -> str:
    """SELECT record_key, value, message of every row that breaks the rule."""
    return on_day(
        f"SELECT CAST(record_key AS VARCHAR) AS record_key, {rule.value_sql} AS value, {rule.message_sql} AS message "
        f"FROM ({rule.rows_sql}) AS judged_rows WHERE {rule.result_sql} IS FALSE",
        as_of,
    )


def problem_with(connection: Connection, rule: Rule, as_of: str) -> str | None:
    """Why the rule cannot run on this build, or None. Binds its SQL without reading a row."""
    try:
        cursor = connection.exec_driver_sql(on_day(f"SELECT * FROM ({rule.rows_sql}) AS judged_rows LIMIT 0", as_of))
        there = {str(name).lower() for name in tuple(cursor.keys())}
        gone = [name for name in ("record_key", *rule.columns) if name.lower() not in there]
        if gone:
            return f"column {', '.join(gone)} is not in the rows of {rule.table} that the rule judges"
        connection.exec_driver_sql(violations_sql(rule, as_of) + " LIMIT 0")
    except SQLAlchemyError as error:
        connection.rollback()
        return first_line(error)
    return None


def first_line(error: BaseException) -> str:
    """What DuckDB said in at most 300 characters, without the statement that SQLAlchemy appends."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split("[SQL:")[0].split())[:300] or type(cause).__name__


def make_views(connection: Connection, rules: Iterable[Rule], as_of: str) -> list[JudgedView]:
    """One view for all rules of a table that judge the same rows."""
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.table, rule.rows_sql), []).append(rule)
    return [
        make_view(connection, f"{table.replace('.', '_')}_{number}", table, members, as_of)
        for number, ((table, _), members) in enumerate(groups.items(), start=1)
    ]


def make_view(connection: Connection, name: str, table: str, rules: Sequence[Rule], as_of: str) -> JudgedView:
    """A view of the rules' common rows: record_key and a column for each rule."""
    columns = ", ".join(f"{rule.result_sql} AS {quoted(rule.name)}" for rule in rules)
    run_sql(
        connection,
        on_day(
            f"CREATE VIEW {VIEWS}.{quoted(name)} AS SELECT record_key, {columns} "
            f"FROM ({rules[0].rows_sql}) AS judged_rows",
            as_of,
        ),
    )
    return JudgedView(name, table, tuple(rules))
