"""Search in plain SQL: which words are the same, what ranks first, and that a reader of the file needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse.search import create_search_macros

DOCUMENT = Path(__file__).parents[2] / "dbt_like_models" / "marts" / "search_document.sql"
RECORDS = [
    # key, title, acronym, condition, intervention
    ("C:1", "Peanut allergy in children", "NUT-1", "Allergy", "Oral immunotherapy"),
    ("C:2", "A diet study", None, "Peanut allergies", "Peanuts"),
    ("C:3", "Études sur l'œsophagite à éosinophiles", None, "Eosinophilic esophagitis", "Examplin"),
    ("C:4", "Virus of the liver", None, "Hepatitis C virus", "Placebo"),
    ("C:5", "Pea protein", None, "Nutrition", "Biopsies"),
]
CRITERIA = [
    ("C:1", 1, "inclusion", "Girls (12 years) with asthma-like symptoms"),
    ("C:1", 2, "exclusion", "Pregnancy, or no contraceptives"),
    ("C:2", 1, "exclusion", "Pregnant women"),
    ("C:3", 1, "exclusion", None),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A file opened read-only, as its readers do."""
    path = tmp_path_factory.mktemp("search") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            CREATE SCHEMA core; CREATE SCHEMA marts;
            CREATE TABLE core.record (record_key VARCHAR, trial_id VARCHAR, registry_id VARCHAR, acronym VARCHAR,
                brief_title VARCHAR, official_title VARCHAR);
            CREATE TABLE core.condition (record_key VARCHAR, position INTEGER, condition VARCHAR);
            CREATE TABLE core.intervention (record_key VARCHAR, position INTEGER, name VARCHAR, other_names VARCHAR[]);
            CREATE TABLE core.keyword (record_key VARCHAR, position INTEGER, keyword VARCHAR);
            CREATE TABLE core.criterion (record_key VARCHAR, position INTEGER, kind VARCHAR, text VARCHAR,
                numbering VARCHAR, has_children BOOLEAN);
            """
        )
        for key, title, acronym, condition, intervention in RECORDS:
            number = f"NCT0000000{key[-1]}"
            connection.execute(
                "INSERT INTO core.record VALUES (?, ?, ?, ?, ?, NULL)", [key, key, number, acronym, title]
            )
            connection.execute("INSERT INTO core.condition VALUES (?, 1, ?)", [key, condition])
            connection.execute("INSERT INTO core.intervention VALUES (?, 1, ?, NULL)", [key, intervention])
        connection.executemany("INSERT INTO core.criterion VALUES (?, ?, ?, ?, NULL, FALSE)", CRITERIA)
        connection.execute(f"CREATE TABLE marts.search_document AS {DOCUMENT.read_text(encoding='utf-8')}")
        assert create_search_macros(connection) == ["marts.search", "marts.search_criteria"]
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("peanut allergy", ["C:1", "C:2"]),
        ("PEANUTS Allergies", ["C:1", "C:2"]),
        ("eosinophilic oesophagitis", ["C:3"]),
        ("etudes", ["C:3"]),
        ("nct00000004", ["C:4"]),
        ("NUT-1", ["C:1"]),
        ("biopsy", ["C:5"]),
        ("hepatitis", ["C:4"]),
        ("hepat*", ["C:4"]),
        ("hepat", []),
        ("pea", ["C:5"]),
        ("the virus", ["C:4"]),
        ("the", ["C:4"]),
        ("", []),
        ("?!", []),
        ("' OR 'x'='x", []),
    ],
)
def test_which_records_a_query_finds(warehouse: duckdb.DuckDBPyConnection, query: str, expected: list[str]) -> None:
    found = warehouse.execute("SELECT record_key FROM marts.search(?)", [query]).fetchall()
    assert [key for (key,) in found] == expected


def test_more_words_come_before_fewer_and_a_condition_before_a_drug(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute("FROM marts.search('allergy examplin immunotherapy')").fetchall()
    assert [(row[0], row[3], row[4], row[5]) for row in rows] == [
        ("C:1", 2, 3, "allergy immunotherapy"),
        ("C:2", 1, 3, "allergy"),
        ("C:3", 1, 3, "examplin"),
    ]
    assert all(row[2] > 0 for row in rows)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("pregnan", [("C:1", 2), ("C:2", 1)]),
        ("pregnancy contraceptive", [("C:1", 2)]),
        ("asthma 12", [("C:1", 1)]),
        ("sthma", []),
        ("", []),
    ],
)
def test_criteria_that_hold_all_the_words(
    warehouse: duckdb.DuckDBPyConnection, query: str, expected: list[tuple[str, int]]
) -> None:
    assert (
        warehouse.execute("SELECT record_key, position FROM marts.search_criteria(?)", [query]).fetchall() == expected
    )


def test_no_macro_where_there_is_nothing_to_search() -> None:
    with duckdb.connect() as connection:
        assert create_search_macros(connection) == []
