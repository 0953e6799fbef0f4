"""The rule that makes staged tables of the study shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.study.shape import DATE_TYPES, ROOT_TABLE, leaves, load_enums, load_shape, snake, staged_tables


def test_every_leaf_becomes_exactly_one_source_column() -> None:
    paths = [column.path for table in staged_tables().values() for column in table.columns if column.path]
    assert sorted(paths) == sorted(leaf.path for leaf in leaves())


def test_every_list_becomes_exactly_one_table() -> None:
    def lists(node: Any) -> list[str]:
        found = [child.path for child in node.children if child.is_list]
        return found + [path for child in node.children for path in lists(child)]

    assert sorted(lists(load_shape())) == sorted(t.path for t in staged_tables().values() if t.name != ROOT_TABLE)


@pytest.mark.parametrize(
    ("path", "table", "column"),
    [
        ("protocolSection.statusModule.startDateStruct.date", "study", "start_date"),
        ("protocolSection.identificationModule.orgStudyIdInfo.id", "study", "org_study_id"),
        ("protocolSection.ipdSharingStatementModule.description", "study", "ipd_sharing_description"),
        ("protocolSection.designModule.designInfo.maskingInfo.whoMasked[]", "who_masked", "who_masked"),
        ("protocolSection.contactsLocationsModule.locations[].geoPoint.lat", "location", "geo_point_lat"),
        (
            "protocolSection.armsInterventionsModule.armGroups[].interventionNames[]",
            "arm_group_intervention_name",
            "intervention_name",
        ),
        (
            "resultsSection.outcomeMeasuresModule.outcomeMeasures[].classes[].categories[].measurements[].value",
            "outcome_measure_class_category_measurement",
            "value",
        ),
    ],
)
def test_names_follow_the_words_of_the_path(path: str, table: str, column: str) -> None:
    found = [(t.name, c.name) for t in staged_tables().values() for c in t.columns if c.path == path]
    assert found == [(table, column)]


def test_a_nested_list_carries_the_positions_of_its_ancestors() -> None:
    table = staged_tables()["outcome_measure_class_category_measurement"]
    assert table.key == (
        "version_id",
        "outcome_measure_position",
        "class_position",
        "category_position",
        "position",
    )


def test_a_date_has_its_text_and_its_interval() -> None:
    names = [column.name for column in staged_tables()["study"].columns]
    place = names.index("completion_date")
    assert names[place + 1 : place + 4] == [
        "completion_date_earliest",
        "completion_date_latest",
        "completion_date_precision",
    ]


def test_every_enum_that_the_shape_names_is_listed() -> None:
    named = {leaf.leaf_type.split()[1] for leaf in leaves() if leaf.leaf_type and leaf.leaf_type.startswith("enum ")}
    assert named == set(load_enums())


def test_leaf_types_are_those_the_rule_knows() -> None:
    kinds = {(leaf.leaf_type or "").split()[0] for leaf in leaves()}
    assert kinds <= {"text", "markup", "integer", "number", "boolean", "enum", "duration"} | DATE_TYPES


@pytest.mark.parametrize(
    ("camel", "snaked"),
    [("startDateStruct", "start_date_struct"), ("pValue", "p_value"), ("nctId", "nct_id")],
)
def test_snake(camel: str, snaked: str) -> None:
    assert snake(camel) == snaked


def test_the_shape_holds_every_field_of_the_published_structure(shared_dir: Path) -> None:
    structure = json.loads((shared_dir / "data/schemas/ctgov_v2_study_structure.json").read_text(encoding="utf-8"))
    published: set[str] = set()

    def visit(field: dict[str, Any], above: str) -> None:
        path = f"{above}.{field['name']}" if above else field["name"]
        path += "[]" if field["type"].endswith("[]") else ""
        for child in field.get("children", []):
            visit(child, path)
        if "children" not in field and field["type"] != "GeoPoint":
            published.add(path)

    for section in structure:
        visit(section, "")
    assert published <= {leaf.path for leaf in leaves()}
