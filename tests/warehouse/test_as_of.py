"""The core tables as of a day: by the registry's time, and by ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import orjson
import pytest

from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.as_of import as_of_models, create_as_of_macros
from pipelines.warehouse.models import load_models, materialise
from tests.history.test_compare import arrive, base_study, dated
from tests.staging.build import LOADED_AT, empty_build, ingest_landing

MODELS = load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})
AS_OF = as_of_models(MODELS)
DAYS = ("2024-01-10", "2025-02-20", "2026-03-30")


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Three versions of one study; the oldest was read a year after the others."""
    root = tmp_path_factory.mktemp("as-of")
    studies = []
    for number, day in enumerate(DAYS):
        study = dated(base_study(), day)
        study["protocolSection"]["identificationModule"]["briefTitle"] = f"Title {number}"
        study["protocolSection"]["conditionsModule"]["conditions"] = [f"Condition {number}"]
        studies.append(study)
    with empty_build(root / "build.duckdb") as connection:
        arrive(connection, root, *studies[1:])
        late = root / "late"
        late.mkdir()
        (late / "old.json").write_bytes(orjson.dumps(studies[0]))
        ingest_landing(connection, late, root / "home", run_id="late", loaded_at=LOADED_AT + timedelta(days=365))
        shutil.rmtree(late)
        for model in MODELS.values():
            if model.schema == "core":
                materialise(connection, model)
        connection.execute(
            "INSERT INTO core.trial_assignment BY NAME SELECT record_key, 'TRIAL:' || record_key AS trial_id, "
            "now()::TIMESTAMP AS assigned_at, 'test' AS run_id FROM raw.record_version WHERE is_current"
        )
        for name in ("core.trial_member", "core.record"):
            materialise(connection, MODELS[name])
        create_as_of_macros(connection, MODELS)
        yield connection


def titles(build: duckdb.DuckDBPyConnection, call: str) -> list[str]:
    return [row[0] for row in build.execute(f"SELECT brief_title FROM core_at.record({call})").fetchall()]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-01-09", []),
        ("2024-01-10", ["Title 0"]),
        ("2025-02-19", ["Title 0"]),
        ("2025-02-20", ["Title 1"]),
        ("2030-01-01", ["Title 2"]),
    ],
    ids=["before it was registered", "on the day", "the day before the next", "the next", "long after"],
)
def test_the_registry_s_time(build: duckdb.DuckDBPyConnection, day: str, expected: list[str]) -> None:
    assert titles(build, f"DATE '{day}'") == expected


def test_what_was_not_read_yet_was_not_known(build: duckdb.DuckDBPyConnection) -> None:
    """A backfill tells what the registry said then, not what this warehouse knew then."""
    known_at = datetime.fromisoformat(LOADED_AT.isoformat()) + timedelta(days=10)
    moment = f"known_at := TIMESTAMP '{known_at:%Y-%m-%d %H:%M:%S}'"
    assert titles(build, f"DATE '2024-06-30', {moment}") == []
    assert titles(build, "DATE '2024-06-30'") == ["Title 0"]
    assert titles(build, f"DATE '2025-06-30', {moment}") == ["Title 1"]


def test_a_version_without_a_date_counts_from_the_day_it_was_read(build: duckdb.DuckDBPyConnection) -> None:
    """A trial of 2020 that came in a copy without a date was among the records of 2010."""
    build.execute("BEGIN")
    build.execute("UPDATE raw.record_version SET valid_from = NULL WHERE version_no = 3")
    build.execute("DELETE FROM raw.record_version WHERE version_no < 3")
    day_before = LOADED_AT.date() - timedelta(days=1)
    try:
        assert titles(build, "DATE '2010-06-30'") == []
        assert titles(build, f"DATE '{day_before}'") == []
        assert titles(build, f"DATE '{LOADED_AT.date()}'") == ["Title 2"]
    finally:
        build.execute("ROLLBACK")


def test_child_tables_go_with_the_record(build: duckdb.DuckDBPyConnection) -> None:
    rows = build.execute("SELECT condition FROM core_at.condition(DATE '2025-06-30')").fetchall()
    assert rows == [("Condition 1",)]


@pytest.mark.parametrize("name", AS_OF)
def test_as_of_a_far_day_is_the_core_table(build: duckdb.DuckDBPyConnection, name: str) -> None:
    now, then = name, f"core_at.{AS_OF[name].name}(DATE '9999-12-31')"
    for one, other in ((now, then), (then, now)):
        assert build.execute(f"SELECT count(*) FROM (FROM {one} EXCEPT ALL FROM {other})").fetchone() == (0,)


def test_a_mart_judges_on_the_day_asked_for(build: duckdb.DuckDBPyConnection) -> None:
    """On the day of the data it is the mart; earlier, results of later are not there yet, and laws neither."""
    for name in ("marts.reference_day", "marts.results_compliance"):
        materialise(build, MODELS[name])
    now, then = "marts.results_compliance", "marts_at.results_compliance((SELECT as_of FROM marts.reference_day))"
    for one, other in ((now, then), (then, now)):
        assert build.execute(f"SELECT count(*) FROM (FROM {one} EXCEPT ALL FROM {other})").fetchone() == (0,)
    days = "SELECT DISTINCT day::VARCHAR FROM marts_at.results_compliance('2024-06-30')"
    assert build.execute(days).fetchall() == [("2024-06-30",)]
    assert build.execute("FROM marts_at.results_compliance(DATE '2014-01-01')").fetchall() == []


def test_a_mart_judges_by_what_records_said_then(build: duckdb.DuckDBPyConnection) -> None:
    """The second argument chooses the versions: before the first one there is nothing to judge."""
    count = "SELECT count(*) > 0 FROM marts_at.results_compliance(DATE '2024-06-30', as_of := DATE '{}')"
    assert build.execute(count.format("2024-01-09")).fetchone() == (False,)
    assert build.execute(count.format("2024-01-10")).fetchone() == (True,)


def test_every_table_of_records_has_its_macro() -> None:
    children = (
        "record condition intervention arm_group sponsor official contact location country outcome reference link"
    )
    assert {f"core.{name}" for name in f"{children} criterion relation field_state identifier".split()} <= AS_OF.keys()
