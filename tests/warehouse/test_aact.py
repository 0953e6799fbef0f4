"""Schema aact: queries from AACT's documentation and tutorials run as they stand, with answers worked out by hand.

Most are taken from the page named beside them, some only for the tables and joins that it describes; titles, names and
dates are those of the synthetic studies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.sample import make_study
from pipelines.sample.render.aact_flat import add_study
from pipelines.sample.render.aact_flat_tables import COLUMNS, Export
from pipelines.warehouse.connect import find_by_bare_name
from tests.conftest import REPO_ROOT
from tests.warehouse.aact_studies import STUDIES, VIEWS, build

DOCS = "https://aact.ctti-clinicaltrials.org"
GITHUB = "https://github.com"


@pytest.fixture(scope="module")
def aact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The five studies as a user finds them."""
    with build(STUDIES, tmp_path_factory.mktemp("aact")) as connection:
        yield connection


QUERIES: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    (f"{DOCS}/connect", "select count(*) from studies;", [(5,)]),
    (
        f"{DOCS}/r",
        "select distinct study_type from studies",
        [("EXPANDED_ACCESS",), ("INTERVENTIONAL",), ("OBSERVATIONAL",)],
    ),
    (
        f"{DOCS}/sas",
        "select study_type, count(*) as Count from studies group by study_type;",
        [("EXPANDED_ACCESS", 1), ("INTERVENTIONAL", 3), ("OBSERVATIONAL", 1)],
    ),
    (
        f"{DOCS}/sas: pass-through",
        "select study_type, count(*) as Count from (select study_type from studies) group by study_type;",
        [("EXPANDED_ACCESS", 1), ("INTERVENTIONAL", 3), ("OBSERVATIONAL", 1)],
    ),
    (f"{DOCS}/sas: pass-through", "select count(*) from (select nct_id from studies);", [(5,)]),
    (
        f"{DOCS}/points_to_consider: child.<parent>_id = parent.id",
        """
        select design_groups.title, interventions.name
        from design_group_interventions
        join design_groups on design_group_interventions.design_group_id = design_groups.id
        join interventions on design_group_interventions.intervention_id = interventions.id
        where design_groups.nct_id = 'NCT01000001'
        """,
        [("A", "Alphamab"), ("A+R", "Alphamab"), ("A+R", "Radiotherapy")],
    ),
    (
        f"{DOCS}/schema: outcomes, analyses and the groups they compare",
        """
        SELECT o.title, oa.method, oa.p_value_modifier, oa.p_value, rg.title, om.param_value_num, oc.count
        FROM ctgov.outcomes o
        JOIN ctgov.outcome_analyses oa ON o.id = oa.outcome_id
        JOIN ctgov.outcome_analysis_groups oag ON oa.id = oag.outcome_analysis_id
        JOIN ctgov.result_groups rg ON oag.result_group_id = rg.id
        JOIN ctgov.outcome_measurements om ON om.outcome_id = o.id AND om.result_group_id = rg.id
        JOIN ctgov.outcome_counts oc ON oc.outcome_id = o.id AND oc.result_group_id = rg.id
        """,
        [
            ("Overall survival", "Log Rank", "<", 0.001, "Alphamab", 21.5, 118),
            ("Overall survival", "Log Rank", "<", 0.001, "Alphamab and radiation", 30.0, 80),
        ],
    ),
    (
        f"{DOCS}/schema: baseline and its groups",
        """
        SELECT bm.title, rg.title, bm.param_value, bm.param_value_num, bm.dispersion_value_num, bm.number_analyzed
        FROM ctgov.baseline_measurements bm
        JOIN ctgov.result_groups rg ON bm.result_group_id = rg.id
        """,
        [
            ("Age, Continuous", "Alphamab", "54.5", 54.5, 9.25, 120),
            ("Age, Continuous", "Alphamab and radiation", "56", 56.0, None, 80),
        ],
    ),
    (
        f"{DOCS}/schema: participant flow",
        """
        select m.period, m.title, rg.title, m.count, d.reason, d.count
        from milestones m
        join result_groups rg on rg.id = m.result_group_id
        left join drop_withdrawals d on d.result_group_id = rg.id
        """,
        [
            ("Overall Study", "STARTED", "Alphamab", 120, "Death", 6),
            ("Overall Study", "STARTED", "Alphamab and radiation", 80, None, None),
        ],
    ),
    (
        f"{GITHUB}/metrics-stanford/AACT",
        """
        select NCT_ID from studies
        where (enrollment = 200) AND (completion_date > '2016-11-11') AND (number_of_arms > 4);
        """,
        [("NCT01000002",)],
    ),
    (
        f"{GITHUB}/metrics-stanford/AACT",
        """
        select studies.nct_id, conditions.name, interventions.name from studies, conditions, interventions
        where (studies.nct_id = conditions.nct_id) AND (studies.nct_id = interventions.nct_id)
        AND (interventions.name = 'Radiotherapy') AND (studies.number_of_arms = 2) AND (completion_date > '2016-11-11');
        """,
        [
            ("NCT01000001", "Breast Cancer", "Radiotherapy"),
            ("NCT01000001", "Metastasis", "Radiotherapy"),
        ],
    ),
    (
        f"{GITHUB}/metrics-stanford/AACT",
        """
        select studies.nct_id, browse_conditions.mesh_term from studies, browse_conditions
        where (studies.nct_id = browse_conditions.nct_id) AND
        (studies.enrollment = 200) AND (studies.start_date > '2017-11-11')
        """,
        [("NCT01000001", "Breast Neoplasms"), ("NCT01000001", "Neoplasms")],
    ),
    (
        f"{GITHUB}/Shou-Yu-YAN/AACT_database",
        "select nct_id, brief_title from studies where brief_title like '%Alphamab%'",
        [
            ("NCT01000001", "Alphamab With or Without Radiation in Breast Cancer"),
            ("NCT01000005", "Expanded Access to Alphamab"),
        ],
    ),
    (
        f"{GITHUB}/Shou-Yu-YAN/AACT_database",
        """
        select facilities.name, facilities.city from facilities, interventions
        where facilities.nct_id = interventions.nct_id and interventions.name = 'Betavir'
        and facilities.status = 'RECRUITING' limit 5
        """,
        [("Lake Hospital", "Toronto")],
    ),
    (
        "https://rpubs.com (1374742): phase 2 and 3 studies of some years",
        """
        SELECT nct_id, brief_title, overall_status, phase, enrollment, start_date, completion_date, number_of_arms
        FROM studies
        WHERE (phase = 'PHASE2' OR phase = 'PHASE1/PHASE2' OR phase = 'PHASE2/PHASE3')
            AND study_type = 'INTERVENTIONAL'
            AND start_date >= '2017-03-01' AND start_date <= '2024-12-31'
        """,
        [
            (
                "NCT01000001", "Alphamab With or Without Radiation in Breast Cancer", "COMPLETED", "PHASE2/PHASE3", 200,
                date(2018, 1, 15), date(2019, 6, 30), 2,
            )
        ],
    ),
    (
        "https://rpubs.com (1374742): lead sponsors",
        "SELECT nct_id, agency_class, lead_or_collaborator FROM sponsors WHERE lead_or_collaborator = 'lead'",
        [
            ("NCT01000001", "INDUSTRY", "lead"), ("NCT01000002", "INDUSTRY", "lead"), ("NCT01000003", "OTHER", "lead"),
            ("NCT01000004", "INDUSTRY", "lead"), ("NCT01000005", "INDUSTRY", "lead"),
        ],
    ),
    (
        f"{GITHUB}/sanasyn/dbQueries: one row for each site",
        """
        select distinct on(f.id) f.name as facility_name, c.nct_id, c.name as condition_name, e.gender, e.minimum_age,
            e.maximum_age, s.brief_title, sum.description
        from conditions c
        left join eligibilities e on c.nct_id = e.nct_id
        left join facilities f on e.nct_id = f.nct_id
        left join studies s on f.nct_id = s.nct_id
        left join brief_summaries sum on s.nct_id = sum.nct_id
        where c.name like 'Alz%'
        order by f.id asc;
        """,
        [
            (
                "City Hospital", "NCT01000003", "Alzheimer Disease", "FEMALE", "N/A", "N/A",
                "Memory After Breast Cancer", "Memory is measured.",
            ),
            (
                "Bay Center", "NCT01000004", "Alzheimer Disease", "ALL", "65 Years", "N/A",
                "Walking in Alzheimer Disease", "Walking.",
            ),
        ],
    ),
    (
        f"{GITHUB}/tmquan/pgvector_study",
        """
        SELECT studies.nct_id, MAX(studies.brief_title) AS brief_title,
            STRING_AGG(DISTINCT brief_summaries.description, ' ') AS brief_summaries, MAX(facilities.country) AS country
        FROM ctgov.studies
        INNER JOIN ctgov.brief_summaries ON brief_summaries.nct_id = studies.nct_id
        INNER JOIN ctgov.facilities ON facilities.nct_id = studies.nct_id
        WHERE studies.overall_status = 'COMPLETED'
        GROUP BY studies.nct_id;
        """,
        [
            (
                "NCT01000001", "Alphamab With or Without Radiation in Breast Cancer",
                "Alphamab is given alone or with radiation.", "United States",
            )
        ],
    ),
    (
        "studies of children with sites in Canada, as web dashboards ask",
        """
        SELECT DISTINCT s.nct_id, s.overall_status, e.minimum_age, s.phase, COUNT(DISTINCT f.id) AS num_canadian_sites
        FROM ctgov.studies s
        JOIN ctgov.facilities f ON s.nct_id = f.nct_id
        JOIN ctgov.eligibilities e ON s.nct_id = e.nct_id
        LEFT JOIN ctgov.detailed_descriptions dd ON s.nct_id = dd.nct_id
        WHERE f.country = 'Canada' AND e.child
        GROUP BY s.nct_id, s.overall_status, e.minimum_age, s.phase
        """,
        [("NCT01000002", "RECRUITING", "6 Months", "PHASE3", 1)],
    ),
    (
        f"{GITHUB}/facebookresearch/Clinical-Trial-Parser and its kin: studies with calculated values",
        """
        with sponsors as (
            select s.nct_id, STRING_AGG(s.name, '|' ORDER BY name) AS lead_sponsor
            from ctgov.sponsors s where s.lead_or_collaborator = 'lead' group by s.nct_id
        )
        select t.nct_id AS "#nct_id", CASE WHEN cv.has_us_facility THEN 'true' ELSE 'false' END AS has_us_facility,
            s.lead_sponsor, t.start_date, cv.actual_duration, cv.number_of_sae_subjects, cv.months_to_report_results
        from ctgov.studies t
        left join ctgov.calculated_values cv on cv.nct_id = t.nct_id
        left join sponsors s on s.nct_id = t.nct_id
        where t.study_type = 'INTERVENTIONAL'
        order by t.nct_id asc;
        """,
        [
            # 12 participants with serious events, of whom one has both: AACT adds the terms up to 13
            ("NCT01000001", "true", "Alpha Pharma", date(2018, 1, 15), 11, 12, 13),
            ("NCT01000002", "false", "Alpha Pharma", date(2024, 3, 31), None, None, None),
            ("NCT01000004", "true", "Beta Bio", date(2020, 6, 30), 11, None, None),
        ],
    ),
    (
        "the condition listed first, by AACT's order of ids",
        """
        SELECT nct_id, condition FROM (
            SELECT nct_id, downcase_name AS condition, ROW_NUMBER() OVER (PARTITION BY nct_id ORDER BY id) AS rn
            FROM ctgov.conditions
        ) ranked
        WHERE rn = 1 AND nct_id IN ('NCT01000001', 'NCT01000003')
        """,
        [("NCT01000001", "breast cancer"), ("NCT01000003", "breast cancer")],
    ),
    (
        "AACT's helper views and functions (db/structure.sql)",
        """
        select s.nct_id, c.names, i.names, k.names from studies s
        join all_conditions c on c.nct_id = s.nct_id
        left join all_interventions i on i.nct_id = s.nct_id
        left join all_keywords k on k.nct_id = s.nct_id
        where s.nct_id in (select nct_id from ids_for_term('%neoplasms%'))
        """,
        [("NCT01000001", "Breast Cancer|Metastasis", "Alphamab|Radiotherapy", "HER2 Positive")],
    ),
    (
        "studies of an organisation, by AACT's function",
        "select * from ids_for_org('%toronto%')",
        [("NCT01000001",), ("NCT01000002",)],
    ),
    (
        "counts by year, as in many tutorials",
        """
        SELECT EXTRACT(YEAR FROM start_date)::int AS year, count(*) FROM ctgov.studies
        WHERE start_date IS NOT NULL GROUP BY 1 ORDER BY 1
        """,
        [(2015, 1), (2018, 1), (2020, 1), (2024, 1)],
    ),
    (
        "adverse events by term, as in many tutorials",
        """
        select event_type, adverse_event_term, sum(subjects_affected) as affected from reported_events
        where organ_system ilike '%infections%' group by 1, 2
        """,
        [("serious", "Pneumonia", 9), ("serious", "Sepsis", 4)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "sql", "answer"), QUERIES, ids=[f"{n}" for n in range(1, len(QUERIES) + 1)])
def test_query_of_aact_runs_as_it_stands(
    aact: duckdb.DuckDBPyConnection, origin: str, sql: str, answer: list[tuple[Any, ...]]
) -> None:
    assert sorted(aact.execute(sql).fetchall(), key=repr) == sorted(answer, key=repr), origin


# against an export in AACT's own layout


OURS = {
    "studies": {"last_update_submitted_qc_date", "number_of_arms", "number_of_groups", "created_at", "updated_at"},
    "facility_contacts": {"contact_type"},
    "baseline_measurements": {"number_analyzed", "number_analyzed_units"},
    "outcomes": {"anticipated_posting_date"},
    "outcome_analyses": {"p_value_modifier"},
    "reported_event_totals": {"created_at", "updated_at"},
}
"""Columns in which the views differ from AACT by design: docs/marts/aact.md says why."""
NUMBERS = {"id", "result_group_id", "outcome_id", "facility_id", "intervention_id", "design_group_id", "reference_id"}
NUMBERS |= {"outcome_analysis_id"}
"""AACT gives rows other numbers in each load."""


def _plain(value: object) -> object:
    """A value without what is only a matter of types: texts of numbers, dates and booleans."""
    if isinstance(value, bool) or value is None:
        return value
    if value in ("t", "f"):
        return value == "t"
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return str(value)


PARENTS = {
    "facility_id": "facilities",
    "intervention_id": "interventions",
    "design_group_id": "design_groups",
    "reference_id": "study_references",
    "outcome_id": "outcomes",
    "outcome_analysis_id": "outcome_analyses",
    "result_group_id": "result_groups",
}


@pytest.fixture(scope="module")
def sample(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[list[dict[str, Any]], duckdb.DuckDBPyConnection]]:
    """Studies of the sample and their views."""
    studies = [make_study(11, number) for number in range(120)]
    with build(studies, tmp_path_factory.mktemp("sample")) as connection:
        yield studies, connection


@pytest.mark.slow
def test_views_hold_what_an_export_in_aact_s_layout_holds(
    sample: tuple[list[dict[str, Any]], duckdb.DuckDBPyConnection],
) -> None:
    """The sample's rendering follows AACT's loading code: row by row the same, but for what differs by design."""
    studies, connection = sample
    export = Export()
    for study in studies:
        add_study(export, study)
    compared = set()
    for view in VIEWS:
        if view.name not in COLUMNS or view.name == "calculated_values":
            continue
        assert set(COLUMNS[view.name]) <= set(view.columns), view.name
        names = [name for name in COLUMNS[view.name] if name not in NUMBERS | OURS.get(view.name, set())]
        places = [COLUMNS[view.name].index(name) for name in names]
        theirs = [tuple(_plain(row[place]) for place in places) for row in export.rows[view.name]]
        rows = connection.execute(f"SELECT {', '.join(names)} FROM {view.name}").fetchall()
        ours = [tuple(map(_plain, row)) for row in rows]
        assert sorted(ours, key=repr) == sorted(theirs, key=repr), view.name
        compared |= {view.name} if theirs else set()
    assert len(compared) > 35, "the sample fills nearly every table"


@pytest.mark.slow
def test_numbers_are_unique_small_enough_for_floating_point_and_join(
    sample: tuple[list[dict[str, Any]], duckdb.DuckDBPyConnection],
) -> None:
    _, connection = sample
    for view in VIEWS:
        if "id" in view.columns:
            rows, different, largest = connection.execute(
                f"SELECT count(*), count(DISTINCT id), coalesce(max(id), 0) FROM {view.name}"
            ).fetchall()[0]
            assert (rows, largest < 2**53) == (different, True), view.name
        for column, parent in PARENTS.items():
            if column in view.columns:
                lost = f"SELECT count(*) FROM {view.name} WHERE {column} NOT IN (SELECT id FROM {parent})"
                assert connection.execute(lost).fetchall() == [(0,)], f"{view.name}.{column}"


def test_columns_are_those_of_aact_in_their_order() -> None:
    """Of today's export; what AACT has and the warehouse cannot have is named in docs/marts/aact.md."""
    views = {view.name: tuple(view.columns) for view in VIEWS}
    page = (REPO_ROOT / "docs" / "marts" / "aact.md").read_text(encoding="utf-8")
    for table, columns in COLUMNS.items():
        if table not in views:
            assert f"`{table}`" in page, table
        elif table != "calculated_values":
            assert views[table] == columns, table


def test_aliases_are_complete_and_described(aact: duckdb.DuckDBPyConnection) -> None:
    undescribed = aact.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns()"
        " WHERE schema_name IN ('aact', 'ctgov') AND coalesce(comment, '') = ''"
    ).fetchall()
    assert undescribed == []
    counts = aact.execute(
        "SELECT schema_name, count(*) FROM duckdb_views() WHERE NOT internal GROUP BY 1 HAVING schema_name <> 'core'"
    ).fetchall()
    assert sorted(counts) == [("aact", len(VIEWS)), ("ctgov", len(VIEWS))]


def test_bare_names_are_found_where_there_are_views() -> None:
    with duckdb.connect() as connection:
        find_by_bare_name(connection)
        assert connection.execute("SELECT current_setting('search_path')").fetchall() == [("",)]
        connection.execute("CREATE SCHEMA aact")
        connection.execute("CREATE VIEW aact.studies AS SELECT 1 AS nct_id")
        find_by_bare_name(connection)
        assert connection.execute("SELECT nct_id FROM studies").fetchall() == [(1,)]
