"""Great Expectations on DuckDB: the shim that makes it work, and what is done with results that make no sense."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from expectations import load_rules
from pipelines.quality import gx_runner, run
from pipelines.quality.gx_runner import Counts, Session, count, count_all, count_together, open_session, suite_of
from pipelines.quality.judging import Judged, judge, own_counts
from tests.quality.warehouse import AS_OF, new_build, record

RULES = {rule.name: rule for rule in load_rules()}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gx") / "build.duckdb"
    rows = [record(f"CTGOV:NCT{n:08}", version_id=n, start="2020", completion="2021") for n in range(37)]
    return new_build(path, rows)


def row_count(session: Session, table: str) -> int:
    """How many rows Great Expectations counts in a table of the build."""
    import great_expectations.expectations as gxe

    name = table.replace(".", "_")
    session.connection.exec_driver_sql(f"CREATE VIEW {name} AS FROM {table}")
    session.connection.commit()
    batch = session.source.add_table_asset(name, table_name=name).add_batch_definition_whole_table("all").get_batch()
    result = batch.validate(gxe.ExpectTableRowCountToBeBetween(min_value=0))
    assert not any(
        part.get("raised_exception")
        for part in (result.exception_info, *result.exception_info.values())
        if isinstance(part, dict)
    ), result.exception_info
    return int(result.result["observed_value"])


def test_a_plain_row_count_is_right(build: Path) -> None:
    """Fails when an upgrade of Great Expectations, SQLAlchemy or DuckDB breaks the buffered results."""
    with open_session(build) as session:
        assert row_count(session, "core.record") == 37
        assert row_count(session, "core.condition") == 0


def test_two_sessions_after_one_another_see_their_own_build(build: Path, tmp_path: Path) -> None:
    other = new_build(tmp_path / "other.duckdb")
    for path, rows in ((build, 37), (other, 0), (build, 37)):
        with open_session(path) as session:
            assert row_count(session, "core.record") == rows


def test_listener_is_on_our_engines_only(build: Path) -> None:
    from sqlalchemy import create_engine, event

    bystander = create_engine("sqlite://")
    with open_session(build) as session:
        assert event.contains(session.source.get_engine(), "after_cursor_execute", gx_runner._buffer_rows)
        assert not event.contains(bystander, "after_cursor_execute", gx_runner._buffer_rows)
        with bystander.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").fetchall() == [(1,)]


def test_the_build_cannot_be_written_through_the_session(build: Path) -> None:
    with open_session(build) as session, pytest.raises(Exception, match="read-only"):
        session.connection.exec_driver_sql("CREATE TABLE build.core.mine (a INTEGER)")


def test_a_suite_says_which_rule_each_expectation_is() -> None:
    chosen = (RULES["start_le_cd"], RULES["record_key_unique"], RULES["verified_present"], RULES["prospective"])
    suite = suite_of(Judged("t", "core.record", chosen))
    assert {e.meta["rule"]: e.severity.value for e in suite.expectations} == {
        "start_le_cd": "critical",
        "record_key_unique": "critical",
        "verified_present": "warning",
        "prospective": "info",
    }
    assert {e.description for e in suite.expectations} == {rule.description for rule in chosen}


def test_counts_agree_with_duckdb_for_every_rule(build: Path) -> None:
    with open_session(build) as session:
        tables, errors = judge(session.connection, load_rules(), AS_OF)
        assert errors == {}
        assert {rule.name for judged in tables for rule in judged.rules} == set(RULES)
        for judged in tables[:3]:
            found = count(session, judged)
            own = own_counts(session.connection, [judged])
            assert {name: (c.passed, c.failed, c.not_evaluable) for name, c in found.items()} == own


def test_counted_together_the_rules_have_the_counts_of_their_own_rows(build: Path) -> None:
    """In one table of all judgements a rule's column is NULL in the rows of others: these are not its own."""
    chosen = [rule for rule in load_rules() if rule.name in ("start_le_cd", "record_key_unique", "lead_sponsor_one")]
    with open_session(build) as session:
        tables, _ = judge(session.connection, chosen, AS_OF)
        assert len(tables) > 1
        found = count_together(session, tables)
        own = own_counts(session.connection, tables)
    assert {name: (c.passed, c.failed, c.not_evaluable) for name, c in found.items()} == own


def test_tables_of_few_rows_are_counted_together_and_the_others_alone(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    alone = count

    def watched(session: Session, judged: Judged) -> dict[str, Counts]:
        asked.append(judged.table)
        return alone(session, judged)

    monkeypatch.setattr(gx_runner, "count", watched)
    monkeypatch.setattr(gx_runner, "FEW_ROWS", 36)
    names = ("start_le_cd", "orphans", "staged_keys_unique", "enum_drift")
    with open_session(build) as session:
        tables, _ = judge(session.connection, [RULES[name] for name in names], AS_OF)
        found = count_all(session, tables)
        own = own_counts(session.connection, tables)
    assert {name: (c.passed, c.failed, c.not_evaluable) for name, c in found.items()} == own
    assert asked[0] == "all tables"
    assert "core.record" in asked[1:]


def test_nothing_to_count_together(build: Path) -> None:
    with open_session(build) as session:
        assert count_together(session, []) == {}


def result(**values: Any) -> SimpleNamespace:
    """A validation result as Great Expectations gives it."""
    found = {"element_count": 10, "missing_count": 2, "unexpected_count": 3}
    return SimpleNamespace(**({"success": False, "exception_info": {}, "result": found} | values))


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (result(exception_info={"raised_exception": True, "exception_message": "lost\n[SQL: SELECT 1]"}), "lost"),
        (result(exception_info={"m": {"raised_exception": True, "exception_message": "list index"}}), "list index"),
        (result(result={}), "without counts"),
        (result(result={"element_count": None, "missing_count": 1, "unexpected_count": 1}), "without counts"),
        (result(success=True), "contradicts"),
        (result(result={"element_count": 10, "missing_count": 2, "unexpected_count": 0}), "contradicts"),
    ],
    ids=["exception", "exception-by-metric", "nothing", "no-count", "success-with-failures", "failure-without"],
)
def test_results_that_make_no_sense_are_errors(given: SimpleNamespace, word: str) -> None:
    assert word in (gx_runner._counts(given).error or "")


def test_a_result_that_makes_sense() -> None:
    counts = gx_runner._counts(result(exception_info={"m": {"raised_exception": False}}))
    assert counts == Counts(passed=5, failed=3, not_evaluable=2)


def test_a_rule_without_a_result_has_an_error(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = suite_of

    def lossy(judged: Judged) -> Any:
        suite = whole(judged)
        suite.expectations = suite.expectations[1:]
        return suite

    monkeypatch.setattr(gx_runner, "suite_of", lossy)
    with open_session(build) as session:
        tables, _ = judge(session.connection, [RULES["start_le_cd"], RULES["verified_present"]], AS_OF)
        counts = count(session, tables[0])
    assert "no result" in (counts["start_le_cd"].error or "")
    assert counts["verified_present"] == Counts(failed=37)


def test_counts_that_disagree_are_an_error() -> None:
    found = Counts(passed=5, failed=3, not_evaluable=2)
    assert run._agreed(found, (5, 3, 2)) is found
    assert "one of them is wrong" in (run._agreed(found, (6, 2, 2)).error or "")
    assert "one of them is wrong" in (run._agreed(Counts(passed=5), (5, 0, 1)).error or "")


def test_importing_the_room_does_not_import_great_expectations() -> None:
    import subprocess
    import sys

    code = "import sys, pipelines.quality; sys.exit('great_expectations' in sys.modules or 'dagster' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
