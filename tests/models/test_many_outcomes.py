"""Entries of thousands of outcomes: no pair of milestones takes more than a million comparisons."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.tables import SOURCE_TABLES, create_statement
from pipelines.warehouse.models import load_models

SQL = Path(__file__).parents[2] / "dbt_like_models" / "marts" / "outcome_switching.sql"


@pytest.mark.parametrize(("outcomes", "switched"), [(1000, 1), (1001, None), (20_000, None)])
def test_an_entry_of_thousands_of_outcomes_is_not_compared(outcomes: int, switched: int | None) -> None:
    """10,000 alike outcomes in two versions were 100 million pairs (extreme texts through whole runs, 2026-11-22). Such
    an entry gives no rows; those of the record beside it stay.
    """
    models = load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})
    model = models["marts.outcome_switching"]
    with duckdb.connect() as connection:
        for schema in ("core", "history", "staging", "marts"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for name in model.depends_on:
            if name in SOURCE_TABLES:
                connection.execute(create_statement(SOURCE_TABLES[name]))
            else:
                columns = ", ".join(f"{one.name} {one.duckdb_type}" for one in models[name].columns.values())
                connection.execute(f"CREATE TABLE {name} ({columns})")
        connection.execute(
            """
            INSERT INTO core.record BY NAME
            SELECT key AS record_key, 'A' AS registry,
                   DATE '2025-03-01' AS start_earliest, DATE '2025-03-31' AS start_latest
            FROM (VALUES ('many'), ('few')) AS r(key);
            INSERT INTO history.version BY NAME
            SELECT record_key, n AS version_no, n + CASE record_key WHEN 'few' THEN 2 ELSE 0 END AS version_id,
                   CASE n WHEN 1 THEN DATE '2025-01-05' ELSE DATE '2026-01-05' END AS valid_from,
                   CASE n WHEN 1 THEN DATE '2026-01-05' END AS valid_to
            FROM core.record, range(1, 3) AS v(n);
            INSERT INTO staging.primary_outcome (version_id, position, measure)
            VALUES (3, 1, 'Survival'), (4, 1, 'Pain');
            """
        )
        connection.execute(
            f"""
            INSERT INTO staging.primary_outcome (version_id, position, measure)
            SELECT v, p, CASE WHEN v = 2 AND p = 1 THEN 'Death' ELSE 'Pain' END
            FROM range(1, 3) AS v(v), range(1, {outcomes} + 1) AS p(p)
            """
        )
        connection.execute(f"CREATE TABLE made AS {SQL.read_text(encoding='utf-8')}")
        rows = dict(connection.execute("SELECT record_key, count(*) // 2 FROM made GROUP BY ALL").fetchall())
    assert rows == {"few": 1} | ({"many": switched} if switched else {})
