"""Drift over a realistic series of loads: silence through weekends, holidays, bulk and new formats; then real breaks.

A registry of 2,400 studies is downloaded, then fetched daily for four weeks, with a quiet day, a weekend fetch, a
federal holiday, a bulk download, the arrival of page texts and of a sparse export of another registry. Each load
goes through the real readers and models, and each build is compared with the one before.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import orjson
import pytest

from pipelines.quality import run_rules, write_profile
from pipelines.sample import write_sample
from pipelines.sample.study import build_study
from tests.quality.series import DRIFT, Registry, Study

pytestmark = pytest.mark.slow

FIRST_DAY = date(2026, 8, 28)  # a Friday; Labor Day is 7 September
HOLIDAY = date(2026, 9, 7)
A_DAY = 56


def business_days(first: date, count: int, step: int = 1) -> list[date]:
    """So many Mondays to Fridays but the holiday, beginning with `first`, forwards or backwards."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if day.isoweekday() <= 5 and day != HOLIDAY:
            days.append(day)
        day += timedelta(days=step)
    return days


def study(number: int, updated_on: date) -> Study:
    """Synthetic study `number`, last updated on a day."""
    made: Study = json.loads(orjson.dumps(build_study(7, number, "2026-08-28")))
    made["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = updated_on.isoformat()
    return made


def daily(numbers: Iterator[int], known: int, day: date, count: int = A_DAY) -> list[Study]:
    """What the registry posted on a day: two thirds updates of known studies, the rest new ones."""
    updated = [study((day.toordinal() * 97 + step * 31) % known, day) for step in range(count * 2 // 3)]
    unique = {item["protocolSection"]["identificationModule"]["nctId"]: item for item in updated}
    return [*unique.values(), *(study(next(numbers), day) for _ in range(count - len(unique)))]


def without(path: str) -> Callable[[Study], Study]:
    """The study without a field: what a registry does that renames it."""

    def drop(item: Study) -> Study:
        *parents, last = path.split(".")
        place = item
        for name in parents:
            place = place.get(name, {})
        place.pop(last, None)
        return item

    return drop


def sparse_export(build: duckdb.DuckDBPyConnection) -> None:
    """3,000 records of another registry and format with hardly any field, as an export of the WHO portal has them."""
    build.execute(
        "INSERT INTO raw.record_version BY NAME SELECT 900000000 + n AS version_id, "
        "'CHICTR:ChiCTR' || n AS record_key, 1 AS version_no, 'own_id' AS key_basis, 'CHICTR' AS registry, "
        "'ictrp_csv' AS source_format, '0' AS "
        "record_sha256, '0' AS raw_sha256, 900 AS record_bytes, 'f' AS file_id, now()::TIMESTAMP AS loaded_at, "
        "(SELECT max(run_id) FROM raw.record_version) AS run_id, TRUE AS is_current FROM range(3000) AS numbers(n)"
    )
    build.execute(
        "INSERT INTO staging.study BY NAME SELECT 900000000 + n AS version_id, 'A study' AS brief_title, "
        "'RECRUITING' AS overall_status FROM range(3000) AS numbers(n)"
    )
    build.execute(
        "INSERT INTO core.record BY NAME SELECT record_key, version_id, registry, source_format, key_basis, "
        "record_key AS trial_id, 'A study' AS brief_title, 1 AS version_no FROM raw.record_version "
        "WHERE registry = 'CHICTR'"
    )


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> tuple[Registry, Iterator[int], date]:
    """Four weeks without a fault: every load is silent. Ends on a Thursday evening with a published build."""
    registry = Registry(tmp_path_factory.mktemp("series"))
    numbers = iter(range(2400, 10_000))
    past = business_days(FIRST_DAY, 43, step=-1)
    registry.put("bulk", [study(number, past[number % len(past)]) for number in range(2400)])
    said: dict[str, dict[str, list[str]]] = {f"{FIRST_DAY} first load": registry.run(FIRST_DAY)}
    day, posted = FIRST_DAY, list[Study]()
    while day < date(2026, 9, 24):
        day += timedelta(days=1)
        note = f"{day:%a}"
        if day.isoweekday() <= 5 and day != HOLIDAY:
            posted += daily(
                numbers, 2400, day, 14 if day == date(2026, 9, 4) else A_DAY
            )  # the day before Labor Day weekend
        if day.isoweekday() == 6 and day != date(2026, 9, 12):
            continue  # nobody fetches on a Saturday, but for once, and then nothing is new on Sunday
        if day == date(2026, 9, 15):
            note += " bulk"
            posted += [study(number, date(2026, 9, 14)) for number in range(0, 2400, 3)]
        if day == date(2026, 9, 17):
            note += " pages"
            pages = registry.settings.landing_dir / "pages"
            write_sample(150, pages, seed=9, formats=("page_text",), defects=False, snapshot="2026-09-01")
        if day == date(2026, 9, 22):
            note += " no fetch"
            continue
        if posted:
            registry.put(f"fetched-{day}", posted)
        posted = []
        said[f"{day} {note}"] = registry.run(day)
    assert len(said) >= 20
    assert {when: found for when, found in said.items() if found} == {}
    return registry, numbers, day


def test_the_series_is_judged_and_not_only_unjudged(series: tuple[Registry, Iterator[int], date]) -> None:
    registry, numbers, day = series
    following = business_days(day + timedelta(days=1), 2)
    registry.put("judged", [item for when in following for item in daily(numbers, 2400, when)])
    assert registry.tried(following[-1]) == {}
    (registry.settings.landing_dir / "judged.ndjson").unlink()
    assert registry.judged == {rule.name for rule in DRIFT}


def test_a_sparse_export_of_another_registry_is_no_drift(series: tuple[Registry, Iterator[int], date]) -> None:
    registry, _, day = series
    assert registry.tried(day + timedelta(days=1), sparse_export) == {}


def breaking(
    series: tuple[Registry, Iterator[int], date],
    spoil: Callable[[Study], Study],
    drop_day: int | None = None,
    keep: int = 0,
) -> dict[str, list[str]]:
    """What is said of a load of three business days that is spoilt; of `drop_day` only `keep` studies arrive."""
    registry, numbers, day = series
    following = business_days(day + timedelta(days=1), 3)
    posted = [daily(numbers, 2400, when) for when in following]
    if drop_day is not None:
        posted[drop_day] = posted[drop_day][:keep]
    registry.put("broken", [spoil(item) for group in posted for item in group])
    try:
        return registry.tried(following[-1])
    finally:
        (registry.settings.landing_dir / "broken.ndjson").unlink()


def unspoilt(item: Study) -> Study:
    return item


def test_a_day_that_was_not_fetched(series: tuple[Registry, Iterator[int], date]) -> None:
    found = breaking(series, unspoilt, drop_day=1)
    assert set(found) == {"delta_weekday"}
    assert "2026-09-28" in found["delta_weekday"][0]


def test_a_day_that_was_fetched_in_part(series: tuple[Registry, Iterator[int], date]) -> None:
    found = breaking(series, unspoilt, drop_day=1, keep=6)
    assert set(found) == {"delta_volume"}
    assert found["delta_volume"][0].startswith("6 ")


def test_a_field_that_the_registry_renamed(series: tuple[Registry, Iterator[int], date]) -> None:
    """The build's own rates hardly move: 168 of 4,000 records; the load's fall to nothing."""
    found = breaking(series, without("protocolSection.identificationModule.officialTitle"))
    assert set(found) == {"load_null_shift"}
    assert "staging.study.official_title" in found["load_null_shift"][0]


def test_a_part_that_is_no_longer_there(series: tuple[Registry, Iterator[int], date]) -> None:
    found = breaking(series, without("protocolSection.outcomesModule"))
    assert set(found) == {"load_volume_shift"}
    assert any("staging.primary_outcome" in message for message in found["load_volume_shift"])


def test_records_that_the_reader_refuses(series: tuple[Registry, Iterator[int], date]) -> None:
    def number_for_text(item: Study) -> Study:
        if item["protocolSection"]["identificationModule"]["nctId"][-1] in "05":
            item["protocolSection"]["identificationModule"]["briefTitle"] = 5
        return item

    assert set(breaking(series, number_for_text)) == {"load_quarantine_shift"}


def test_a_model_that_lost_a_column(series: tuple[Registry, Iterator[int], date]) -> None:
    registry, _, day = series

    def broken_model(build: duckdb.DuckDBPyConnection) -> None:
        build.execute("UPDATE core.record SET enrollment = NULL WHERE hash(record_key) % 4 = 0")

    found = registry.tried(day + timedelta(days=1), broken_model)
    assert set(found) == {"null_rate_drift", "null_rate_shift"}
    assert "core.record.enrollment of CTGOV, ctgov_v2" in found["null_rate_drift"][0]


def test_a_model_that_lost_rows(series: tuple[Registry, Iterator[int], date]) -> None:
    registry, _, day = series

    def broken_model(build: duckdb.DuckDBPyConnection) -> None:
        build.execute("DELETE FROM core.location WHERE position > 1")
        build.execute("DELETE FROM core.record WHERE record_key = (SELECT min(record_key) FROM core.record)")
        build.execute("DELETE FROM staging.keyword WHERE position = 3")

    found = registry.tried(day + timedelta(days=1), broken_model)
    lost = " ".join(found["row_count_reconcile"])
    assert all(name in lost for name in ("core.location:", "core.record:", "staging.keyword:"))


def test_the_gates_are_those_that_great_expectations_reports(
    series: tuple[Registry, Iterator[int], date], tmp_path: Path
) -> None:
    registry, _, day = series
    copy = Path(shutil.copy(registry.path, tmp_path / "copy.duckdb"))
    with duckdb.connect(str(copy)) as build:
        build.execute("UPDATE core.record SET enrollment = NULL")
        write_profile(build, "broken", datetime.combine(day, time(23, 30), UTC))
    results = {
        result.rule: result for result in run_rules(copy, "broken", datetime.combine(day, time(23, 40), UTC), DRIFT)
    }
    assert {name for name, result in results.items() if not result.success} == {"null_rate_drift", "null_rate_shift"}
    assert not [result.error for result in results.values() if result.error]
