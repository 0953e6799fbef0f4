"""Judgements and what violations say, made in one SELECT: from the same look at a row, and for broken rows only."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import Rule, Severity
from expectations.rule import Escalation
from pipelines.quality import RuleResult, judging, run_rules
from pipelines.quality.judgements import VIOLATIONS, violations_in
from pipelines.quality.judging import judge, open_judging, run_sql
from tests.quality.small_rules import small_rule
from tests.quality.warehouse import AS_OF, CHECKED_AT, new_build, query, record

RECORDS = 40


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records with 0 to 39 arms; those of more than 29 started in 2020, the others in 2010."""
    path = tmp_path_factory.mktemp("judgements") / "template.duckdb"
    rows = [
        record(f"CTGOV:NCT{n:08}", version_id=n, arm_count=n, start="2020" if n > 29 else "2010")
        for n in range(RECORDS)
    ]
    return new_build(path, rows)


@pytest.fixture
def build(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "build.duckdb"))


def a_rule(name: str, passes: str, **values: Any) -> Rule:
    """A rule on the arms; those without values of their own share their rows."""
    return small_rule(name, passes, **({"columns": ("arm_count",), "message": "{arm_count} arms."} | values))


FEW = a_rule("few", "arm_count < 10")
FEWER = a_rule("fewer", "arm_count < 5", evaluable="arm_count <> 7")
NONE = a_rule("none", "arm_count < 100")


def judged(build: Path, *rules: Rule) -> tuple[dict[str, RuleResult], list[tuple[Any, ...]]]:
    """Results by rule, and the violations that are stored."""
    results = {result.rule: result for result in run_rules(build, "r1", CHECKED_AT, rules)}
    return results, query(build, "SELECT rule, severity, record_key, value, message FROM quality.violation")


def test_row_that_breaks_several_rules_is_a_violation_of_each(build: Path) -> None:
    results, rows = judged(build, FEW, FEWER, NONE)
    assert Counter(rule for rule, *_ in rows) == {"few": 30, "fewer": 34}
    assert {name: result.rows_failed for name, result in results.items()} == {"few": 30, "fewer": 34, "none": 0}
    assert sorted(row for row in rows if row[2] == "CTGOV:NCT00000012") == [
        ("few", "warn", "CTGOV:NCT00000012", "12", "12 arms."),
        ("fewer", "warn", "CTGOV:NCT00000012", "12", "12 arms."),
    ]
    assert [row for row in rows if row[2] == "CTGOV:NCT00000007"] == []  # not evaluable, and passed


def test_each_row_has_the_severity_that_its_values_give_it(build: Path) -> None:
    graver = Escalation(severity=Severity.ERROR, when="start_earliest >= DATE '2017-01-01'", words="it started late")
    _, rows = judged(build, a_rule("graver", "arm_count < 10", escalation=graver), FEW)
    assert Counter((rule, severity) for rule, severity, *_ in rows) == {
        ("graver", "warn"): 20,
        ("graver", "error"): 10,
        ("few", "warn"): 30,
    }


def test_verdict_and_words_are_of_one_look_at_the_row(build: Path) -> None:
    """Rows that come out otherwise each time they are asked for: a second look would tell of other values."""
    chance = a_rule(
        "chance",
        "chance < 0.5",
        rows="SELECT *, random() AS chance FROM core.record, range(50)",
        columns=("chance",),
        message="{CASE WHEN chance < 0.5 THEN 'passed' ELSE 'failed' END}",
    )
    results, rows = judged(build, chance)
    assert results["chance"].error is None
    assert rows
    assert len(rows) == results["chance"].rows_failed
    assert {message for *_, message in rows} == {"failed"}
    assert min(float(value) for *_, value, _ in rows) >= 0.5


def test_words_are_made_of_broken_rows_only(build: Path) -> None:
    """They may rest on the very thing that is wrong, and cost what judging does not."""
    raises = "{CASE WHEN arm_count < 10 THEN error('asked of a sound row') ELSE 'many' END}"
    results, rows = judged(build, a_rule("careful", "arm_count < 10", message=raises), FEW)
    assert results["careful"].error is None
    assert Counter(rule for rule, *_ in rows) == {"careful": 30, "few": 30}


def test_words_that_raise_take_nothing_from_rules_on_the_same_rows(build: Path) -> None:
    raising = a_rule("raising", "arm_count < 10", message="{CASE WHEN arm_count = 30 THEN error('odd') ELSE '' END}")
    results, rows = judged(build, FEW, raising, FEWER)
    assert "odd" in (results["raising"].error or "")
    assert (results["few"].rows_failed, results["fewer"].rows_failed) == (30, 34)
    assert Counter(rule for rule, *_ in rows) == {"few": 30, "fewer": 34}


@pytest.mark.parametrize("clause", [" LIMIT 29", " UNION ALL SELECT * FROM {0} LIMIT 31"], ids=["lost", "doubled"])
def test_violations_that_disagree_with_the_count_are_an_error(
    build: Path, monkeypatch: pytest.MonkeyPatch, clause: str
) -> None:
    """Then no violation of the rule is kept, as for one that has no result; other rules have theirs."""

    def faulty(judgements: str) -> str:
        select = violations_in(judgements)
        return f"{select}{clause.format(f'({select})')}" if "core_record" in judgements else select

    monkeypatch.setattr(judging, "violations_in", faulty)
    other = a_rule("other", "version_id < 10", table="raw.record_version", rows="SELECT * FROM core.record")
    results, rows = judged(build, FEW, other)
    assert "30 rows failed, but" in (results["few"].error or "")
    assert not results["few"].success
    assert results["other"].rows_failed == 30
    assert Counter(rule for rule, *_ in rows) == {"other": 30}


def test_violations_leave_the_table_of_judgements_for_their_file(build: Path, tmp_path: Path) -> None:
    """In memory stay booleans."""
    folder = tmp_path / "violations"
    folder.mkdir()
    with open_judging(build, None, only={"core.record"}) as connection:
        (table,), errors = judge(connection, [FEW, FEWER], AS_OF, violations=folder)
        columns = [name for name, *_ in run_sql(connection, f'DESCRIBE "{table.name}"')]
    assert errors == {}
    assert columns == ["few", "fewer", "of record"]
    assert VIOLATIONS.strip('"') not in columns
    assert [path.name for path in folder.iterdir()] == [f"{table.name}.parquet"]
    rules = duckdb.execute("SELECT rule FROM read_parquet(?)", [str(folder / "*.parquet")]).fetchall()
    assert rules == [("few",)] * 30 + [("fewer",)] * 34
