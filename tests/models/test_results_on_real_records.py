"""The results views on real records: no number gets lost or doubled, none is invented. They have no tests on the
build, as a view of ten million rows is not run for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.models import load_models, materialise
from tests.staging.build import empty_build, ingest_landing

pytestmark = pytest.mark.slow

MODELS = load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})
VIEWS = {
    "adverse_event": (("serious_event_stat", "other_event_stat"), "event_kind, event_position, position"),
    "outcome_measurement": (
        ("outcome_measure_class_category_measurement",),
        "outcome_position, class_position, category_position, position",
    ),
    "baseline_measurement": (
        ("baseline_measure_class_category_measurement",),
        "measure_position, class_position, category_position, position",
    ),
    "outcome_analysis": (("outcome_measure_analysis",), "outcome_position, position"),
    "participant_flow": (
        ("participant_flow_period_milestone_achievement", "participant_flow_period_drop_withdraw_reason"),
        "period_position, entry_kind, entry_position, position",
    ),
}


@pytest.fixture(scope="module")
def build(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """77 records with results, and the views over them."""
    root = tmp_path_factory.mktemp("results")
    (root / "landing").mkdir()
    shutil.copy(shared_dir / "data" / "ctgov_v2" / "bulk.zip", root / "landing")
    with empty_build(root / "build.duckdb") as connection:
        ingest_landing(connection, root / "landing", root / "home")
        for name in (*VIEWS, "adverse_event_total"):
            materialise(connection, MODELS[f"marts.{name}"])
        yield connection


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize("name", VIEWS)
def test_each_staged_row_is_there_once(build: duckdb.DuckDBPyConnection, name: str) -> None:
    tables, place = VIEWS[name]
    staged = " + ".join(
        f"(SELECT count(*) FROM staging.{table} SEMI JOIN raw.record_version AS version"
        f" ON version.version_id = {table}.version_id AND version.is_current)"
        for table in tables
    )
    rows, distinct, expected = _one(
        build, f"SELECT count(*), count(DISTINCT (record_key, {place})), {staged} FROM marts.{name}"
    )
    assert rows == distinct == expected
    assert isinstance(rows, int)
    assert rows > 300


def test_every_group_has_its_name(build: duckdb.DuckDBPyConnection) -> None:
    for name in ("adverse_event", "baseline_measurement", "participant_flow"):
        assert _one(build, f"SELECT count(*) FROM marts.{name} WHERE group_title IS NULL") == (0,), name


def test_numbers_are_those_of_the_text(build: duckdb.DuckDBPyConnection) -> None:
    """What DuckDB reads as a number without help is read as the same one; nothing else than text or NA stays out."""
    differing = _one(
        build,
        "SELECT count(*) FROM marts.outcome_measurement"
        " WHERE TRY_CAST(value_raw AS DOUBLE) IS DISTINCT FROM value AND NOT contains(value_raw, ',')",
    )
    assert differing == (0,)


def test_p_values_are_probabilities_and_nearly_all_are_read(build: duckdb.DuckDBPyConnection) -> None:
    """2026-11: of 1,387 stated p values of all formats every one is read."""
    stated, read, wrong = _one(
        build,
        "SELECT count(*) FILTER (p_value_state <> 'not_stated'), count(p_value),"
        " count(*) FILTER (p_value NOT BETWEEN 0 AND 1) FROM marts.outcome_analysis",
    )
    assert isinstance(stated, int)
    assert isinstance(read, int)
    assert stated > 0
    assert read / stated > 0.95
    assert wrong == 0


def test_groups_count_no_participant_twice(build: duckdb.DuckDBPyConnection) -> None:
    """A group's total is between its commonest term and the sum over terms, which is what AACT gives as the total."""
    wrong, overcounted = _one(
        build,
        """
        WITH term AS (
            SELECT record_key, group_id, sum(num_affected) AS added, max(num_affected) AS commonest
            FROM marts.adverse_event WHERE event_kind = 'serious' GROUP BY record_key, group_id
        )
        SELECT
            count(*) FILTER (total.num_affected NOT BETWEEN term.commonest AND term.added),
            count(*) FILTER (term.added > total.num_affected)
        FROM marts.adverse_event_total AS total
        JOIN term USING (record_key, group_id)
        WHERE total.event_kind = 'serious'
        """,
    )
    assert wrong == 0
    assert isinstance(overcounted, int)
    assert overcounted > 20
