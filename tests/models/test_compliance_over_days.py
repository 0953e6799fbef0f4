"""marts.results_compliance against a plain reading of the law, tried on every day that a date can mean.

What the mart says of an interval must be what all its days say together: certain where they agree, else possible.
"""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pytest

from pipelines.tables import SOURCE_TABLES, create_statement
from pipelines.warehouse.models import MODELS_DIR
from pipelines.warehouse.models.header import read_header
from pipelines.warehouse.models.source_text import SourceText

TRIALS = 150
DAY = date(2026, 3, 31)
GRACE = timedelta(days=30)


@dataclass(frozen=True)
class Judged:
    """What the mart says of a trial."""

    status: str
    days_late_min: int | None
    days_late_max: int | None


@dataclass(frozen=True)
class Trial:
    """A trial that FDAAA covers, with its completion as an interval and its results."""

    completed: tuple[date, date]
    submitted: date | None

    def days(self) -> list[date]:
        first, last = self.completed
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def sql_of(model: str) -> str:
    return (MODELS_DIR / f"{model}.sql").read_text(encoding="utf-8")


def columns_of(model: str) -> str:
    """The columns that the header promises, as in CREATE TABLE."""
    path = MODELS_DIR / f"{model}.sql"
    header = read_header(SourceText(path, path.read_text(encoding="utf-8")))
    assert header is not None
    return ", ".join(f"{column.name} {column.duckdb_type}" for column in header.columns.values())


def make_trial(chance: random.Random) -> Trial:
    day = date(2024, 6, 1) + timedelta(days=chance.randrange(720))
    month = (day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))
    completed = month if chance.random() < 0.6 else (day, day)
    submitted = completed[0] + timedelta(days=chance.randrange(300, 460)) if chance.random() < 0.5 else None
    return Trial(completed, submitted if submitted and submitted <= DAY else None)


def a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def on_a_day(completed: date, submitted: date | None) -> str:
    """The status of a trial whose completion is known to the day."""
    due = a_year_later(completed)
    if submitted is not None:
        return "reported_late" if submitted > due else "reported"
    if due >= DAY:
        return "ongoing" if completed > DAY else "not_due"
    return "overdue" if due + GRACE < DAY else "due"


def over_all_days(trial: Trial) -> str:
    """The status that all days together allow to claim."""
    said = {on_a_day(day, trial.submitted) for day in trial.days()}
    if len(said) == 1:
        return said.pop()
    if trial.submitted is not None:
        return "reported_possibly_late"
    if said == {"due", "overdue"}:
        return "due"
    return "not_due" if said == {"ongoing", "not_due"} else "possibly_due"


def late_days(trial: Trial) -> tuple[int, int] | None:
    if over_all_days(trial) in ("ongoing", "not_due"):
        return None
    late = [max(((trial.submitted or DAY) - a_year_later(day)).days, 0) for day in trial.days()]
    return min(late), max(late)


@pytest.fixture(scope="module")
def judged() -> list[tuple[Trial, Judged]]:
    chance = random.Random(20261121)
    trials = [make_trial(chance) for _ in range(TRIALS)]
    with duckdb.connect() as connection:
        for schema in ("core", "marts", "staging"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for name in ("staging.submission", "staging.unposted_event"):
            connection.execute(create_statement(SOURCE_TABLES[name]))
        connection.execute(f"CREATE TABLE core.reporting_law AS {sql_of('core/reporting_law')}")
        connection.execute("CREATE TABLE marts.reference_day AS SELECT ?::DATE AS as_of", [DAY])
        connection.execute(f"CREATE TABLE core.reporting_case ({columns_of('core/reporting_case')})")
        connection.executemany(
            """
            INSERT INTO core.reporting_case BY NAME
            SELECT 'CTGOV' AS registry, true AS is_counted, 'INTERVENTIONAL' AS study_type, 'PHASE3' AS phase,
                true AS is_regulated, ['United States'] AS countries, DATE '2022-01-01' AS start_earliest,
                DATE '2022-01-01' AS start_latest, true AS is_start_certain, true AS is_primary_completion_certain,
                false AS is_completion_certain, $1 AS version_id, 'trial ' || $1 AS record_key,
                'trial ' || $1 AS unit_id, $2::DATE AS primary_completion_earliest,
                $3::DATE AS primary_completion_latest, $4::DATE IS NOT NULL AS has_results,
                $4::DATE AS results_submitted_earliest, $4::DATE AS results_submitted_latest
            """,
            [(number, *trial.completed, trial.submitted) for number, trial in enumerate(trials)],
        )
        made = connection.execute(
            f"SELECT record_key, status, days_late_min, days_late_max FROM ({sql_of('marts/results_compliance')})"
            " WHERE law = 'FDAAA' AND duty = 'results'"
        ).fetchall()
    by_key = {key: Judged(*rest) for key, *rest in made}
    return [(trial, by_key[f"trial {number}"]) for number, trial in enumerate(trials)]


def test_the_status_is_what_every_day_says(judged: list[tuple[Trial, Judged]]) -> None:
    wrong = [(trial, row.status) for trial, row in judged if row.status != over_all_days(trial)]
    assert wrong == []
    assert {row.status for _, row in judged} >= {
        "ongoing", "not_due", "possibly_due", "due", "overdue", "reported", "reported_late", "reported_possibly_late",
    }  # fmt: skip


def test_the_days_late_are_those_of_the_earliest_and_the_latest_day(
    judged: list[tuple[Trial, Judged]],
) -> None:
    for trial, row in judged:
        expected = late_days(trial)
        made = None if row.days_late_min is None else (row.days_late_min, row.days_late_max)
        assert made == expected, trial


def test_the_law_gives_a_due_date_for_every_day() -> None:
    """Calendar months in DuckDB and here agree on all days of five years, leap days too."""
    first = date(2019, 1, 1)
    rows = duckdb.execute(
        "SELECT day::DATE, (day + to_months(12))::DATE FROM range(DATE '2019-01-01', DATE '2024-01-01', INTERVAL 1 DAY)"
        " AS days (day)"
    ).fetchall()
    assert rows[0][0] == first
    assert all(due == a_year_later(day) for day, due in rows)
