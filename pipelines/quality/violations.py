"""quality.violation: every row that breaks a rule, written while it is judged and stored in the build afterwards.

Belongs here: the files in which violations wait, the table and questions to it. Does not: their SELECT (judgements.py),
writing the files (judging.py), results (store.py). Rules are judged on a build that nobody can write to, hence the
files: in Parquet, one for each table of judgements.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb
from sqlalchemy.engine import Connection

from expectations import Severity
from expectations.rule import gravest
from pipelines.quality.judging import run_sql
from pipelines.quality.results import Example
from pipelines.tables import parquet
from pipelines.touched import RECORDS, Touched

EXAMPLES = 5
"""Violations shown with a result; quality.violation has all of them."""

OF_ALL = "all"
OF_TOUCHED = "touched"
"""Folders for the violations of two ways to judge: all records, or the touched ones."""


def waiting_counts(connection: Connection, folder: Path) -> dict[str, int]:
    """Violations in the files of a folder by rule name; rules without any are not in it."""
    files = sorted(folder.iterdir())
    if not files:
        return {}
    return {str(rule): int(rows) for rule, rows in run_sql(connection, _counts(parquet(files)))}


def replace_violations(
    build: duckdb.DuckDBPyConnection,
    waiting: Path,
    judged: Collection[str],
    carried: Collection[str] = (),
    touched: Touched | None = None,
) -> None:
    """Put what waits in the folders of `waiting` in place of the violations there: of the rules named in `judged` those
    of all records; of those in `carried` those of the touched records, the others' stay. No other rule keeps any.
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
    for rules, folder in ((judged, waiting / OF_ALL), (carried, waiting / OF_TOUCHED)):
        files = sorted(folder.iterdir()) if rules else []
        if files:
            build.execute(
                f"INSERT INTO quality.violation BY NAME FROM {parquet(files)} WHERE list_contains(?, rule)",
                [list(rules)],
            )


def violation_counts(build: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Violations kept by rule name; rules without any are not in it."""
    return dict(build.execute(_counts("quality.violation")).fetchall())


def _counts(relation: str) -> str:
    return f"SELECT rule, count(*) FROM {relation} GROUP BY rule"


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
