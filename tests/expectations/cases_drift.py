"""Cases of drift: two builds' profiles, and days on which a registry brought nothing.

AS_OF is Saturday 2026-11-21; 2026-11-11 (Wednesday) is Veterans Day.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.expectations.cases import Cases, failed, passed, unsure
from tests.quality.warehouse import Row, version

BEFORE, NOW = "r0", "r1"


def profile(
    run_id: str, table: str = "core.location", rows: int = 1000, column: str = "", nulls: int | None = None
) -> Row:
    """A row of quality.profile; r0 is the run before r1."""
    return "quality.profile", {
        "run_id": run_id,
        "profiled_at": {BEFORE: "2026-11-20 00:00:00", NOW: "2026-11-21 00:00:00"}[run_id],
        "table_name": table,
        "column_name": column,
        "row_count": rows,
        "null_count": nulls,
    }


def builds(rows_before: int, rows_now: int, table: str = "core.location") -> list[Row]:
    return [profile(BEFORE, table, rows_before), profile(NOW, table, rows_now)]


def columns(before: tuple[int, int], now: tuple[int, int]) -> list[Row]:
    """(rows, nulls) of core.location.city in both builds."""
    return [
        profile(run, rows=rows, column="city", nulls=nulls) for run, (rows, nulls) in ((BEFORE, before), (NOW, now))
    ]


FIRST_COLUMN = profile(NOW, rows=5000, column="city", nulls=5000)


def updates(first: str, last: str, *, run_id: str, but: tuple[str, ...] = (), a_day: int = 50) -> list[Row]:
    """So many versions on each Monday to Friday of a period, except on some days."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    rows = []
    while day <= end:
        if day.isoweekday() <= 5 and day.isoformat() not in but:
            for number in range(a_day):
                identity = day.toordinal() * 1000 + number
                rows.append(version(identity, f"CTGOV:{identity}", registry_updated_on=day, run_id=run_id))
        day += timedelta(days=1)
    return rows


FORMER = updates("2026-11-02", "2026-11-06", run_id=BEFORE)
RUN = profile(NOW, "raw.record_version")
HOLIDAY = "2026-11-11"

CASES: Cases = {
    "row_count_reconcile": [
        passed(*builds(1000, 900)),
        passed(*builds(1000, 9000)),
        passed(*builds(3, 3, "core.record")),
        failed(*builds(1000, 899)),
        failed(*builds(3, 2, "core.record")),
        failed(*builds(250_000, 0)),
        unsure(*builds(999, 1)),
        unsure(profile(NOW, rows=5000)),
    ],
    "null_rate_drift": [
        passed(*columns((1000, 100), (1000, 300))),
        passed(*columns((1000, 0), (3000, 2000))),  # page texts that lack the field: added rows explain it
        passed(*columns((1000, 1000), (1000, 0))),
        failed(*columns((1000, 100), (1000, 301))),
        failed(*columns((1000, 0), (3000, 3000))),  # however many rows were added, the former ones lost it too
        unsure(*columns((20, 0), (30, 30))),
        unsure(FIRST_COLUMN),
    ],
    "null_rate_shift": [
        passed(*columns((1000, 100), (1000, 150))),
        passed(*columns((1000, 0), (3000, 2000))),
        failed(*columns((1000, 100), (1000, 151))),
        failed(*columns((1000, 500), (1010, 0))),
        unsure(*columns((999, 0), (999, 999))),
        unsure(FIRST_COLUMN),
    ],
    "delta_weekday": [
        # Wednesday 11 November is a holiday, the other days are covered; weekends are no business days
        failed(RUN, *FORMER, *updates("2026-11-09", "2026-11-20", run_id=NOW, but=("2026-11-17", HOLIDAY))),
        unsure(RUN, *FORMER, *updates("2026-11-09", "2026-11-20", run_id=NOW, but=("2026-11-17",), a_day=3)),
        passed(RUN, *FORMER, *updates("2026-11-09", "2026-11-20", run_id=NOW, but=(HOLIDAY,))),
        unsure(RUN, *updates("2026-11-02", "2026-11-20", run_id=NOW, but=("2026-11-17",))),
    ],
}
