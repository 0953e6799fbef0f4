"""The tables that Python writes: their DDL runs, carries every comment, and fits what DuckLake can hold."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.study.shape import staged_tables
from pipelines.tables import (
    SOURCE_TABLES,
    SourceColumn,
    SourceTable,
    comment_statements,
    create_statement,
    literal,
    parquet,
)

PLAIN_TYPES = {"VARCHAR", "BIGINT", "INTEGER", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "JSON"}


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for schema in {table.schema for table in SOURCE_TABLES.values()}:
        connection.execute(f"CREATE SCHEMA {schema}")
    for table in SOURCE_TABLES.values():
        for statement in (create_statement(table), create_statement(table), *comment_statements(table)):
            connection.execute(statement)
    return connection


def test_the_ddl_makes_each_table_as_defined(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = connection.execute(
        """SELECT schema_name || '.' || table_name, column_name, data_type, comment, is_nullable
           FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"""
    ).fetchall()
    expected = [
        (full_name, column.name, column.duckdb_type, column.comment, column.nullable)
        for full_name, table in SOURCE_TABLES.items()
        for column in table.columns
    ]
    assert rows == sorted(expected)
    without = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND comment IS NULL"
    ).fetchall()
    assert without == []


def test_every_staged_table_of_the_shape_is_there() -> None:
    assert {f"staging.{name}" for name in staged_tables()} < set(SOURCE_TABLES)


@pytest.mark.parametrize("table", SOURCE_TABLES.values(), ids=lambda table: table.full_name)
def test_keys_are_columns_and_types_are_plain(table: SourceTable) -> None:
    assert set(table.key) <= set(table.column_names)
    assert len(set(table.column_names)) == len(table.columns)
    assert {column.duckdb_type for column in table.columns} <= PLAIN_TYPES
    assert all(column.comment.endswith((".", "…")) for column in table.columns)


def test_names_and_comments_are_quoted() -> None:
    column = SourceColumn('say "when"', "VARCHAR", "It's said.")
    table = SourceTable("main", 'odd "name', "A table's comment.", (), (column,))
    with duckdb.connect() as connection:
        for statement in (create_statement(table), *comment_statements(table)):
            connection.execute(statement)
        assert connection.execute("SELECT comment FROM duckdb_columns() WHERE NOT internal").fetchall() == [
            ("It's said.",)
        ]


@pytest.mark.parametrize("name", ["a=b", "it's", "a b", "{a,b}", "%", "#", "é", "back\\slash"])
def test_parquet_files_are_read_by_their_names_as_they_stand(name: str, tmp_path: Path) -> None:
    """A home below a folder env=prod could not be run in: every part had a column env."""
    file = tmp_path / name / "f.parquet"
    file.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {literal(name)} AS folder) TO {literal(str(file))} (FORMAT parquet)")
        rows = connection.execute(f"FROM {parquet([file])}")
        assert [column[0] for column in rows.description or ()] == ["folder"]
        assert rows.fetchall() == [(name,)]
