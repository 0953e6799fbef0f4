"""Results carried over from the published build: the same as judging every record, from a look at a few."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import Reach, Rule, load_rules
from pipelines.quality import RuleResult, Unchanged, carry, run_rules
from pipelines.quality import run as run_module
from pipelines.touched import Touched
from tests.quality.warehouse import CHECKED_AT, core_columns, insert, landing_file, new_build, record, version

RULES = {rule.name: rule for rule in load_rules()}
KEYS = [f"CTGOV:NCT0000000{n}" for n in range(1, 8)]
MODELS = frozenset(core_columns()) - {"core.trial"}
FEW = [
    RULES[name]
    for name in ("start_le_cd", "post_not_future", "enroll_outlier", "orphans", "enum_drift", "staged_keys_unique")
]


@dataclass(frozen=True)
class Step:
    """A published build that has been judged, and the next one, in which two records have other rows."""

    base: Path
    build: Path
    unchanged: Unchanged


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("carry") / "base.duckdb", FEW)


def published(path: Path, rules: list[Rule]) -> Path:
    """Seven records, judged; of two the dates are swapped."""
    rows = [landing_file(records_seen=7, records_accepted=7)]
    for n, key in enumerate(KEYS, start=1):
        swapped = {"start": "2021-06-01", "completion": "2021-05"} if n in (1, 2) else {"start": "2020-01-01"}
        rows += [version(n, key), ("staging.study", {"version_id": n}), record(key, version_id=n, **swapped)]
    new_build(path, rows)
    run_rules(path, "r1", CHECKED_AT, rules)
    return path


@pytest.fixture
def step(template: Path, tmp_path: Path) -> Step:
    return next_step(template, tmp_path)


def next_step(template: Path, tmp_path: Path) -> Step:
    """Record 1 is mended, record 3 now has its dates swapped, was posted in the future and has an unheard-of status."""
    base, build = tmp_path / "base.duckdb", tmp_path / "build.duckdb"
    shutil.copy(template, base)
    shutil.copy(template, build)
    swapped = {"start": "2022-06-01", "completion": "2022-05", "first_posted": "2033-01-01"}
    with duckdb.connect(str(build)) as connection:
        connection.execute(f"DELETE FROM core.record WHERE record_key IN ('{KEYS[0]}', '{KEYS[2]}')")
        connection.execute("UPDATE raw.record_version SET is_current = false WHERE version_id IN (1, 3)")
        insert(
            connection,
            [
                version(8, KEYS[0], version_no=2),
                version(9, KEYS[2], version_no=2),
                ("staging.study", {"version_id": 8}),
                ("staging.study", {"version_id": 9, "overall_status": "NEVER_HEARD_OF"}),
                record(KEYS[0], version_id=8, version_no=2, start="2020-01-01"),
                record(KEYS[2], version_id=9, version_no=2, **swapped),
            ],
        )
        files = tmp_path / "touched_record.parquet", tmp_path / "touched_version.parquet"
        connection.execute(
            f"COPY (SELECT unnest(['{KEYS[0]}', '{KEYS[2]}']) AS record_key) TO '{files[0]}' (FORMAT parquet)"
        )
        connection.execute(f"COPY (SELECT unnest([1, 3, 8, 9]) AS version_id) TO '{files[1]}' (FORMAT parquet)")
    return Step(base, build, Unchanged(Touched(base, *files, 2), MODELS))


def outcome(path: Path) -> tuple[list[Any], list[Any]]:
    """The results of the newest run and all violations."""
    with duckdb.connect(str(path), read_only=True) as connection:
        results = connection.execute(
            "SELECT * EXCLUDE (run_id, checked_at) FROM quality.expectation_result WHERE run_id = 'r2' ORDER BY rule"
        ).fetchall()
        return results, connection.execute("FROM quality.violation ORDER BY ALL").fetchall()


def carried(step: Step, monkeypatch: pytest.MonkeyPatch, rules: list[Rule], at: datetime = CHECKED_AT) -> set[str]:
    """Judge the build; names of the rules for which only the touched records were looked at."""
    seen: set[str] = set()
    before = carry.results_before

    def watched(*arguments: Any) -> Any:
        found = before(*arguments)
        seen.update(found)
        return found

    monkeypatch.setattr(run_module, "results_before", watched)
    run_rules(step.build, "r2", at + timedelta(minutes=5), rules, unchanged=step.unchanged)
    return seen


@pytest.mark.slow
def test_every_rule_gives_what_it_gives_over_all_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = next_step(published(tmp_path / "template.duckdb", list(RULES.values())), tmp_path)
    whole = Path(shutil.copy(step.build, step.build.with_name("whole.duckdb")))
    run_rules(whole, "r2", CHECKED_AT + timedelta(minutes=5))
    seen = carried(step, monkeypatch, list(RULES.values()))
    assert outcome(step.build) == outcome(whole)
    assert len(seen) > 90
    assert {"start_le_cd", "post_not_future", "orphans"} <= seen
    assert not {"enroll_outlier", "records_conserved", "delta_weekday"} & seen


def result_of(results: list[RuleResult], name: str) -> RuleResult:
    return next(result for result in results if result.rule == name)


def test_sum_and_violations_of_one_rule(step: Step) -> None:
    result = result_of(run_rules(step.build, "r2", CHECKED_AT, FEW, unchanged=step.unchanged), "start_le_cd")
    assert (result.rows_failed, result.rows_evaluated) == (2, 2)
    assert {example.record_key for example in result.examples} == {KEYS[1], KEYS[2]}


def test_rule_that_asks_for_the_day_is_judged_whole_on_another_day(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    assert RULES["post_not_future"].needs_day
    assert not RULES["start_le_cd"].needs_day
    seen = carried(step, monkeypatch, FEW, CHECKED_AT + timedelta(days=1))
    assert seen == {"start_le_cd", "orphans", "enum_drift", "staged_keys_unique"}


def test_rule_that_has_changed_is_judged_whole(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(RULES["start_le_cd"], message="{record_key} ends before it starts.")
    assert changed.version != RULES["start_le_cd"].version
    assert carried(step, monkeypatch, [changed, RULES["orphans"]]) == {"orphans"}


def test_rule_on_a_table_that_was_made_anew_is_judged_whole(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    partly = replace(step, unchanged=replace(step.unchanged, models=MODELS - {"core.record"}))
    assert carried(partly, monkeypatch, [RULES["start_le_cd"], RULES["staged_keys_unique"]]) == {"staged_keys_unique"}


def test_rule_without_a_result_before_is_judged_whole(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(step.build)) as connection:
        connection.execute("UPDATE quality.expectation_result SET error = 'broken' WHERE rule = 'start_le_cd'")
    assert "start_le_cd" not in carried(step, monkeypatch, FEW)


def test_table_in_which_something_was_bad_before_is_judged_whole(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its row counts what is bad in the whole table, which a look at few records cannot tell."""
    assert RULES["enum_drift"].reach is Reach.TABLE
    with duckdb.connect(str(step.build)) as connection:
        connection.execute("UPDATE quality.expectation_result SET rows_failed = 1 WHERE rule = 'enum_drift'")
    assert "enum_drift" not in carried(step, monkeypatch, FEW)


def test_results_that_do_not_fit_the_published_build_are_an_error(step: Step) -> None:
    """Somebody else's violations are in the build: the sum cannot be trusted, so there is none."""
    with duckdb.connect(str(step.build)) as connection:
        connection.execute(
            "INSERT INTO quality.violation BY NAME SELECT 'start_le_cd' AS rule, 'error' AS severity, "
            f"'{KEYS[5]}' AS record_key, 'start' AS column_name, '' AS value, '' AS message"
        )
    result = result_of(run_rules(step.build, "r2", CHECKED_AT, FEW, unchanged=step.unchanged), "start_le_cd")
    assert not result.success
    assert "do not fit" in str(result.error)


def test_rule_without_a_result_keeps_no_violation(step: Step) -> None:
    """Not those of the published build either, which nothing vouches for."""
    raising = replace(RULES["start_le_cd"], message="{error('no words')}")
    results = run_rules(step.build, "r2", CHECKED_AT, [raising, RULES["orphans"]], unchanged=step.unchanged)
    assert "no words" in str(result_of(results, "start_le_cd").error)
    assert outcome(step.build)[1] == []
