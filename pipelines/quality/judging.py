"""Rules judged: for each kind of rows one table with a column for every rule, TRUE, FALSE or NULL.

Belongs here: the in-memory catalogue over a read-only build, the tables of judgements in it, the check that a rule's
SQL can run at all. Does not: that SQL (judgements.py), counting (gx_runner.py), storing (store.py). However many rules
share their rows, these are read and judged once, and what their violations say is written in passing; what is read
afterwards are booleans.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from expectations.rule import Rule, on_day
from pipelines.quality.judgements import VIOLATIONS, judgements_sql, violations_in, violations_sql
from pipelines.tables import literal, quoted
from pipelines.touched import Touched, narrowed, narrowed_by_place

BUILD = "build"
"""Name under which the build is attached."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A table of judgements in the in-memory catalogue: a column for each of `rules`, a row for each row they judge.

    Where the rows are those of COUNTED_TABLE (judgements.py), RECORD_KEY says which record it is, and for each rule
    whose violations may weigh more than others a column tells whether one here would be an error (weight_column).
    """

    name: str
    table: str
    rules: tuple[Rule, ...]


def run_sql(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """Run one statement as it stands (no parameters, no colon magic) and return its rows, if any."""
    cursor = connection.exec_driver_sql(sql)
    return [tuple(row) for row in cursor.fetchall()] if cursor.returns_rows else []


def attach_build(
    connection: Connection, path: Path, touched: Touched | None = None, *, only: Collection[str] | None = None
) -> None:
    """Attach the build and let its tables, or `only` these, be called `schema.table` in the in-memory catalogue.

    With `touched` only the rows of those records are seen, of tables whose rows hang on a record.
    Views are bound in the catalogue they stand in, hence a view for each table of the build.
    """
    run = partial(run_sql, connection)
    run(f"ATTACH {literal(str(path))} AS {BUILD} (READ_ONLY)")
    for statement in touched.load_statements(temporary="") if touched else ():
        run(statement)
    views = set(run(f"SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = '{BUILD}'"))
    tables = run(
        "SELECT schema_name, table_name, list(column_name) FROM duckdb_columns() "
        f"WHERE database_name = '{BUILD}' AND NOT internal GROUP BY ALL"
    )
    for schema in sorted({schema for schema, _, _ in tables}):
        run(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    for schema, table, columns in tables:
        if only is not None and f"{schema}.{table}" not in only:
            continue  # each takes a millisecond or two, and there are hundreds
        place = f"{quoted(schema)}.{quoted(table)}"
        there = f"{BUILD}.{place}"
        if touched is None or not (select := narrowed(there, columns)):
            run(f"CREATE VIEW {place} AS FROM {there}")
        elif schema != "core":
            run(f"CREATE VIEW {place} AS {select}")
        else:  # dozens of rules read the tables of core: their touched rows are picked out once
            by_place = None if (schema, table) in views else narrowed_by_place(there, columns)
            run(f"CREATE TABLE {place} AS {by_place or select}")


@contextmanager
def open_judging(
    path: Path,
    touched: Touched | None,
    *,
    only: Collection[str],
    threads: int | None = None,
    memory_limit_mb: int | None = None,
) -> Iterator[Connection]:
    """An in-memory catalogue over a build, as attach_build makes it, for judging without Great Expectations."""
    engine = create_engine(f"duckdb:///:memory:judging_{uuid.uuid4().hex}")
    try:
        with engine.connect() as connection:
            prepare(connection, path, touched, only=only, threads=threads, memory_limit_mb=memory_limit_mb)
            yield connection
    finally:
        engine.dispose()


def prepare(
    connection: Connection,
    path: Path,
    touched: Touched | None,
    *,
    only: Collection[str] | None,
    threads: int | None,
    memory_limit_mb: int | None,
) -> None:
    """Make an in-memory connection one for judging: where it spills, how much it may take, the build attached."""
    run_sql(connection, f"SET temp_directory = {literal(str(path) + '.rules.tmp')}")
    run_sql(connection, "SET autoinstall_known_extensions = false")
    if threads is not None:
        run_sql(connection, f"SET threads = {int(threads)}")
    if memory_limit_mb is not None:
        run_sql(connection, f"SET memory_limit = '{int(memory_limit_mb)}MiB'")
    attach_build(connection, path, touched, only=only)
    connection.commit()


def problems_with(connection: Connection, group: Sequence[Rule], as_of: str) -> dict[str, str]:
    """By name, why rules that judge the same rows cannot run on this build. Binds their SQL without reading a row.

    All together first, as that is nearly always well; what is wrong is then looked for rule by rule.
    """
    said = (sql for rule in group for sql in (rule.value_sql, rule.message_sql, rule.severity_sql, rule.result_sql))
    bound = f"SELECT *, {', '.join(said)} FROM ({group[0].rows_sql}) AS judged_rows LIMIT 0"
    try:
        there = {str(name).lower() for name in tuple(connection.exec_driver_sql(on_day(bound, as_of)).keys())}
    except SQLAlchemyError as error:
        connection.rollback()
        found = {rule.name: _problem_with(connection, rule, as_of) for rule in group}
        return {name: why for name, why in found.items() if why} or {rule.name: first_line(error) for rule in group}
    return {rule.name: _gone(rule, columns) for rule in group if (columns := _missing(rule, there))}


def _problem_with(connection: Connection, rule: Rule, as_of: str) -> str | None:
    try:
        cursor = connection.exec_driver_sql(on_day(f"SELECT * FROM ({rule.rows_sql}) AS judged_rows LIMIT 0", as_of))
        missing = _missing(rule, {str(name).lower() for name in tuple(cursor.keys())})
        if missing:
            return _gone(rule, missing)
        connection.exec_driver_sql(violations_sql(rule, as_of) + " LIMIT 0")
    except SQLAlchemyError as error:
        connection.rollback()
        return first_line(error)
    return None


def _missing(rule: Rule, there: Collection[str]) -> list[str]:
    return [name for name in ("record_key", *rule.columns) if name.lower() not in there]


def _gone(rule: Rule, columns: Iterable[str]) -> str:
    return f"column {', '.join(columns)} is not in the rows of {rule.table} that the rule judges"


def first_line(error: BaseException) -> str:
    """What DuckDB said in at most 300 characters, without the statement that SQLAlchemy appends."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split("[SQL:")[0].split())[:300] or type(cause).__name__


def judge(
    connection: Connection,
    rules: Iterable[Rule],
    as_of: str,
    *,
    violations: Path | None = None,
    is_known_to_run: bool = False,
) -> tuple[list[Judged], dict[str, str]]:
    """Judge every row by every rule: the tables of judgements, and by rule name why a rule could not be judged.

    Into the folder `violations` is written, for each table a Parquet file, what quality.violation says of each row
    that breaks a rule. A rule of which some SQL cannot run is not judged at all; with `is_known_to_run` nobody looks
    for that beforehand.
    """
    errors: dict[str, str] = {}
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.table, rule.rows_sql), []).append(rule)
    tables: list[Judged] = []
    for number, ((table, _), group) in enumerate(groups.items(), start=1):
        problems = {} if is_known_to_run else problems_with(connection, group, as_of)
        errors |= problems
        members = [rule for rule in group if rule.name not in problems]
        if not members:
            continue
        judged = Judged(f"{table.replace('.', '_')}_{number}", table, tuple(members))
        made, raised = _judge_together(connection, judged, as_of, violations)
        tables += made
        errors |= raised
    return tables, errors


def _judge_together(
    connection: Connection, judged: Judged, as_of: str, violations: Path | None
) -> tuple[list[Judged], dict[str, str]]:
    """One table for all the rules; where a row makes one of them raise, one table for each, and that one's error."""
    try:
        _make_table(connection, judged, as_of, violations)
    except SQLAlchemyError as error:
        connection.rollback()
        if len(judged.rules) == 1:
            return [], {judged.rules[0].name: first_line(error)}
        tables: list[Judged] = []
        errors: dict[str, str] = {}
        for rule in judged.rules:
            alone = Judged(f"{judged.name}_{rule.name}", judged.table, (rule,))
            made, raised = _judge_together(connection, alone, as_of, violations)
            tables += made
            errors |= raised
        return tables, errors
    return [judged], {}


def _make_table(connection: Connection, judged: Judged, as_of: str, violations: Path | None) -> None:
    """The table of judgements; its violations go to their file and leave memory at once."""
    select = judgements_sql(judged.table, judged.rules, with_violations=violations is not None)
    run_sql(connection, on_day(f"CREATE TABLE {quoted(judged.name)} AS {select}", as_of))
    if violations is not None:
        sorted_by_rule = f"FROM ({violations_in(quoted(judged.name))}) ORDER BY rule"  # as one reads and packs them
        path = violations / f"{judged.name}.parquet"
        run_sql(connection, f"COPY ({sorted_by_rule}) TO {literal(str(path))} (FORMAT parquet)")
        run_sql(connection, f"ALTER TABLE {quoted(judged.name)} DROP COLUMN {VIOLATIONS}")
    connection.commit()


def own_counts(connection: Connection, tables: Iterable[Judged]) -> dict[str, tuple[int, int, int]]:
    """Rows passed, failed and not evaluable by rule name, counted by DuckDB alone."""
    return {name: counts for judged in tables for name, counts in _own_counts(connection, judged).items()}


def _own_counts(connection: Connection, judged: Judged) -> dict[str, tuple[int, int, int]]:
    # Three FILTERs for each rule would say it plainer, and take twenty times as long; count_if of nothing is NULL.
    counts = ", ".join(
        f"count({column}), coalesce(count_if({column}), 0)" for column in (quoted(rule.name) for rule in judged.rules)
    )
    rows, *found = run_sql(connection, f"SELECT count(*), {counts} FROM {quoted(judged.name)}")[0]
    told_and_passed = zip(judged.rules, found[::2], found[1::2], strict=True)
    return {rule.name: (passed, told - passed, rows - told) for rule, told, passed in told_and_passed}


def row_counts(connection: Connection, tables: Iterable[Judged]) -> dict[str, int]:
    """Rows of each table of judgements by its name."""
    return {
        table.name: int(run_sql(connection, f"SELECT count(*) FROM {quoted(table.name)}")[0][0]) for table in tables
    }


def together(connection: Connection, tables: Sequence[Judged]) -> tuple[Judged, dict[str, int]]:
    """One table of all judgements, for where rows are few; by rule name in how many of its rows the rule's column is
    NULL only because they are rows of other rules. `tables` must not be empty.
    """
    rows = row_counts(connection, tables)
    selects = " UNION ALL BY NAME ".join(f"SELECT * FROM {quoted(table.name)}" for table in tables)
    run_sql(connection, f"CREATE TABLE together AS {selects}")
    connection.commit()
    padding = {rule.name: sum(rows.values()) - rows[table.name] for table in tables for rule in table.rules}
    rules = tuple(rule for table in tables for rule in table.rules)
    return Judged("together", "all tables", rules), padding
