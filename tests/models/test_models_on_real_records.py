"""The models on real registry records: every test of every model holds, and building again changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.identity import assign_trials
from pipelines.landing.catalogue import archive_file, scan
from pipelines.settings import Settings
from pipelines.staging.ingest import ingest
from pipelines.tables import SOURCE_TABLES, create_statement
from pipelines.warehouse.models import Model, load_models, materialise, run_model_tests

MODELS = load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})
OWN = {name: model for name, model in MODELS.items() if model.schema != "aact"}
"""All but AACT's views, which have no tests in their headers and only rename what is staged."""
FILES = ("data/ctgov_v2/bulk.zip", "seeds/*.txt")


@pytest.fixture(scope="module")
def build(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build of two kinds of raw files with all models made."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    settings.landing_dir.mkdir()
    for pattern in FILES:
        for path in shared_dir.glob(pattern):
            shutil.copy(path, settings.landing_dir)
    with duckdb.connect() as connection:
        for schema in sorted({table.schema for table in SOURCE_TABLES.values()}):
            connection.execute(f"CREATE SCHEMA {schema}")
        for table in SOURCE_TABLES.values():
            connection.execute(create_statement(table))
        files = [archive_file(file, settings.archive_dir) for file in scan(settings.landing_dir).files]
        loaded_at = datetime(2026, 11, 21, 4)  # noqa: DTZ001 (the tables hold UTC without a zone)
        ingest(connection, files, settings=settings, work_dir=settings.work_dir, run_id="test", loaded_at=loaded_at)
        for model in MODELS.values():
            materialise(connection, model)
            if model.full_name == "core.link_candidate":
                assign_trials(connection, [], "test", loaded_at.replace(tzinfo=UTC))
        yield connection


@pytest.mark.parametrize("model", OWN.values(), ids=OWN)
def test_its_tests_hold(build: duckdb.DuckDBPyConnection, model: Model) -> None:
    failed = [
        (result.test.name, result.rows_failed, result.error, result.examples)
        for result in run_model_tests(build, model)
        if not result.success
    ]
    assert failed == []


@pytest.mark.parametrize("model", OWN.values(), ids=OWN)
def test_the_same_input_gives_the_same_rows(build: duckdb.DuckDBPyConnection, model: Model) -> None:
    build.execute(f"CREATE OR REPLACE TEMP TABLE again AS {model.sql}")
    for first, second in ((model.relation, "temp.again"), ("temp.again", model.relation)):
        changed = build.execute(f"SELECT count(*) FROM (FROM {first} EXCEPT ALL FROM {second})").fetchall()
        assert changed == [(0,)]


def test_rows_of_aact_s_views_have_numbers_of_their_own(build: duckdb.DuckDBPyConnection) -> None:
    views = [model for model in MODELS.values() if model.schema == "aact" and "id" in model.columns]
    selects = [
        f"SELECT '{view.name}', count(*) > count(DISTINCT id), max(id) >= {2**53} FROM {view.relation}"
        for view in views
    ]
    wrong = [row for row in build.execute(" UNION ALL ".join(selects)).fetchall() if row[1] or row[2]]
    assert wrong == []


def test_nearly_all_criteria_find_their_heading(build: duckdb.DuckDBPyConnection) -> None:
    """Of 663 texts 647 name inclusion and exclusion (2026-11); of 11,500 rows 19 break their numbering."""
    both, records = build.execute(
        """
        SELECT count(*) FILTER (WHERE has_inclusion AND has_exclusion), count(*)
        FROM (
            SELECT
                record_key,
                bool_or(kind = 'inclusion') AS has_inclusion,
                bool_or(kind = 'exclusion') AS has_exclusion
            FROM core.criterion WHERE ground = 'split' GROUP BY record_key
        )
        """
    ).fetchall()[0]
    assert both / records > 0.95
    damaged, rows = build.execute(
        "SELECT count(*) FILTER (WHERE is_damaged), count(*) FROM core.criterion WHERE ground = 'split'"
    ).fetchall()[0]
    assert damaged / rows < 0.01


def test_no_word_of_the_criteria_is_lost(build: duckdb.DuckDBPyConnection) -> None:
    """Every letter and digit of a text is in the rows, their labels or their headings."""
    lost = build.execute(
        r"""
        WITH split AS (
            SELECT
                record_key,
                sum(length(regexp_replace(coalesce(label, '') || text, '[^\pL\pN]', '', 'g'))) AS characters
            FROM core.criterion WHERE ground = 'split' GROUP BY record_key
        ), heading AS (
            SELECT record_key, sum(length(regexp_replace(line, '[^\pL\pN]', '', 'g'))) AS characters
            FROM (
                SELECT record_key, unnest(string_split(eligibility_criteria, chr(10))) AS line FROM core.record
            )
            WHERE regexp_matches(
                line, '(?i)clusion|exclude|ineligible|disqualified|not (be )?(eligible|included|enrolled)'
            )
            GROUP BY record_key
        )
        SELECT record.record_key
        FROM core.record AS record
        JOIN split USING (record_key)
        LEFT JOIN heading USING (record_key)
        WHERE length(regexp_replace(record.eligibility_criteria, '[^\pL\pN]', '', 'g'))
            NOT BETWEEN split.characters AND split.characters + coalesce(heading.characters, 0)
        """
    ).fetchall()
    assert lost == []
