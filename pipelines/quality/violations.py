"""quality.violation: every row that breaks a rule, selected while it is judged and stored in the build afterwards.

Belongs here: the files in which violations wait, the table and questions to it. Does not: their SELECT (judging.py),
counting (gx_runner.py), results (store.py). Rules are judged on a build that nobody can write to, hence the files: one
for each rule, in Parquet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from expectations import Rule, Severity
from expectations.rule import gravest
from pipelines.quality.judging import first_line, run_sql, violations_sql
from pipelines.quality.results import Example
from pipelines.tables import literal
from pipelines.touched import RECORDS, Touched

EXAMPLES = 5
"""Violations shown with a result; quality.violation has all of them."""


def file_of(rule: Rule, folder: Path) -> Path:
    """Where the rule's violations wait; there is no file where it has none."""
    return folder / f"{rule.name}.parquet"


def select_violations(connection: Connection, rule: Rule, as_of: str, folder: Path) -> int | str:
    """Write every row that breaks the rule into its file; their number, or why that failed (then there is no file)."""
    path = file_of(rule, folder)
    selected = (
        f"SELECT {literal(rule.name)} AS rule, severity, record_key, {literal(rule.column_name)} AS column_name, "
        f"value, message FROM ({violations_sql(rule, as_of)}) AS found"
    )
    try:
        rows = run_sql(connection, f"COPY ({selected}) TO {literal(str(path))} (FORMAT parquet)")
    except SQLAlchemyError as error:
        connection.rollback()
        path.unlink(missing_ok=True)
        return first_line(error)
    return int(rows[0][0])


def replace_violations(
    build: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    folder: Path,
    carried: Collection[str] = (),
    touched: Touched | None = None,
) -> None:
    """Put the violations in `folder` in place of those there; of rules named in `carried` those of records that are
    not touched stay.
    """
    if touched is None or not carried:
        build.execute("DELETE FROM quality.violation")
    else:
        for statement in touched.load_statements():
            build.execute(statement)
        build.execute(
            "DELETE FROM quality.violation WHERE NOT list_contains(?, rule) OR record_key IS NULL "
            f"OR record_key IN (SELECT record_key FROM {RECORDS})",
            [list(carried)],
        )
    files = [str(path) for rule in rules if (path := file_of(rule, folder)).exists()]
    if files:
        build.execute("INSERT INTO quality.violation BY NAME FROM read_parquet(?)", [files])


def violation_counts(build: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Violations kept by rule name; rules without any are not in it."""
    return dict(build.execute("SELECT rule, count(*) FROM quality.violation GROUP BY rule").fetchall())


def examples(build: duckdb.DuckDBPyConnection) -> dict[str, tuple[Example, ...]]:
    """The first violations of each rule by record_key."""
    rows = build.execute(
        "SELECT rule, min({'k': record_key, 'v': value, 'm': message, 'c': column_name}, ?) "
        "FROM quality.violation GROUP BY rule",
        [EXAMPLES],
    ).fetchall()
    return {rule: tuple(Example(f["k"], f["c"], f["v"], f["m"]) for f in found) for rule, found in rows}


def severities(build: duckdb.DuckDBPyConnection) -> dict[str, Severity]:
    """The gravest severity among the violations of each rule that has any."""
    rows = build.execute("SELECT rule, list(DISTINCT severity) FROM quality.violation GROUP BY rule").fetchall()
    return {rule: gravest(Severity(severity) for severity in found) for rule, found in rows}
