"""The catalogue as a whole: it loads lightly, names are unique, nothing is forgotten, the page is up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from expectations import LEFT_OUT, TOPICS, Rule, Severity, catalogue_version, check_rules, load_rules, rules_markdown
from expectations.rule import ERROR, GATE, WARN, Escalation
from expectations.thresholds import THRESHOLDS, limit
from pipelines.tables import SOURCE_TABLES
from tests.conftest import REPO_ROOT
from tests.quality.warehouse import core_columns

A_RULE = load_rules()[0]


def test_loads_without_any_engine() -> None:
    code = (
        "import sys, expectations; expectations.load_rules(); "
        "heavy = {'great_expectations', 'duckdb', 'dagster', 'polars', 'sqlalchemy'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_names_are_unique_and_every_rule_has_its_topic() -> None:
    rules = load_rules()
    assert len({rule.name for rule in rules}) == len(rules) == sum(len(topic) for topic in TOPICS.values())
    assert {rule.topic for rule in rules} == set(TOPICS)
    with pytest.raises(ValueError, match=A_RULE.name):
        check_rules([*rules, A_RULE])


def test_rules_are_on_tables_of_the_warehouse() -> None:
    assert {rule.table for rule in load_rules()} <= set(SOURCE_TABLES) | set(core_columns())


def test_the_gates_are_about_structure_and_drift_only() -> None:
    gates = {rule.name for rule in load_rules() if rule.severity is Severity.GATE}
    structure = {rule.name for rule in TOPICS["Structure: keys, parents, conservation"]}
    assert gates == structure | {"row_count_reconcile", "null_rate_drift"}


def test_no_rule_asks_the_clock() -> None:
    clock = re.compile(r"\b(now|today|current_date|current_timestamp|get_current_timestamp)\b\s*\(?", re.IGNORECASE)
    asking = [
        rule.name for rule in load_rules() if clock.search(f"{rule.rows} {rule.evaluable} {rule.passes} {rule.value}")
    ]
    assert not asking


def test_every_known_candidate_is_a_rule_or_left_out_with_a_reason(shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "RULES.md").read_text(encoding="utf-8")
    candidates = set(re.findall(r"^\|\d+\|([a-z0-9_]+)\+?\|", text, re.MULTILINE))
    assert len(candidates) == 103
    names = {rule.name for rule in load_rules()}
    assert candidates - names - set(LEFT_OUT) == set()
    assert not names & set(LEFT_OUT)
    assert set(LEFT_OUT) <= candidates


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"name": "Not snake"}, "snake_case"),
        ({"table": "record"}, "schema.table"),
        ({"severity": "fatal"}, "severity"),
        ({"columns": ()}, "columns"),
        ({"message": " "}, "message"),
        ({"severity": ERROR, "escalation": Escalation(severity=WARN, when="TRUE", words="always")}, "not graver"),
        ({"severity": WARN, "escalation": Escalation(severity=GATE, when="TRUE", words="always")}, "gate"),
        ({"severity": WARN, "escalation": Escalation(severity=ERROR, when=" ", words="always")}, "condition"),
        ({"meaning": ""}, "meaning"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_a_rule_that_nobody_could_read_is_refused(change: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        replace(A_RULE, **change)


def test_the_version_changes_with_any_rule() -> None:
    rules = list(load_rules())
    before = catalogue_version()
    assert before == catalogue_version(reversed(rules))
    for change in ({"passes": "FALSE"}, {"severity": Severity.INFO}, {"meaning": "Another"}):
        assert catalogue_version([replace(rules[0], **change), *rules[1:]]) != before
    assert catalogue_version(rules[1:]) != before


def test_thresholds_have_a_reason_and_a_date() -> None:
    for threshold in THRESHOLDS.values():
        assert threshold.reason.endswith(".")
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", threshold.since)
    with pytest.raises(KeyError):
        limit("no_such_limit")


def test_the_page_of_rules_is_up_to_date() -> None:
    page = (REPO_ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == rules_markdown(), "write it anew: python -m expectations > docs/rules.md"


def test_the_page_tells_every_rule() -> None:
    page = rules_markdown()
    rule: Rule
    for rule in load_rules():
        assert f"### {rule.name}\n" in page
        assert rule.meaning in page
    for name, reason in LEFT_OUT.items():
        assert f"| {name} | {reason} |" in page
