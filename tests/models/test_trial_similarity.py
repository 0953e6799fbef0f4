"""Similar trials stay few, however many records share a title, a condition and a drug."""

from __future__ import annotations

from pathlib import Path

import duckdb

SQL = Path(__file__).parents[2] / "dbt_like_models" / "core" / "trial_similarity.sql"
TRIALS = 1500


def test_a_title_of_thousands_makes_no_more_edges_than_another() -> None:
    """Every pair of 1,500 alike trials would be over a million; each trial keeps at most twenty, and most keep some."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            CREATE SCHEMA core;
            CREATE TABLE core.trial AS
            SELECT 'T' || i AS trial_id, 'C:' || i AS primary_record_key FROM range({TRIALS}) AS r(i);
            CREATE TABLE core.identity_feature AS
            SELECT primary_record_key AS record_key, 'one title of all the trials' AS title_key,
                FALSE AS has_placeholder_title, 'acme' AS sponsor_key
            FROM core.trial;
            CREATE TABLE core.condition AS
            SELECT primary_record_key AS record_key, p::INTEGER AS position, 'Condition ' || p AS condition
            FROM core.trial, range(1, 11) AS r(p);
            CREATE TABLE core.intervention AS
            SELECT primary_record_key AS record_key, p::INTEGER AS position, 'Drug ' || p AS name
            FROM core.trial, range(1, 11) AS r(p);
            """
        )
        connection.execute(f"CREATE TABLE pair AS {SQL.read_text(encoding='utf-8')}")
        pairs, most = connection.execute(
            """
            SELECT count(*) // 2, max(edges) FROM (
                SELECT trial_id, count(*) OVER (PARTITION BY trial_id) AS edges
                FROM (SELECT trial_id_a AS trial_id FROM pair UNION ALL SELECT trial_id_b FROM pair)
            )
            """
        ).fetchall()[0]
        trials = connection.execute("SELECT count(DISTINCT trial_id_a) FROM pair").fetchall()[0][0]
    assert TRIALS <= pairs <= TRIALS * 10
    assert most <= 20
    assert trials > TRIALS // 2


def test_titles_are_alike_by_their_first_thousand_characters() -> None:
    """Likeness takes the product of both lengths: some titles of a megabyte kept a run here for minutes (extreme texts
    through whole runs, 2026-11-22). What comes behind makes no difference, nor does it take time.
    """
    with duckdb.connect() as connection:
        connection.execute(
            """
            CREATE SCHEMA core;
            CREATE TABLE core.trial AS
            SELECT 'T' || i AS trial_id, 'C:' || i AS primary_record_key FROM range(3) AS r(i);
            CREATE TABLE core.identity_feature AS
            SELECT primary_record_key AS record_key, FALSE AS has_placeholder_title, 'acme' AS sponsor_key,
                repeat('a', CASE trial_id WHEN 'T2' THEN 999 ELSE 1000 END) || (
                    SELECT string_agg(substr(md5(trial_id || w), 1, 9), ' ' ORDER BY w) FROM range(80_000) AS words(w)
                ) AS title_key
            FROM core.trial;
            CREATE TABLE core.condition AS
            SELECT primary_record_key AS record_key, 1 AS position, 'Asthma' AS condition FROM core.trial;
            CREATE TABLE core.intervention AS
            SELECT primary_record_key AS record_key, 1 AS position, 'Tea' AS name FROM core.trial;
            """
        )
        connection.execute(f"CREATE TABLE pair AS {SQL.read_text(encoding='utf-8')}")
        found = connection.execute(
            "SELECT trial_id_a, trial_id_b, title_similarity = 1 FROM pair ORDER BY ALL"
        ).fetchall()
    assert found == [("T0", "T1", True), ("T0", "T2", False), ("T1", "T2", False)]
