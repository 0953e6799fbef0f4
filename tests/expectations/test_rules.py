"""Every rule on rows that pass, fail and cannot be judged."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from expectations import Rule, load_rules
from expectations.rule import on_day
from pipelines.quality.judgements import violations_sql
from pipelines.study.registries import REGISTRIES
from tests.expectations import cases_content, cases_dates, cases_drift, cases_edges, cases_record, cases_structure
from tests.expectations.cases import FAILED, NOT_EVALUABLE, PASSED, Case, Cases
from tests.quality.warehouse import AS_OF, child, create_tables, insert, landing_file, record, version

RULES = {rule.name: rule for rule in load_rules()}
PLAIN: Cases = cases_dates.CASES | cases_record.CASES | cases_content.CASES | cases_structure.CASES | cases_drift.CASES
CASES: Cases = {name: [*cases, *cases_edges.CASES.get(name, [])] for name, cases in PLAIN.items()}
ALL = [
    pytest.param(RULES[name], case, id=f"{name}-{case.result}-{number}")
    for name, cases in CASES.items()
    for number, case in enumerate(cases, start=1)
]
OWN_NUMBER = child(
    "core.identifier", role="own", id_type="CTGOV", id_raw="NCT00000001", id_norm="NCT00000001", is_valid=True
)


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
        assert all(message and message.strip() for _, _, message, _ in violations)
        assert {severity for *_, severity in violations} <= _severities(rule)


def broken_rules(warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    """The violations of every rule that has any, by its name."""
    found = {rule.name: warehouse.execute(violations_sql(rule, AS_OF)).fetchall() for rule in RULES.values()}
    return {name: rows for name, rows in found.items() if rows}


def _severities(rule: Rule) -> set[str]:
    graver = {rule.escalation.severity.value} if rule.escalation else set()
    return {rule.severity.value} | graver


BOUND = [
    pytest.param(RULES[name], case, id=f"{name}-{number}")
    for name, cases in CASES.items()
    for number, case in enumerate(cases, start=1)
    if RULES[name].registries and case.result != NOT_EVALUABLE
]


@pytest.mark.parametrize(("rule", "case"), BOUND)
@pytest.mark.parametrize("change", ["registry = 'DRKS'", "source_format = 'ictrp_xml'"], ids=["other", "copy"])
def test_a_rule_of_one_registry_does_not_judge_records_of_others_nor_copies(
    rule: Rule, case: Case, change: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    insert(warehouse, list(case.rows))
    warehouse.execute(f"UPDATE core.record SET {change}")
    sql = on_day(f"SELECT {rule.result_sql} FROM ({rule.rows_sql}) AS judged_rows", AS_OF)
    assert {result for (result,) in warehouse.execute(sql).fetchall()} == {None}
    assert warehouse.execute(violations_sql(rule, AS_OF)).fetchall() == []


def test_registries_of_rules_are_known_ones() -> None:
    known = {registry.code for registry in REGISTRIES}
    assert {code for rule in RULES.values() for code in rule.registries} <= known


@pytest.mark.parametrize("source_format", ["ictrp_csv", "euctr_text", "drks_json", "a_format_of_tomorrow"])
def test_a_sparse_record_of_another_registry_breaks_no_rule(
    source_format: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """An export of few fields says nothing about what it leaves out."""
    key, values = "DRKS:DRKS00099991", {"registry": "DRKS", "registry_id": "DRKS00099991", "version_id": 1}
    insert(
        warehouse,
        [
            record(
                key,
                source_format=source_format,
                brief_title="An invented study",
                study_type="INTERVENTIONAL",
                overall_status="RECRUITING",
                start="2026-03",
                arm_count=0,
                intervention_count=0,
                location_count=0,
                primary_outcome_count=0,
                lead_sponsor="An invented clinic",
                **values,
            ),
            version(1, key, registry="DRKS", source_format=source_format),
            child("staging.study", brief_title="An invented study"),
            child("core.sponsor", record_key=key, role="lead", name="An invented clinic"),
            child("core.outcome", record_key=key, outcome_type="PRIMARY", measure="Walking distance"),
            child("core.official", record_key=key, name="Clinical Trials Office"),
            child("core.identifier", record_key=key, role="own", id_type="DRKS", id_raw="DRKS00099991", is_valid=True),
            landing_file(records_accepted=1),
        ],
    )
    assert broken_rules(warehouse) == {}


@pytest.mark.parametrize("study_type", [None, "INTERVENTIONAL", "OBSERVATIONAL"])
def test_what_the_registry_withholds_by_law_breaks_no_rule(
    study_type: str | None, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A trial of a device that is not yet cleared shows its number, its kind and the day it was posted, no more."""
    device = "[Trial of device that is not approved or cleared by the U.S. FDA]"
    insert(
        warehouse,
        [
            record(
                brief_title=device,
                official_title=device,
                overall_status="WITHHELD",
                study_type=study_type,
                has_results=False,
                is_fda_regulated_device=True,
                first_submitted="2026-04-01",
                first_submitted_qc="2026-04-10",
                first_posted=("2026-04-16", "ACTUAL"),
                last_update_submitted="2026-04-10",
                last_update_posted=("2026-04-16", "ACTUAL"),
                arm_count=0,
                intervention_count=0,
                location_count=0,
                primary_outcome_count=0,
            ),
            version(),
            child("staging.study", nct_id="NCT00000001", brief_title=device),
            OWN_NUMBER,
            landing_file(records_accepted=1),
        ],
    )
    assert broken_rules(warehouse) == {}


def test_what_nobody_asked_for_is_not_held_against_a_record(warehouse: duckdb.DuckDBPyConnection) -> None:
    """API v2 gives chosen fields where it is asked with `fields=`; then `hasResults` and the type may be missing."""
    insert(
        warehouse,
        [
            record(
                brief_title="An invented study",
                overall_status="RECRUITING",
                standing="chosen",
                study_type=None,
                has_results=None,
                arm_count=1,
                intervention_count=1,
                location_count=1,
                primary_outcome_count=1,
            ),
            version(),
            child("staging.study", nct_id="NCT00000001", brief_title="An invented study"),
            child("core.arm_group", label="A"),
            child("staging.arm_group", label="A"),
            child("core.intervention", name="X"),
            child("staging.intervention", name="X"),
            child("core.outcome", outcome_type="PRIMARY", measure="Walking distance"),
            child("core.location", facility="An invented clinic", country="France"),
            OWN_NUMBER,
            landing_file(records_accepted=1),
        ],
    )
    assert broken_rules(warehouse) == {}


def test_a_record_with_its_type_is_asked_for_its_enrollment_though_it_lacks_hasresults(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Records pass through many hands, and what stands beside the protocol is lost first; it excuses nothing in it."""
    insert(warehouse, [record(study_type="INTERVENTIONAL", has_results=None)])
    found = warehouse.execute(violations_sql(RULES["enrollment_present"], AS_OF)).fetchall()
    assert len(found) == 1


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
