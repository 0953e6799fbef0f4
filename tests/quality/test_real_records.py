"""The rules on real records: what is known of the two registry pages, and sane figures on the bulk download."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from expectations import load_rules
from expectations.rule import on_day
from pipelines.quality import RuleResult, gate_failures, run_rules
from pipelines.settings import Settings
from tests.quality.journey import make_build

CHECKED_AT = datetime(2026, 11, 21, 4, tzinfo=UTC)
RULES = {rule.name: rule for rule in load_rules()}

# The page with its number, then the one without. Both: dates in order, all of them at the end of a month; no types,
# outcomes or verification. The second has lost roles as well; its heading of conditions stands there empty.
KNOWN = {
    "start_le_cd": (True, True),
    "start_le_pcd": (None, None),
    "month_end_suspect": (False, False),
    "enrollment_present": (True, True),
    "enroll_type_actual": (None, None),
    "enroll_type_estimated": (None, None),
    "start_type_actual_past": (None, None),
    "verified_present": (None, None),
    "primary_outcome_present": (None, None),
    "phase_present": (None, True),
    "phase_pairs": (None, True),
    "randomized_arms": (None, True),
    "age_order": (None, True),
    "conditions_present": (None, False),
    "unknown_has_last_known": (None, None),
    "status_enum": (True, True),
    "id_present": (True, True),
}


@pytest.fixture(scope="module")
def build(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, RuleResult]]:
    settings = Settings(home=tmp_path_factory.mktemp("real"))
    settings.landing_dir.mkdir(parents=True)
    for path in (shared_dir / "data" / "ctgov_v2" / "bulk.zip", *(shared_dir / "seeds").glob("*.txt")):
        shutil.copy(path, settings.landing_dir)
    made = make_build(settings, CHECKED_AT)
    return made, {result.rule: result for result in run_rules(made, "r1", CHECKED_AT)}


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known_of_the_two_pages(build: tuple[Path, dict[str, RuleResult]], name: str) -> None:
    rule = RULES[name]
    with duckdb.connect(str(build[0]), read_only=True) as connection:
        sql = f"SELECT record_key, {rule.result_sql} FROM ({rule.rows_sql}) AS judged_rows"
        results = dict(connection.execute(on_day(sql, "2026-11-21")).fetchall())
        pages = connection.execute(
            "SELECT record_key FROM core.record WHERE source_format LIKE 'page_text%' ORDER BY registry_id NULLS LAST"
        ).fetchall()
    assert tuple(results[key] for (key,) in pages) == KNOWN[name]


def test_every_rule_runs_and_the_gates_hold(build: tuple[Path, dict[str, RuleResult]]) -> None:
    results = build[1].values()
    assert [(result.rule, result.error) for result in results if result.error] == []
    assert gate_failures(results) == []


def test_errors_are_rare(build: tuple[Path, dict[str, RuleResult]]) -> None:
    """The registry refuses most contradictions; an error on many of its records is a fault of the rule."""
    crying = {
        name: (result.rows_failed, result.rows_evaluated)
        for name, result in build[1].items()
        if RULES[name].severity == "error" and (result.rows_failed or 0) > 0.05 * max(result.rows_evaluated or 0, 50)
    }
    assert crying == {}
