"""Every rule on rows that pass, fail and cannot be judged."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from expectations import Rule, load_rules
from expectations.rule import on_day
from pipelines.quality.judging import violations_sql
from tests.expectations import cases_content, cases_dates, cases_drift, cases_record, cases_structure
from tests.expectations.cases import FAILED, NOT_EVALUABLE, PASSED, Case, Cases
from tests.quality.warehouse import AS_OF, create_tables, insert

RULES = {rule.name: rule for rule in load_rules()}
CASES: Cases = cases_dates.CASES | cases_record.CASES | cases_content.CASES | cases_structure.CASES | cases_drift.CASES
ALL = [
    pytest.param(RULES[name], case, id=f"{name}-{case.result}-{number}")
    for name, cases in CASES.items()
    for number, case in enumerate(cases, start=1)
]


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_tables(connection)
        yield connection


@pytest.fixture
def warehouse(tables: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    tables.begin()
    yield tables
    tables.rollback()


@pytest.mark.parametrize(("rule", "case"), ALL)
def test_rule(rule: Rule, case: Case, warehouse: duckdb.DuckDBPyConnection) -> None:
    insert(warehouse, list(case.rows))
    sql = on_day(f"SELECT {rule.result_sql} FROM ({rule.rows_sql}) AS judged_rows", AS_OF)
    results = [result for (result,) in warehouse.execute(sql).fetchall()]
    violations = warehouse.execute(violations_sql(rule, AS_OF)).fetchall()

    assert results, "the rule judged no row at all"
    assert len(violations) == results.count(False)
    if case.result == PASSED:
        assert set(results) == {True}
    elif case.result == NOT_EVALUABLE:
        assert set(results) == {None}
    else:
        assert False in results
        assert all(message and message.strip() for _, _, message in violations)


def test_every_rule_has_cases() -> None:
    lacking = {
        f"{rule.name}: {result}"
        for rule in load_rules()
        for result in (PASSED, FAILED, NOT_EVALUABLE)
        if result not in {case.result for case in CASES.get(rule.name, [])}
        and not (result == NOT_EVALUABLE and rule.not_evaluable == "never")
    }
    assert not lacking


def test_cases_are_of_known_rules() -> None:
    assert set(CASES) <= set(RULES)
