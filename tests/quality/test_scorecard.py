"""The scorecard of a run on a real DuckDB file: groups, three-valued score, history, refusals."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import Rule, Severity, load_rules
from expectations.rule import Escalation
from pipelines.quality import Unchanged, run_rules, write_scorecard
from pipelines.touched import Touched
from tests.quality.small_rules import small_rule
from tests.quality.warehouse import CHECKED_AT, PAGE, child, insert, new_build, query, record, version


def a_rule(name: str, severity: Severity, passes: str, **values: Any) -> Rule:
    return small_rule(name, passes, severity=severity, **({"columns": ("enrollment",)} | values))


POSITIVE = a_rule("enrollment_positive", Severity.ERROR, "enrollment > 0")
SMALL = a_rule("enrollment_small", Severity.WARN, "enrollment < 100")
NAMED = a_rule("sponsor_named", Severity.INFO, "lead_sponsor IS NOT NULL", columns=("lead_sponsor",))
PLACED = a_rule("site_named", Severity.ERROR, "facility <> ''", table="core.location", columns=("facility",))
GRAVER = Escalation(severity=Severity.ERROR, when="enrollment > 15", words="it is large")
NO_COLUMN = a_rule("colour_red", Severity.ERROR, "colour = 'red'", columns=("colour",))
RULES = (POSITIVE, SMALL, NAMED, PLACED)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five records: A fine, B breaks an error rule, C a warning, D has bad sites, E cannot be judged for errors."""
    path = tmp_path_factory.mktemp("build") / "template.duckdb"
    example = {"lead_sponsor": "Example Pharma", "study_type": "INTERVENTIONAL"}
    rows = [
        record("R:A", version_id=1, enrollment=10, first_submitted="2020-03-05", **example),
        record("R:B", version_id=2, enrollment=0, first_submitted="2020-03", **example),
        record("R:C", version_id=3, enrollment=500, first_submitted="2020", study_type="OBSERVATIONAL"),
        record("R:D", version_id=4, enrollment=20, first_posted="2021-01-31", **example),
        record("R:E", version_id=5, registry="EUDRACT", source_format=PAGE),
        child("core.location", record_key="R:D", position=1, facility=""),
        child("core.location", record_key="R:D", position=2, facility=""),
        child("core.location", record_key="R:D", position=3, facility="Clinic"),
        child("core.country", record_key="R:A", position=1, country="France"),
        child("core.country", record_key="R:A", position=2, country="Italy"),
        child("core.country", record_key="R:B", position=1, country="France"),
    ]
    return new_build(path, rows)


@pytest.fixture
def build(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "build.duckdb"))


def judge(path: Path, run_id: str, *rules: Rule, at: datetime = CHECKED_AT) -> int:
    run_rules(path, run_id, at, rules)
    with duckdb.connect(str(path)) as connection:
        return write_scorecard(connection, run_id, at, rules)


def card(path: Path, dimension: str, columns: str, run_id: str = "r1") -> dict[Any, tuple[Any, ...]]:
    sql = f"SELECT dimension_value, {columns} FROM quality.scorecard WHERE dimension = '{dimension}'"
    return {row[0]: row[1:] for row in query(path, f"{sql} AND run_id = '{run_id}'")}


def test_all_records_counted_by_hand(build: Path) -> None:
    """Broken: B positive; C small, named; D two sites; E named. Errors can be judged on A to D."""
    judge(build, "r1", *RULES)
    found = card(
        build,
        "all",
        "records, records_judged, records_with_violation, records_with_error, violations, violations_gate, "
        "violations_error, violations_warn, violations_info, rules_failed, rules_run, quality_score",
    )
    assert found == {"all": (5, 4, 4, 2, 6, 0, 3, 1, 2, 4, 4, 0.5)}
    # enrollment twice on A to D and the sponsor on all five; enrollment twice on E. Sites are not counted.
    assert card(build, "all", "rows_evaluated, rows_not_evaluable") == {"all": (4 + 4 + 5, 2)}


def test_a_record_of_which_nothing_can_be_told_is_not_good(build: Path) -> None:
    judge(build, "r1", *RULES)
    figures = "records, records_judged, records_with_error, quality_score"
    assert card(build, "registry", figures) == {"CTGOV": (4, 4, 2, 0.5), "EUDRACT": (1, 0, 0, None)}


def test_files_of_the_folder_it_is_called_in_are_none_of_its_business(
    build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without judgements it looked for their file where the process happened to be."""
    (tmp_path / "all.parquet").write_text("no counts")
    monkeypatch.chdir(tmp_path)
    assert judge(build, "r1", *RULES) > 0


def test_groups(build: Path) -> None:
    judge(build, "r1", *RULES)
    figures = "records, records_with_error, violations, rules_failed, quality_score"
    assert card(build, "sponsor", figures) == {
        "Example Pharma": (3, 2, 3, 2, pytest.approx(1 / 3)),
        None: (2, 0, 3, 2, 1.0),
    }
    assert card(build, "country", figures) == {
        "France": (2, 1, 1, 1, 0.5),
        "Italy": (1, 0, 0, 0, 1.0),
        None: (3, 1, 5, 3, 0.5),
    }
    assert card(build, "study_type", "records") == {"INTERVENTIONAL": (3,), "OBSERVATIONAL": (1,), None: (1,)}


def test_month_of_registration_is_known_or_not(build: Path) -> None:
    """2020-03-05 and 2020-03 lie in one month, 2020 does not; posted counts where submitted is missing."""
    judge(build, "r1", *RULES)
    assert card(build, "registration_month", "records") == {"2020-03": (2,), "2021-01": (1,), None: (2,)}


def test_the_groups_of_a_dimension_add_up(build: Path) -> None:
    judge(build, "r1", *load_rules())
    added = "sum(records), sum(violations), sum(rows_evaluated), sum(rows_not_evaluable), sum(records_judged)"
    sums = query(
        build, f"SELECT dimension, {added} FROM quality.scorecard WHERE dimension <> 'country' GROUP BY dimension"
    )
    assert len(sums) == 5
    assert len({row[1:] for row in sums}) == 1


def test_it_agrees_with_the_results_of_the_rules(build: Path) -> None:
    """Each row that these rules judge belongs to a current record."""
    judge(build, "r1", *RULES)
    stored = "FROM quality.expectation_result WHERE run_id = 'r1'"
    judged = query(
        build, f"SELECT sum(rows_evaluated), sum(rows_not_evaluable) {stored} AND table_name = 'core.record'"
    )
    failed = query(build, f"SELECT sum(rows_failed) {stored}")
    assert card(build, "all", "rows_evaluated, rows_not_evaluable, violations") == {"all": judged[0] + failed[0]}


def test_runs_stay_and_the_same_run_replaces_its_rows(build: Path) -> None:
    first = judge(build, "r1", *RULES)
    with duckdb.connect(str(build)) as connection:
        connection.execute("DELETE FROM core.record WHERE record_key = 'R:B'")
    second = judge(build, "r2", *RULES, at=CHECKED_AT + timedelta(days=1))
    count = "SELECT run_id, count(*), max(records), max(checked_at) FROM quality.scorecard GROUP BY run_id ORDER BY 1"
    moment = CHECKED_AT.replace(tzinfo=None)
    before = query(build, count)
    assert before == [("r1", first, 5, moment), ("r2", second, 4, moment + timedelta(days=1))]
    assert judge(build, "r2", *RULES, at=CHECKED_AT + timedelta(days=1)) == second
    assert query(build, count) == before
    assert card(build, "all", "records_with_error", "r2") == {"all": (1,)}


def test_rule_that_could_not_run_counts_nowhere(build: Path) -> None:
    judge(build, "r1", POSITIVE, NO_COLUMN)
    assert card(build, "all", "rules_run, rows_evaluated, rows_not_evaluable, rules_failed") == {"all": (1, 4, 1, 1)}


def test_a_broken_gate_is_an_error_of_the_record(build: Path) -> None:
    gate = a_rule("enrollment_known", Severity.GATE, "enrollment IS NOT NULL")
    judge(build, "r1", gate)
    figures = "records, records_judged, records_with_error, violations_gate, quality_score"
    assert card(build, "registry", figures) == {"CTGOV": (4, 0, 0, 0, None), "EUDRACT": (1, 1, 1, 1, 0.0)}


def test_violations_without_a_record_or_of_former_versions_are_in_no_group(build: Path) -> None:
    """A rule on record versions sees former ones under the same key; one on files has no key at all."""
    with duckdb.connect(str(build)) as connection:
        insert(connection, [version(9, "R:GONE", is_current=False), version(1, "R:A")])
    keys = a_rule("never_holds", Severity.ERROR, "FALSE", table="raw.record_version", columns=("version_id",))
    files = a_rule(
        "no_file",
        Severity.ERROR,
        "FALSE",
        table="raw.record_version",
        columns=("file_id",),
        rows="SELECT NULL AS record_key, file_id FROM raw.record_version",
    )
    judge(build, "r1", keys, files)
    assert query(build, "SELECT count(*) FROM quality.violation") == [(4,)]
    assert card(build, "all", "records, records_with_error, violations, rules_failed") == {"all": (5, 1, 1, 1)}


def test_run_without_results_is_refused_and_leaves_the_table_alone(build: Path) -> None:
    judge(build, "r1", *RULES)
    before = query(build, "FROM quality.scorecard ORDER BY ALL")
    with duckdb.connect(str(build)) as connection:
        with pytest.raises(ValueError, match=r"run r7 has no results in quality\.expectation_result; run the"):
            write_scorecard(connection, "r7", CHECKED_AT, RULES)
        with pytest.raises(ValueError, match="no time zone"):
            write_scorecard(connection, "r1", CHECKED_AT.replace(tzinfo=None), RULES)
    assert query(build, "FROM quality.scorecard ORDER BY ALL") == before


def test_failure_half_way_leaves_the_former_rows(build: Path) -> None:
    judge(build, "r1", *RULES)
    before = query(build, "FROM quality.scorecard ORDER BY ALL")
    with duckdb.connect(str(build)) as connection:
        connection.execute("DROP TABLE core.country")
        with pytest.raises(duckdb.CatalogException, match="country"):
            write_scorecard(connection, "r1", CHECKED_AT, RULES)
    assert query(build, "FROM quality.scorecard ORDER BY ALL") == before


def test_warehouse_without_records_has_no_groups(tmp_path: Path) -> None:
    path = new_build(tmp_path / "empty.duckdb")
    assert judge(path, "r1", *RULES) == 0
    assert query(path, "FROM quality.scorecard") == []


def test_only_touched_records_are_counted_again_and_the_card_is_the_same(build: Path, tmp_path: Path) -> None:
    """B is mended, A now lacks its sponsor; a rule that looks at the day is counted for all."""
    days = a_rule(
        "posted_before", Severity.ERROR, "first_submitted_latest < $as_of", columns=("first_submitted_latest",)
    )
    rules = (*RULES, days)
    judge(build, "r1", *rules)
    base, whole = (Path(shutil.copy(build, tmp_path / f"{name}.duckdb")) for name in ("base", "whole"))
    files = tmp_path / "touched_record.parquet", tmp_path / "touched_version.parquet"
    change = (
        "UPDATE core.record SET enrollment = 7 WHERE record_key = 'R:B'; UPDATE core.record SET lead_sponsor = NULL"
    )
    for path in (build, whole):
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"{change} WHERE record_key = 'R:A'")
            connection.execute(f"COPY (SELECT unnest(['R:A', 'R:B']) AS record_key) TO '{files[0]}' (FORMAT parquet)")
            connection.execute(f"COPY (SELECT unnest([1, 2]) AS version_id) TO '{files[1]}' (FORMAT parquet)")
    judge(whole, "r2", *rules)
    unchanged = Unchanged(Touched(base, *files, 2), frozenset({"core.record"}))
    folder = tmp_path / "judgements"
    run_rules(build, "r2", CHECKED_AT, rules, unchanged=unchanged, judgements=folder)
    with duckdb.connect(str(build)) as connection:
        for statement in unchanged.touched.load_statements():
            connection.execute(statement)
        connection.execute("UPDATE quality.record_judgement SET rules_evaluated = 900 WHERE record_key = 'R:C'")
        write_scorecard(connection, "r2", CHECKED_AT, rules, unchanged=unchanged, judgements=folder)
        kept = connection.execute("UPDATE quality.record_judgement SET rules_evaluated = 3 WHERE record_key = 'R:C'")
        assert kept.fetchall() == [(1,)]
    judgements = "FROM quality.record_judgement ORDER BY record_key"
    assert query(build, judgements) == query(whole, judgements)
    assert card(build, "sponsor", "records_judged, violations, quality_score", "r2") == card(
        whole, "sponsor", "records_judged, violations, quality_score", "r2"
    )
    assert card(build, "all", "rows_evaluated", "r2") == {
        "all": (card(whole, "all", "rows_evaluated", "r2")["all"][0] + 897,)
    }
    judge(build, "r3", *RULES[1:])
    assert len(set(query(build, "SELECT rules_version FROM quality.record_judgement"))) == 1, "other rules: all anew"


def test_judgements_counted_while_rules_run_give_the_same_card(build: Path, tmp_path: Path) -> None:
    """With a rule that looks at the day, one graver for some rows, and one that judges rows of its own."""
    rules = (
        *RULES,
        a_rule("posted_before", Severity.ERROR, "first_submitted_latest < $as_of", columns=("first_submitted_latest",)),
        a_rule("graver", Severity.WARN, "enrollment < 15", escalation=GRAVER),
        a_rule("few", Severity.INFO, "enrollment < 15", rows="SELECT * FROM core.record WHERE enrollment < 300"),
    )
    again = Path(shutil.copy(build, tmp_path / "again.duckdb"))
    judge(again, "r1", *rules)
    folder = tmp_path / "judgements"
    run_rules(build, "r1", CHECKED_AT, rules, judgements=folder)
    assert [path.name for path in folder.iterdir()] == ["all.parquet"]
    with duckdb.connect(str(build)) as connection:
        write_scorecard(connection, "r1", CHECKED_AT, rules, judgements=folder)
    for table in ("quality.scorecard", "quality.record_judgement"):
        found = query(build, f"FROM {table} ORDER BY ALL")
        assert found
        assert found == query(again, f"FROM {table} ORDER BY ALL")


def test_judgements_of_a_rule_without_a_result_are_not_taken_from_the_file(build: Path, tmp_path: Path) -> None:
    folder = tmp_path / "judgements"
    run_rules(build, "r1", CHECKED_AT, RULES, judgements=folder)
    with duckdb.connect(str(build)) as connection:
        connection.execute("UPDATE quality.expectation_result SET error = 'lost' WHERE rule = 'enrollment_small'")
        write_scorecard(connection, "r1", CHECKED_AT, RULES, judgements=folder)
    assert card(build, "all", "rows_evaluated, rules_run") == {"all": (4 + 5, 3)}
