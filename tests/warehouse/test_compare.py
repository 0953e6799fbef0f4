"""Two warehouse files are compared by content: what a run cannot help is left out, everything else is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.listed_tables import LISTED
from pipelines.warehouse.compare import (
    KEPT_OVER_BUILDS,
    LANDING_COLUMNS,
    RUN_COLUMNS,
    content_of,
    differences,
    differing_rows,
)

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A small warehouse file; statements given with it come after."""

    def made(name: str, *statements: str) -> Path:
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                """
                CREATE SCHEMA raw; CREATE SCHEMA marts;
                CREATE TABLE raw.file (file_id VARCHAR, bytes BIGINT, tags VARCHAR[], first_seen_at TIMESTAMP);
                COMMENT ON TABLE raw.file IS 'Files.';
                INSERT INTO raw.file VALUES ('a', 1, ['x', 'y'], '2026-01-01'), ('b', 2, NULL, '2026-01-01');
                CREATE VIEW marts.big AS SELECT file_id FROM raw.file WHERE bytes > 1;
                CREATE MACRO marts.file_at(day) AS TABLE SELECT file_id FROM raw.file WHERE first_seen_at <= day;
                """
            )
            for statement in statements:
                connection.execute(statement)
        return path

    return made


def test_same_rows_in_another_order_at_another_time_are_the_same(make: Make) -> None:
    first = make("first")
    second = make(
        "second",
        "CREATE OR REPLACE TABLE raw.file AS SELECT * REPLACE (TIMESTAMP '2026-02-02' AS first_seen_at) "
        "FROM raw.file ORDER BY file_id DESC",
        "COMMENT ON TABLE raw.file IS 'Files.'",
    )
    assert differences(content_of(first), content_of(second)) == []
    assert differing_rows(first, second, "raw.file") == ([], [])


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE raw.file SET bytes = 3 WHERE bytes = 2", "raw.file: 2 rows in both, but not the same"),
        ("UPDATE raw.file SET tags = ['y', 'x'] WHERE bytes = 1", "raw.file: 2 rows in both"),
        ("UPDATE raw.file SET first_seen_at = NULL", "raw.file: 2 rows in both"),
        ("INSERT INTO raw.file FROM raw.file", "raw.file: 2 rows against 4"),
        ("ALTER TABLE raw.file ADD COLUMN more INTEGER", "raw.file: columns, types or comments differ"),
        ("COMMENT ON COLUMN raw.file.bytes IS 'x'", "raw.file: columns, types or comments differ"),
        ("CREATE TABLE marts.new (a INTEGER)", "marts.new: only in the second"),
        ("CREATE OR REPLACE VIEW marts.big AS SELECT file_id FROM raw.file WHERE bytes < 2", "marts.big: 1 rows"),
        ("CREATE OR REPLACE MACRO marts.file_at(day) AS TABLE SELECT 1 AS one", "(macros): 1 rows in both"),
    ],
    ids=["value", "list-order", "clock-lost", "rows-twice", "column", "comment", "table", "view", "macro"],
)
def test_every_other_difference_is_named(make: Make, statement: str, said: str) -> None:
    found = differences(content_of(make("first")), content_of(make("second", statement)))
    assert any(sentence.startswith(said) for sentence in found), found


def test_differing_rows_are_shown(make: Make) -> None:
    first, second = make("first"), make("second", "UPDATE raw.file SET bytes = 3 WHERE bytes = 2")
    only_first, only_second = differing_rows(first, second, "raw.file")
    assert [row["bytes"] for row in only_first] == [2]
    assert [row["bytes"] for row in only_second] == [3]


def test_a_column_can_be_left_out_of_one_table(make: Make) -> None:
    first, second = make("first"), make("second", "UPDATE raw.file SET bytes = bytes + 1")
    leave_out = {"raw.file.bytes"}
    found = differences(content_of(first, leave_out=leave_out), content_of(second, leave_out=leave_out))
    assert found == ["marts.big: 1 rows against 2"]
    assert differing_rows(first, second, "raw.file", leave_out=leave_out) == ([], [])


def test_tables_can_be_left_out_by_name(make: Make) -> None:
    first, second = content_of(make("first")), content_of(make("second", "DELETE FROM raw.file WHERE bytes = 1"))
    assert differences(first, second, without=["raw.file"]) == []


def test_the_lists_name_what_exists() -> None:
    """A column that was renamed would be left out of nothing, silently."""
    columns = {line.split()[0] for _, _, text in LISTED.values() for line in text.strip().splitlines()}
    assert {*RUN_COLUMNS} - {"previous_checked_at", "created_at", "updated_at"} <= columns
    for name in LANDING_COLUMNS:
        table, _, column = name.rpartition(".")
        assert f" {column} " in LISTED[table][2]
    assert {name for name in KEPT_OVER_BUILDS if not name.startswith("marts.")} <= LISTED.keys()
