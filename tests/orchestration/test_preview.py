"""Previews show foreign text without letting it come alive, and no personal contact data."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.orchestration.preview import CELL_CHARACTERS, markdown_cell, markdown_table, preview_markdown
from pipelines.tables import SOURCE_TABLES


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(None, "", id="null"),
        pytest.param("", "", id="empty"),
        pytest.param(12, "`12`", id="number"),
        pytest.param("<script>alert(1)</script>", "`<script>alert(1)</script>`", id="html-in-code"),
        pytest.param("a `b` c", "`a 'b' c`", id="backticks"),
        pytest.param("a | b", "`a \\| b`", id="bar"),
        pytest.param("one\n\ntwo\tthree", "`one two three`", id="lines"),
        pytest.param("write to a.b@example.org", "*withheld*", id="mail"),
        pytest.param("x" * 100, "`" + "x" * (CELL_CHARACTERS - 1) + "…`", id="long"),
    ],
)
def test_cell(value: object, shown: str) -> None:
    assert markdown_cell(value) == shown


@given(st.text())
def test_no_cell_can_break_out_of_its_code(text: str) -> None:
    cell = markdown_cell(text)
    if cell in ("", "*withheld*"):
        return
    inner = cell[1:-1]
    assert cell.startswith("`")
    assert cell.endswith("`")
    assert "`" not in inner
    assert "\n" not in cell
    bars = inner.replace("\\\\", "").replace("\\|", "")
    assert "|" not in bars


def test_table_has_as_many_cells_in_every_row() -> None:
    lines = markdown_table(["a", "b"], [["1|2", None], ["`", "x"]]).splitlines()
    assert lines[:2] == ["| a | b |", "| --- | --- |"]
    assert lines[2] == "| `1\\|2` |  |"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA staging; CREATE SCHEMA core; CREATE SCHEMA quality")
    return connection


def test_contact_tables_have_no_preview(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("central_contact", "location_contact", "overall_official"):
        connection.execute(f"CREATE TABLE staging.{name} AS SELECT 'Ada Example' AS name, '+1 555' AS phone")
        assert preview_markdown(connection, "staging", name) is None


def test_personal_and_raw_columns_are_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE core.record AS SELECT 'CTGOV:NCT1' AS record_key, 'A title' AS official_title, "
        "'Ada Example' AS responsible_party_name, 'x' AS contact_email"
    )
    shown = preview_markdown(connection, "core", "record") or ""
    assert "official_title" in shown
    assert "Columns not shown: 2." in shown
    assert "Ada" not in shown


def test_table_of_nothing_but_withheld_columns_has_no_preview(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE quality.x AS SELECT 'secret' AS excerpt, 'secret' AS value")
    assert preview_markdown(connection, "quality", "x") is None


def test_every_people_table_of_the_shape_is_withheld() -> None:
    """Tables whose columns name a person's phone or e-mail must be caught by the table rule or lose those columns."""
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA staging")
    for table in SOURCE_TABLES.values():
        personal = [c.name for c in table.columns if "phone" in c.name or "email" in c.name]
        if table.schema == "staging" and personal:
            columns = ", ".join(f"'PERSONAL' AS \"{c.name}\"" for c in table.columns)
            connection.execute(f"CREATE TABLE staging.{table.name} AS SELECT {columns}")
            shown = preview_markdown(connection, "staging", table.name)
            header = (shown or "").splitlines()[0] if shown else ""
            assert not any(f" {name} " in header for name in personal), table.name
