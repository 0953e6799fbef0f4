"""Cases of drift: two builds' profiles, and days on which a registry brought nothing.

AS_OF is Saturday 2026-11-21; 2026-11-11 (Wednesday) is Veterans Day.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.expectations.cases import Cases, failed, passed, unsure
from tests.quality.warehouse import Row, landing_file, version

BEFORE, NOW = "r0", "r1"


def profile(
    run_id: str,
    table: str = "core.location",
    rows: int = 1000,
    column: str = "",
    nulls: int | None = None,
    source_format: str | None = None,
) -> Row:
    """A row of quality.profile; r0 is the run before r1. With a format it is of that format's records alone."""
    return "quality.profile", {
        "run_id": run_id,
        "profiled_at": {BEFORE: "2026-11-20 00:00:00", NOW: "2026-11-21 00:00:00"}[run_id],
        "table_name": table,
        "column_name": column,
        "row_count": rows,
        "null_count": nulls,
        "registry": source_format and "CTGOV",
        "source_format": source_format,
    }


def builds(rows_before: int, rows_now: int, table: str = "core.location") -> list[Row]:
    return [profile(BEFORE, table, rows_before), profile(NOW, table, rows_now)]


def columns(
    before: tuple[int, int], now: tuple[int, int], *, table: str = "core.record", source_format: str = "ctgov_v2"
) -> list[Row]:
    """(rows, nulls) of a column in both builds, of one format's records."""
    return [
        profile(run, table, rows, "acronym", nulls, source_format)
        for run, (rows, nulls) in ((BEFORE, before), (NOW, now))
    ]


def places(before: tuple[int, int], now: tuple[int, int]) -> list[Row]:
    return columns(before, now, table="core.location")


READ_AFRESH = landing_file("f", read_afresh_run_id=NOW)
FIRST_COLUMN = profile(NOW, "core.record", 5000, "acronym", 5000, "ctgov_v2")


def corrected(share_of_ten: int) -> list[Row]:
    """Ten records that were there, so many of which got a new version in this run."""
    rows = [profile(BEFORE, "core.record", 10), profile(NOW, "core.record", 10)]
    for number in range(10):
        rows.append(version(number, f"CTGOV:{number}", run_id=BEFORE))
        if number < share_of_ten:
            rows.append(version(100 + number, f"CTGOV:{number}", run_id=NOW))
    return rows


def load(run_id: str, *, versions: int, table: str = "staging.study", having: int = 0, **filled: int) -> list[Row]:
    """What a run brought: versions, and of a staged table the versions with rows (one row each) and filled columns."""

    def row(name: str, column: str, rows: int, count: int) -> Row:
        return "quality.load_profile", {
            "run_id": run_id,
            "profiled_at": "2026-11-21 00:00:00",
            "registry": "CTGOV",
            "source_format": "ctgov_v2",
            "table_name": name,
            "column_name": column,
            "row_count": rows,
            "version_count": rows,
            "filled_count": count,
        }

    rows = [RUN] if run_id == NOW else []
    rows.append(row("raw.record_version", "", versions, versions))
    rows += [row(table, "", having, having)] if having else []
    return rows + [row(table, column, having, count) for column, count in filled.items()]


def files(run_id: str, seen: int, quarantined: int) -> Row:
    return landing_file(
        f"f_{run_id}",
        run_id=run_id,
        registry="CTGOV",
        format="ctgov_v2",
        records_seen=seen,
        records_accepted=seen - quarantined,
        records_quarantined=quarantined,
    )


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


def days(day: str, updates_of_day: int) -> list[Row]:
    """So many updates of one day, brought by this run."""
    return updates(day, day, run_id=NOW, a_day=updates_of_day)


ON_SATURDAY = [version(1, "CTGOV:1", registry_updated_on="2026-11-21", run_id=NOW)]


def covered_but(day: str) -> list[Row]:
    """Two weeks brought by this run, except one day."""
    return updates("2026-11-09", "2026-11-20", run_id=NOW, but=(day, HOLIDAY))


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
        passed(*builds(1000, 1, "marts.sponsor_portfolio"), *builds(9, 9, "staging.study")),
        failed(*builds(100, 99, "staging.outcome_measure")),
        failed(*builds(100, 99, "raw.record_version")),
        passed(*corrected(4), *builds(1000, 500)),  # contacts of studies that closed
        failed(*corrected(4), *builds(1000, 499)),
        failed(*corrected(10), *builds(1000, 99)),  # emptied, whatever was corrected
        unsure(*builds(999, 1)),
        unsure(profile(NOW, rows=5000)),
        # everything was read once more, by readers that make fewer rows of it
        passed(READ_AFRESH, *builds(1000, 900, "staging.outcome_measure")),
        failed(READ_AFRESH, *builds(1000, 899, "staging.outcome_measure")),
        unsure(READ_AFRESH, *builds(100, 99, "raw.record_version")),
    ],
    "null_rate_drift": [
        passed(*columns((1000, 100), (1000, 300))),
        passed(*columns((1000, 0), (3000, 2000))),  # page texts that lack the field: added rows explain it
        passed(*columns((1000, 1000), (1000, 0))),
        failed(*columns((1000, 100), (1000, 301))),
        failed(*columns((1000, 0), (3000, 3000))),  # however many rows were added, the former ones lost it too
        failed(*columns((100, 0), (100, 100))),
        passed(*places((1000, 100), (1000, 600))),  # sites of closed studies lose their status
        failed(*places((1000, 100), (1000, 601))),
        # a sparse format arrives and takes over records of the rich one
        passed(*columns((1000, 0), (500, 0))),
        unsure(*columns((99, 0), (300, 300))),
        unsure(*places((999, 0), (999, 999))),
        unsure(FIRST_COLUMN),
    ],
    "null_rate_shift": [
        passed(*columns((1000, 100), (1000, 150))),
        passed(*columns((1000, 0), (3000, 2000))),
        failed(*columns((1000, 100), (1000, 151))),
        failed(*columns((1000, 500), (1010, 0))),
        passed(*places((1000, 100), (1000, 300))),
        failed(*places((1000, 100), (1000, 301))),
        unsure(*columns((999, 0), (999, 999))),
        unsure(FIRST_COLUMN),
    ],
    "load_null_shift": [
        passed(
            *load(BEFORE, versions=1000, having=1000, acronym=500), *load(NOW, versions=100, having=100, acronym=10)
        ),
        failed(*load(BEFORE, versions=1000, having=1000, acronym=500), *load(NOW, versions=100, having=100, acronym=9)),
        unsure(*load(BEFORE, versions=1000, having=1000, acronym=299), *load(NOW, versions=100, having=100, acronym=0)),
        unsure(*load(BEFORE, versions=1000, having=1000, acronym=500), *load(NOW, versions=99, having=99, acronym=0)),
        unsure(*load(NOW, versions=5000, having=5000, acronym=0)),
    ],
    "load_volume_shift": [
        passed(*load(BEFORE, versions=1000, having=900), *load(NOW, versions=100, having=19)),
        failed(*load(BEFORE, versions=1000, having=900), *load(NOW, versions=100, having=17)),
        failed(*load(BEFORE, versions=1000, having=900), *load(NOW, versions=100)),
        unsure(*load(BEFORE, versions=1000, having=100), *load(NOW, versions=100)),
        unsure(*load(NOW, versions=100, having=1)),
        unsure(*load(BEFORE, versions=99, having=99), *load(NOW, versions=5000)),
    ],
    "load_quarantine_shift": [
        passed(RUN, files(BEFORE, 1000, 10), files(NOW, 100, 6)),
        failed(RUN, files(BEFORE, 1000, 10), files(NOW, 100, 7)),
        unsure(RUN, files(NOW, 100, 100)),
        unsure(RUN, files(BEFORE, 1000, 0), files(NOW, 20, 20)),
    ],
    "delta_weekday": [
        # Wednesday 11 November is a holiday, the other days are covered; weekends are no business days
        failed(RUN, *FORMER, *updates("2026-11-09", "2026-11-20", run_id=NOW, but=("2026-11-17", HOLIDAY))),
        unsure(RUN, *FORMER, *updates("2026-11-09", "2026-11-20", run_id=NOW, but=("2026-11-17",), a_day=3)),
        passed(RUN, *FORMER, *updates("2026-11-09", "2026-11-20", run_id=NOW, but=(HOLIDAY,))),
        unsure(RUN, *updates("2026-11-02", "2026-11-20", run_id=NOW, but=("2026-11-17",))),
    ],
    "delta_volume": [
        passed(RUN, *FORMER, *covered_but(HOLIDAY), *ON_SATURDAY),
        failed(RUN, *FORMER, *covered_but("2026-11-17"), *days("2026-11-17", 9)),
        failed(RUN, *FORMER, *covered_but("2026-11-17"), *days("2026-11-17", 501)),
        unsure(RUN, *updates("2026-11-02", "2026-11-19", run_id=NOW), *days("2026-11-20", 1)),
        unsure(RUN, *FORMER, *days("2026-11-09", 1)),  # the newest day may not be over
    ],
}
