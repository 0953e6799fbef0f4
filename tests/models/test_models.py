"""The SQL models: all load, each has unit cases beside it, and every case holds."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipelines.tables import SOURCE_TABLES, create_statement
from pipelines.warehouse.models import MODELS_DIR, Model, load_models, materialise, run_model_tests, write_meta
from pipelines.warehouse.models.cases import ENDING, Case, facts_of, load_cases, run_case

SOURCES = {name: table.column_names for name, table in SOURCE_TABLES.items()}
MODELS = load_models(None, SOURCES)
TYPES = {
    **{name: {column.name: column.duckdb_type for column in table.columns} for name, table in SOURCE_TABLES.items()},
    **{name: {column.name: column.duckdb_type for column in model.columns.values()} for name, model in MODELS.items()},
}
FACTS = facts_of(MODELS)
MADE = [name for name in MODELS if name not in FACTS]
"""Models made from tables, not written facts."""


def _name(path: Path) -> str:
    return f"{path.parent.name}.{path.name.removesuffix(ENDING)}"


AACT_CONSTANTS = {
    # what the registry does not give (any more), and AACT's words for the part of a record
    *("nlm_download_date", "nlm_download_date_description", "last_update_submitted_qc_date", "population", "agreement"),
    *("count_units", "default_vocab", "default_assessment", "qualifier", "tree_number"),
    *(
        "removed",
        "scope",
        "mesh_type",
        "id_source",
        "result_type",
        "event_type",
        "classification",
        "lead_or_collaborator",
    ),
    # counts of rows
    *("number_of_facilities", "has_single_facility"),
    *(f"number_of_{kind}_outcomes_to_measure" for kind in ("primary", "secondary", "other")),
}

CASES = [(_name(path), case) for path in sorted(MODELS_DIR.glob(f"*/*{ENDING}")) for case in load_cases(path)]


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case.name.replace(' ', '_')}" for name, case in CASES])
def test_case(name: str, case: Case) -> None:
    result = run_case(MODELS[name], case, TYPES, FACTS)
    assert result.made == result.expected


@pytest.mark.parametrize("name", MADE)
def test_every_model_has_a_case(name: str) -> None:
    """But for written facts, which nothing is given to: the cases of the models that apply them test those."""
    assert name in {tested for tested, _ in CASES}, f"write {MODELS[name].path.with_suffix(ENDING)}"


def test_the_models_of_the_contract_are_there() -> None:
    children = (
        "condition intervention arm_group sponsor official contact location country outcome reference link criterion"
        " relation field_state identifier trial record"
    )
    marts = ("recruitment_pipeline", "enrollment_landscape", "sponsor_portfolio")
    assert {f"core.{name}" for name in children.split()} | {f"marts.{name}" for name in marts} <= MODELS.keys()


def test_each_model_comes_after_what_it_needs() -> None:
    seen = set(SOURCES)
    for name, model in MODELS.items():
        assert model.depends_on | model.tested_against <= seen | {name}
        seen.add(name)


@pytest.mark.parametrize("name", MADE)
def test_what_is_read_holds_whatever_values_and_rows_hang_on(name: str) -> None:
    """A run leaves a table as it is where the columns it reads have not changed: one that is missing would be wrong."""
    model = MODELS[name]
    assert model.reads.keys() == model.depends_on
    hangs_on = {*model.rows_by, *(ref for parents in model.lineage.values() for ref in parents)}
    assert {(table, column) for table, columns in model.reads.items() for column in columns} >= {
        (ref.table, ref.column) for ref in hangs_on
    }


@pytest.mark.parametrize("name", MADE)
def test_every_column_is_traced_or_made_of_none(name: str) -> None:
    """Only constants and counts of rows come from no column."""
    model = MODELS[name]
    untraced = {column for column, parents in model.lineage.items() if not parents}
    constants = AACT_CONSTANTS if model.schema == "aact" else set()
    assert untraced - constants <= {
        "level",
        "ground",
        "outcome_type",
        "record_count",
        "link_count",
        "field",
        "place",
        "version_count",
        "milestone",
        "snapshots_without",
        "from_milestone",
        "to_milestone",
        "from_type",
        "to_type",
        "location_count",
        "arm_count",
        "intervention_count",
        "primary_outcome_count",
        "relation_type",
        "site_count",
        "country_count",
        "open_site_count",
        "studies",
        "has_ethics_review",
        "item_no",
        "item",
        "is_optional",
        "records",
        "reason",
        "date_name",
        "event_kind",
        "entry_kind",
        "kind",
        "basis",
        "dimension",
        "site_rows",
        "trials",
    }


def test_all_models_build_on_empty_tables_and_pass_their_tests() -> None:
    with duckdb.connect() as connection:
        for schema in sorted({table.schema for table in SOURCE_TABLES.values()}):
            connection.execute(f"CREATE SCHEMA {schema}")
        for table in SOURCE_TABLES.values():
            connection.execute(create_statement(table))
        for model in MODELS.values():
            made = materialise(connection, model)
            assert (made.rows == 0 or made.rows is None) is (model.full_name not in FACTS), "a view is not counted"
            failed = [
                (result.test.name, result.error) for result in run_model_tests(connection, model) if not result.success
            ]
            assert failed == []
        write_meta(connection, MODELS)
        undocumented = connection.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns()"
            " WHERE NOT internal AND comment IS NULL"
            " AND schema_name IN ('core', 'marts', 'aact', 'meta')"
        ).fetchall()
        assert [row for row in undocumented if f"{row[0]}.{row[1]}" not in SOURCE_TABLES] == []


# every figure is a metric

NUMERIC = ("INTEGER", "BIGINT", "HUGEINT", "SMALLINT", "DOUBLE", "FLOAT", "DECIMAL")
FIGURE = re.compile(r"(?:^|_)(?:days|months|share|score|total|median|mean|difference|usd|rate|percent|likeness)(?:_|$)")
"""Names of figures whose making is not plain from the name; numbers with a fraction are figures by any name."""
COMPANION = re.compile(r"_(?:min|max|p25|p75|median|change)$|^previous_")
"""What a figure's bounds, quartiles, change and former value have beside its name: they share its definition."""
AS_REPORTED = {
    "spread", "lower_limit", "upper_limit", "ci_percent", "ci_lower", "ci_upper", "dispersion",
    "latitude", "longitude",
}  # fmt: skip
"""Figures of the record itself, as numbers."""


def _stem(name: str) -> str:
    while COMPANION.search(name):
        name = COMPANION.sub("", name)
    return name


@pytest.mark.parametrize("model", [model for model in MODELS.values() if model.schema == "marts"], ids=lambda m: m.name)
def test_every_figure_of_a_mart_is_a_metric(model: Model) -> None:
    """Counts whose description says all are left to it; a figure that a reader could misread is defined as a metric."""
    defined = {_stem(metric.name) for metric in model.metrics}
    figures = {
        column.name
        for column in model.columns.values()
        if column.duckdb_type.startswith(NUMERIC)
        and (FIGURE.search(column.name) or column.duckdb_type.startswith(("DOUBLE", "FLOAT", "DECIMAL")))
    }
    undefined = {name for name in figures if _stem(name) not in defined} - AS_REPORTED
    assert not undefined, f"{model.path}: define under `metrics:` what a reader could misread: {sorted(undefined)}"
