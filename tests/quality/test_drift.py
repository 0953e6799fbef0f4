"""The profile of a build, the days that are business days, and the rules on both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from expectations import load_rules
from expectations.rules.load_drift import BUSINESS_DAY
from pipelines.quality import run_rules, write_profile
from tests.expectations.cases_drift import FORMER, HOLIDAY, NOW, RUN, updates
from tests.quality.warehouse import create_tables, insert, record, version

MOMENT = datetime(2026, 11, 21, 3, tzinfo=UTC)
RULES = {rule.name: rule for rule in load_rules()}


@pytest.fixture
def build(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(tmp_path / "build.duckdb")) as connection:
        create_tables(connection)
        yield connection


def profiled(build: duckdb.DuckDBPyConnection, run_id: str) -> dict[tuple[str, str], tuple[int, int | None]]:
    rows = build.execute(
        "SELECT table_name, column_name, row_count, null_count FROM quality.profile "
        "WHERE run_id = ? AND registry IS NULL",
        [run_id],
    ).fetchall()
    return {(table, column): (count, nulls) for table, column, count, nulls in rows}


def test_counts_rows_and_nulls_of_core_and_of_versions(build: duckdb.DuckDBPyConnection) -> None:
    insert(build, [record("a", brief_title="A"), record("b"), version()])
    written = write_profile(build, "r1", MOMENT, leave_out={"core.trial"})
    found = profiled(build, "r1")
    assert written > len(found)
    assert found["core.record", ""] == (2, None)
    assert found["core.record", "brief_title"] == (2, 1)
    assert found["core.contact", ""] == (0, None)
    assert found["raw.record_version", "member"] == (1, 1)
    assert found["staging.study", ""] == (0, None)
    assert not {column for table, column in found if table.startswith("staging.")} - {""}
    assert not {table for table, _ in found if table == "core.trial"}


def test_same_run_replaces_its_rows_and_others_stay(build: duckdb.DuckDBPyConnection) -> None:
    write_profile(build, "r1", MOMENT)
    write_profile(build, "r2", MOMENT - timedelta(days=3))  # the clock went back
    insert(build, [record()])
    write_profile(build, "r2", MOMENT - timedelta(days=3))
    assert profiled(build, "r1")["core.record", ""] == (0, None)
    assert profiled(build, "r2")["core.record", ""] == (1, None)
    order = build.execute("SELECT run_id FROM quality.profile GROUP BY ALL ORDER BY max(profiled_at)").fetchall()
    assert order == [("r1",), ("r2",)]


def test_moment_without_zone_is_refused(build: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_profile(build, "r1", MOMENT.replace(tzinfo=None))


def test_loss_between_two_profiles_is_found_by_run_rules(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    insert(build, [record(f"k{number}", brief_title="A title") for number in range(1200)])
    write_profile(build, "r1", MOMENT)
    build.execute("UPDATE core.record SET brief_title = NULL")
    build.execute("DELETE FROM core.record WHERE record_key = 'k7'")
    write_profile(build, "r2", MOMENT + timedelta(hours=1))
    build.close()
    names = ("row_count_reconcile", "null_rate_drift", "null_rate_shift")
    results = run_rules(tmp_path / "build.duckdb", "r2", MOMENT, [RULES[name] for name in names])
    assert [(result.rule, result.rows_failed, result.error) for result in results] == [
        (name, 1, None) for name in names
    ]
    assert "1200 rows in the last published build, 1199 now" in results[0].examples[0].message
    assert "core.record.brief_title" in results[1].examples[0].message


@pytest.mark.parametrize(
    ("day", "is_business_day"),
    [
        ("2026-11-21", False),
        ("2026-11-20", True),
        ("2026-07-03", False),  # Independence Day on a Saturday
        ("2027-07-05", False),  # … on a Sunday
        ("2021-12-31", False),  # New Year's Day 2022 on a Saturday
        ("2026-01-19", False),
        ("2026-02-16", False),
        ("2026-05-25", False),
        ("2026-05-18", True),
        ("2026-06-19", False),
        ("2026-09-07", False),
        ("2026-09-14", True),
        ("2026-10-12", False),
        ("2026-11-26", False),
        ("2026-11-27", True),
        ("2026-12-25", False),
    ],
)
def test_business_days(day: str, is_business_day: bool) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {BUSINESS_DAY} FROM (SELECT ?::DATE AS day)", [day]).fetchall()
    assert found == [(is_business_day,)]


def test_eleven_federal_holidays_a_year() -> None:
    """Each of the eleven falls on, or is kept on, one weekday; New Year's Day may be kept in the year before."""
    with duckdb.connect() as connection:
        days = connection.execute(
            f"SELECT count(*) FROM (SELECT unnest(generate_series(?::DATE, ?::DATE, INTERVAL 1 DAY))::DATE AS day) "
            f"WHERE isodow(day) <= 5 AND NOT {BUSINESS_DAY}",
            [date(2000, 1, 2), date(2028, 1, 1)],
        ).fetchall()
    assert days == [(28 * 11,)]


def test_gap_in_a_delta_is_one_day_and_names_it(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    insert(build, [RUN, *FORMER, *updates("2026-11-09", "2026-11-20", run_id=NOW, but=("2026-11-17", HOLIDAY))])
    build.close()
    (result,) = run_rules(tmp_path / "build.duckdb", NOW, MOMENT, [RULES["delta_weekday"]])
    assert (result.rows_passed, result.rows_failed) == (8, 1)
    assert "2026-11-17" in result.examples[0].message
