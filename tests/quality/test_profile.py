"""Which tables a profile looks at."""

from __future__ import annotations

import duckdb

from pipelines.quality.profile import count_build


def test_views_of_marts_are_not_read_for_a_profile() -> None:
    """They show staged rows, counted where they lie: to count ten million numbers again took a minute (2026-11)."""
    with duckdb.connect() as connection:
        for schema in ("raw", "staging", "core", "marts"):
            connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute("CREATE TABLE staging.number AS SELECT 1 AS value")
        connection.execute("CREATE VIEW core.shown AS SELECT value FROM staging.number")
        connection.execute("CREATE TABLE marts.kept AS SELECT value FROM staging.number")
        connection.execute("CREATE VIEW marts.shown AS SELECT error('was read') AS value FROM staging.number")
        counted = {(row.table_name, row.column_name) for row in count_build(connection, ())}
    assert counted == {
        ("staging.number", ""),
        ("core.shown", ""),
        ("core.shown", "value"),
        ("marts.kept", ""),
        ("marts.kept", "value"),
    }
