"""Rules over a build: counts, violations, history, and rules that cannot run."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import Rule, Severity, load_rules, rules_markdown
from expectations.catalogue import TOPICS
from pipelines.orchestration.quality_assets import make_rule_checks
from pipelines.quality import RuleResult, gate_failures, missing_rules, run_rules
from pipelines.quality.data_docs import build_data_docs
from pipelines.quality.gx_runner import suite_of
from pipelines.quality.judging import Judged
from tests.quality.small_rules import small_rule
from tests.quality.warehouse import CHECKED_AT, PAGE, landing_file, new_build, query, record, version

RULES = {rule.name: rule for rule in load_rules()}
NASTY = 'it\'s "quoted"; DROP TABLE core.record; --\nnewline {brace} $as_of %s :name'


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with four records: fine, with swapped dates, imprecise, and a page that lost most of its fields."""
    path = tmp_path_factory.mktemp("build") / "template.duckdb"
    keys = [f"CTGOV:NCT0000000{n}" for n in (1, 2, 3)] + ["EUDRACT:2031-009876-54"]
    rows = [
        landing_file(records_seen=4, records_accepted=4),
        *(version(n, key) for n, key in enumerate(keys, start=1)),
        *(("staging.study", {"version_id": n}) for n in (1, 2, 3, 4)),
        record(keys[0], version_id=1, start="2020-01-01", completion="2021-01-01", brief_title="Fine"),
        record(keys[1], version_id=2, start="2021-06-01", completion="2021-05", brief_title=NASTY),
        record(keys[2], version_id=3, start="2021-06-01", completion="2021", brief_title="Vague"),
        record(keys[3], version_id=4, source_format=PAGE),
    ]
    return new_build(path, rows)


@pytest.fixture
def build(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "build.duckdb"))


def only(results: list[RuleResult]) -> RuleResult:
    assert len(results) == 1
    return results[0]


def a_rule(**values: Any) -> Rule:
    """That the title is not Fine."""
    defaults: dict[str, Any] = {
        "name": "title_not_fine",
        "description": "The title is not Fine.",
        "columns": ("brief_title",),
        "passes": "brief_title <> 'Fine'",
        "message": "{record_key} is called {brief_title}.",
    }
    return small_rule(**(defaults | values))


def test_three_results_and_the_violations(build: Path) -> None:
    result = only(run_rules(build, "r1", CHECKED_AT, [RULES["start_le_cd"]]))
    assert (result.rows_passed, result.rows_failed, result.rows_not_evaluable) == (1, 1, 2)
    assert result.rows_evaluated == 2
    assert not result.success
    assert result.error is None
    assert query(build, "SELECT * FROM quality.violation") == [
        (
            "start_le_cd",
            "error",
            "CTGOV:NCT00000002",
            "start_raw, completion_raw",
            "start_raw = 2021-06-01; completion_raw = 2021-05",
            "The start date 2021-06-01 lies after the completion date 2021-05: correct one of them.",
        )
    ]
    (example,) = result.examples
    assert example.record_key == "CTGOV:NCT00000002"
    assert example.column_name == "start_raw, completion_raw"


def test_rows_that_weigh_more_have_their_own_severity(build: Path) -> None:
    """Since 2017 a reason for stopping is a duty: the record that started then breaks the law, the other does not."""
    with duckdb.connect(str(build)) as connection:
        connection.execute("UPDATE core.record SET overall_status = 'TERMINATED'")
        connection.execute("UPDATE core.record SET start_earliest = '2016-01-01' WHERE version_id = 1")
    chosen = [RULES["why_stopped_present"], RULES["start_le_cd"]]
    result = run_rules(build, "r1", CHECKED_AT, chosen)[0]
    found = query(build, "SELECT record_key, severity FROM quality.violation WHERE rule = 'why_stopped_present'")
    assert sorted(found)[:3] == [
        ("CTGOV:NCT00000001", "warn"),
        ("CTGOV:NCT00000002", "error"),
        ("CTGOV:NCT00000003", "error"),
    ]
    assert result.severity is Severity.ERROR
    stored = "SELECT severity FROM quality.expectation_result WHERE rule = 'why_stopped_present'"
    assert query(build, stored) == [("error",)]
    assert query(build, stored.replace("_result", "")) == [("warn",)]


def test_whole_catalogue_runs_and_every_gate_holds(build: Path) -> None:
    results = run_rules(build, "r1", CHECKED_AT)
    assert [result.rule for result in results] == [rule.name for rule in load_rules()]
    assert [(result.rule, result.error) for result in results if result.error] == []
    assert gate_failures(results) == []
    assert missing_rules(results, load_rules()) == []
    stored = query(build, "SELECT rule, count(*) FROM quality.violation GROUP BY rule")
    assert dict(stored) == {result.rule: result.rows_failed for result in results if result.rows_failed}
    counts = query(
        build,
        "SELECT count(*), count(*) FILTER (rows_evaluated = rows_passed + rows_failed), "
        "count(*) FILTER (success = (rows_failed = 0)) FROM quality.expectation_result",
    )
    assert counts == [(len(results), len(results), len(results))]
    assert query(build, "SELECT count(*), count(DISTINCT rule) FROM quality.expectation") == [(len(results),) * 2]


def test_values_with_quotes_and_sql_are_only_values(build: Path) -> None:
    rule = a_rule(passes="brief_title <> $$" + NASTY.split("\n")[0] + "$$ AND brief_title NOT LIKE 'it%'")
    result = only(run_rules(build, "r1", CHECKED_AT, [rule]))
    assert result.rows_failed == 1
    assert query(build, "SELECT value, message FROM quality.violation") == [
        (NASTY, f"CTGOV:NCT00000002 is called {NASTY}.")
    ]
    assert query(build, "SELECT count(*) FROM core.record") == [(4,)]


def test_history_is_kept_and_a_rerun_replaces_its_own_results(build: Path) -> None:
    rules = [RULES["start_le_cd"], RULES["record_key_unique"]]
    run_rules(build, "r1", CHECKED_AT, rules)
    run_rules(build, "r2", CHECKED_AT + timedelta(days=1), rules)
    run_rules(build, "r2", CHECKED_AT + timedelta(days=1), rules)
    history = "SELECT run_id, count(*), CAST(min(checked_at) AS VARCHAR) FROM quality.expectation_result GROUP BY ALL"
    assert sorted(query(build, history)) == [("r1", 2, "2026-11-21 03:15:00"), ("r2", 2, "2026-11-22 03:15:00")]
    assert query(build, "SELECT count(*) FROM quality.violation") == [(1,)]


def test_violations_are_those_of_this_build_only(build: Path) -> None:
    run_rules(build, "r1", CHECKED_AT, [RULES["start_le_cd"]])
    with duckdb.connect(str(build)) as connection:
        connection.execute("UPDATE core.record SET start_earliest = '2000-01-01', start_latest = '2000-01-01'")
    result = only(run_rules(build, "r2", CHECKED_AT, [RULES["start_le_cd"]]))
    assert result.success
    assert query(build, "SELECT count(*) FROM quality.violation") == [(0,)]
    assert query(build, "SELECT rows_failed FROM quality.expectation_result ORDER BY run_id") == [(1,), (0,)]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"columns": ("no_such_column",)}, "no_such_column"),
        ({"passes": "no_such_column > 1"}, "no_such_column"),
        ({"passes": "brief_title >"}, "syntax"),
        ({"table": "core.gone", "rows": ""}, "gone"),
        ({"passes": "CAST(brief_title AS INTEGER) > 1"}, "Could not convert"),
        ({"passes": "error('out of order')"}, "out of order"),
        ({"rows": "SELECT brief_title FROM core.record"}, "record_key"),
        ({"message": "{no_such_column}"}, "no_such_column"),
    ],
    ids=["column-gone", "condition-without-column", "syntax", "table-gone", "cast", "raises", "no-key", "message"],
)
def test_a_rule_that_cannot_run_is_not_passed_and_harms_no_other(
    build: Path, values: dict[str, Any], word: str
) -> None:
    broken = a_rule(**values)
    neighbour = a_rule(name="neighbour")
    results = {r.rule: r for r in run_rules(build, "r1", CHECKED_AT, [a_rule(name="first"), broken, neighbour])}
    result = results[broken.name]
    assert not result.success
    assert word in (result.error or "")
    assert (result.rows_evaluated, result.rows_passed, result.rows_failed, result.rows_not_evaluable) == (None,) * 4
    assert results["neighbour"].rows_failed == results["first"].rows_failed == 1
    stored = query(
        build, f"SELECT success, error, rows_failed FROM quality.expectation_result WHERE rule = '{broken.name}'"
    )
    assert stored == [(False, result.error, None)]


def test_a_message_that_raises_is_an_error_without_violations(build: Path) -> None:
    result = only(run_rules(build, "r1", CHECKED_AT, [a_rule(message="{CAST(brief_title AS INTEGER)}")]))
    assert not result.success
    assert "Could not convert string" in (result.error or "")
    assert query(build, "SELECT count(*) FROM quality.violation") == [(0,)]


def test_gates_that_fail_or_cannot_run_are_reported(build: Path) -> None:
    with duckdb.connect(str(build)) as connection:
        connection.execute("INSERT INTO core.record SELECT * FROM core.record WHERE version_id = 1")
        connection.execute("UPDATE raw.file SET records_seen = 5")
    broken = a_rule(name="broken_gate", severity=Severity.GATE, passes="gone")
    chosen = [RULES[name] for name in ("record_key_unique", "records_conserved", "core_complete", "start_le_cd")]
    results = run_rules(build, "r1", CHECKED_AT, [*chosen, broken])
    assert {result.rule for result in gate_failures(results)} == {
        "record_key_unique",
        "records_conserved",
        "broken_gate",
    }
    assert missing_rules(results[1:], chosen) == [RULES["record_key_unique"]]
    assert query(build, "SELECT record_key, value FROM quality.violation WHERE rule = 'records_conserved'") == [
        (
            None,
            "path = f1.ndjson; records_seen = 5; records_accepted = 4; records_unchanged = 0; records_quarantined = 0",
        )
    ]


def test_a_rule_added_on_the_fly_shows_up_everywhere(
    build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One entry in the catalogue: the suite, the Dagster check, the violations, the results, both kinds of pages."""
    added = a_rule(name="added_on_the_fly")
    monkeypatch.setitem(TOPICS, "Status", (*TOPICS["Status"], added))
    load_rules.cache_clear()
    try:
        rules = load_rules()
        results = {result.rule: result for result in run_rules(build, "r1", CHECKED_AT)}
        page = rules_markdown()
        checks = {(spec.asset_key.path[-1], spec.name) for spec in make_rule_checks(rules, {}).check_specs}
        suite = suite_of(Judged("core_record_1", "core.record", rules)).expectations
        site = build_data_docs(tuple(results.values()), rules, tmp_path / "site", "r1", CHECKED_AT).parent
        pages = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    finally:
        monkeypatch.undo()
        load_rules.cache_clear()
    assert results["added_on_the_fly"].rows_failed == 1
    assert "### added_on_the_fly" in page
    assert ("record", "added_on_the_fly") in checks
    assert [each.description for each in suite if each.column == "added_on_the_fly"] == [added.description]
    assert added.meaning in pages
    for table in ("expectation", "expectation_result", "violation"):
        rows = query(build, f"SELECT count(*) FROM quality.{table} WHERE rule = 'added_on_the_fly'")
        assert rows == [(1,)]


def test_today_is_the_day_of_the_check_in_utc(build: Path) -> None:
    rule = a_rule(passes="$as_of = DATE '2026-11-20'", message="{$as_of}")
    in_tokyo = datetime.fromisoformat("2026-11-21T05:00:00+09:00")
    assert only(run_rules(build, "r1", in_tokyo, [rule])).success
    assert not only(run_rules(build, "r1", in_tokyo + timedelta(hours=4), [rule])).success


def test_an_empty_table_passes_with_nothing_evaluated(build: Path) -> None:
    with duckdb.connect(str(build)) as connection:
        connection.execute("DELETE FROM core.record")
    result = only(run_rules(build, "r1", CHECKED_AT, [RULES["start_le_cd"]]))
    assert (result.rows_evaluated, result.rows_not_evaluable, result.success) == (0, 0, True)


def test_nothing_is_left_open_or_behind(build: Path) -> None:
    run_rules(build, "r1", CHECKED_AT, [RULES["start_le_cd"]], threads=1, memory_limit_mb=500)
    with duckdb.connect(str(build)) as connection:
        connection.execute("CREATE TABLE core.other (a INTEGER)")
    assert sorted(path.name for path in build.parent.iterdir()) == ["build.duckdb"]


@pytest.mark.parametrize(
    ("path", "checked_at", "error", "word"),
    [
        ("missing.duckdb", CHECKED_AT, FileNotFoundError, "missing.duckdb"),
        ("build.duckdb", CHECKED_AT.replace(tzinfo=None), ValueError, "time zone"),
    ],
    ids=["no-build", "naive-time"],
)
def test_wrong_calls_say_so(build: Path, path: str, checked_at: datetime, error: type[Exception], word: str) -> None:
    with pytest.raises(error, match=word):
        run_rules(build.parent / path, "r1", checked_at, [RULES["start_le_cd"]])


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a run writes beside the build would be seen."""
    monkeypatch.chdir(tmp_path)
