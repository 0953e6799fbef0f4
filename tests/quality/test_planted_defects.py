"""The rules on a synthetic registry whose defects are known: they find every one, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from expectations import TOPICS, load_rules
from expectations.rule import on_day
from pipelines.quality import gate_failures, run_rules
from pipelines.sample import write_sample
from pipelines.settings import Settings
from tests.quality.journey import make_build
from tests.quality.planted import CHECKED_AT, PAGE, SNAPSHOT, Corpus, all_scores, judged_corpus, page_of

LEAST = 3
"""Rows planted for each rule at least; a file or a quarantine of one format counts as one."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return judged_corpus(tmp_path_factory.mktemp("planted") / "home")


@pytest.mark.slow
def test_violations_of_every_rule_are_what_its_sql_alone_selects(corpus: Corpus) -> None:
    """They are written by a SELECT over many rules at once."""
    differing = {}
    with duckdb.connect(str(corpus.path), read_only=True) as build:
        for rule in load_rules():
            alone = on_day(
                f"SELECT CAST(record_key AS VARCHAR), {rule.value_sql}, {rule.message_sql}, {rule.severity_sql} "
                f"FROM ({rule.rows_sql}) AS judged_rows WHERE {rule.result_sql} IS FALSE",
                CHECKED_AT.date().isoformat(),
            )
            kept = f"SELECT record_key, value, message, severity FROM quality.violation WHERE rule = '{rule.name}'"
            for one, other in ((alone, kept), (kept, alone)):
                if rows := build.execute(f"({one}) EXCEPT ALL ({other})").fetchall():
                    differing[rule.name] = rows[:3]
    assert differing == {}


@pytest.mark.slow
def test_precision_and_recall_of_every_rule_are_one(corpus: Corpus, tmp_path: Path) -> None:
    """The table of docs/quality/planted_defects.md, of a corpus of 12,000 records and of broken builds."""
    scores = all_scores(corpus, tmp_path)
    table = page_of(scores)
    assert [score.rule for score in scores] == [rule.name for rule in load_rules()]
    imperfect = [score for score in scores if (score.precision, score.recall) != (1.0, 1.0)]
    assert not imperfect, table
    assert [score for score in scores if score.planted < LEAST] == [], table
    assert sum(score.combined for score in scores) >= 300, table


def test_the_page_tells_of_every_rule() -> None:
    """Counts may be those of an earlier sample; a rule that is missing or imperfect there is not."""
    rows = re.findall(r"^\| (\w+) \|.*\| (\S+) \| (\S+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    expected = [(rule.name, "1.00", "1.00") for rule in load_rules()]
    assert rows[1:] == expected, "write it anew: python -m tests.quality.planted"


@pytest.mark.slow
def test_sound_records_break_no_rule(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    write_sample(1500, settings.landing_dir, formats=("mixed",), defects=False, snapshot=SNAPSHOT)
    path = make_build(settings, CHECKED_AT)
    results = run_rules(path, "r1", CHECKED_AT + timedelta(minutes=1))
    with duckdb.connect(str(path), read_only=True) as build:
        assert build.execute("SELECT rule, record_key, message FROM quality.violation").fetchall() == []
    assert [result.rule for result in results if not result.success] == []
    assert gate_failures(results) == []
    drift = {rule.name for rule in TOPICS["Drift against the last published build"]}  # needs a build before
    silent = {result.rule for result in results if result.rows_evaluated == 0} - drift
    assert len(silent) < 10, f"rules that could judge nothing: {sorted(silent)}"
