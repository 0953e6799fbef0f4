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

from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.models import MODELS_DIR, load_models
from pipelines.warehouse.models.cases import Case, facts_of, run_case

MODELS = load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})
MART = MODELS["marts.results_compliance"]
TYPES = {
    **{name: {column.name: column.duckdb_type for column in table.columns} for name, table in SOURCE_TABLES.items()},
    **{name: {column.name: column.duckdb_type for column in model.columns.values()} for name, model in MODELS.items()},
}
TRIALS = 150
DAY = date(2026, 3, 31)
GRACE = timedelta(days=30)


@dataclass(frozen=True)
class Trial:
    """A trial that FDAAA covers, with its completion as an interval and its results."""

    completed: tuple[date, date]
    submitted: date | None

    def days(self) -> list[date]:
        first, last = self.completed
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


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
def judged() -> list[tuple[Trial, dict[str, object]]]:
    chance = random.Random(20261121)
    trials = [make_trial(chance) for _ in range(TRIALS)]
    shared = {
        "registry": "CTGOV",
        "is_counted": True,
        "study_type": "INTERVENTIONAL",
        "phase": "PHASE3",
        "is_regulated": True,
        "countries": ["United States"],
        "start_earliest": date(2022, 1, 1),
        "start_latest": date(2022, 1, 1),
        "is_start_certain": True,
        "is_primary_completion_certain": True,
        "is_completion_certain": False,
    }
    rows: list[dict[str, object]] = [
        {
            **shared,
            "record_key": f"trial {number:03}",
            "unit_id": f"trial {number:03}",
            "version_id": number,
            "primary_completion_earliest": trial.completed[0],
            "primary_completion_latest": trial.completed[1],
            "has_results": trial.submitted is not None,
            "results_submitted_earliest": trial.submitted,
            "results_submitted_latest": trial.submitted,
        }
        for number, trial in enumerate(trials)
    ]
    given: dict[str, list[dict[str, object]]] = {"marts.reference_day": [{"as_of": DAY}], "core.reporting_case": rows}
    columns: dict[str, object] = dict.fromkeys(("record_key", "status", "days_late_min", "days_late_max"))
    only = {"law": "FDAAA", "duty": "results"}
    made = run_case(MART, Case("over days", MODELS_DIR, given, [columns], only), TYPES, facts_of(MODELS)).made
    by_key = {row["record_key"]: row for row in made}
    return [(trial, by_key[f"trial {number:03}"]) for number, trial in enumerate(trials)]


def test_the_status_is_what_every_day_says(judged: list[tuple[Trial, dict[str, object]]]) -> None:
    wrong = [(trial, row["status"]) for trial, row in judged if row["status"] != over_all_days(trial)]
    assert wrong == []
    assert {row["status"] for _, row in judged} >= {
        "ongoing", "not_due", "possibly_due", "due", "overdue", "reported", "reported_late", "reported_possibly_late",
    }  # fmt: skip


def test_the_days_late_are_those_of_the_earliest_and_the_latest_day(
    judged: list[tuple[Trial, dict[str, object]]],
) -> None:
    for trial, row in judged:
        expected = late_days(trial)
        made = None if row["days_late_min"] is None else (row["days_late_min"], row["days_late_max"])
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
