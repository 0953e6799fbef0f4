"""Statements that only read are let through; every other is refused by name."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.warehouse.reading import NotReadingError, check_reads


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT range AS a, range % 2 AS b FROM range(4)")
    return connection


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "FROM t",
        "  -- which\n SELECT 1;",
        "WITH x AS (SELECT 1) FROM x",
        "VALUES (1)",
        "TABLE t",
        "DESCRIBE t",
        "SUMMARIZE t",
        "SHOW TABLES",
        "PIVOT t ON b USING count(*)",
        "WITH p AS (PIVOT t ON b USING count(*)) FROM p",
        "UNPIVOT t ON a, b",
        "EXPLAIN SELECT 1",
        "explain analyze FROM t",
        "EXPLAIN (FORMAT json) FROM t",
        "PRAGMA table_info('t')",
        "SET VARIABLE day = DATE '2024-01-01'; SELECT getvariable('day')",
    ],
)
def test_reading(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    check_reads(connection, sql)
    connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("COPY t TO 'x.csv'", "COPY"),
        ("EXPLAIN ANALYZE COPY t TO 'x.csv'", "COPY"),
        ("EXPLAIN (ANALYZE, FORMAT json) COPY t TO 'x.csv'", "COPY"),
        ("EXPLAIN EXPLAIN COPY t TO 'x.csv'", "COPY"),
        ("/* 1 */ EXPLAIN ANALYZE COPY t TO 'x.csv'", "comment|COPY"),
        ("EXPLAIN /* 1 */ ANALYZE COPY t TO 'x.csv'", "ANALYZE"),
        ("SELECT 1; DROP TABLE t", "DROP"),
        ("EXPORT DATABASE 'x'", "EXPORT"),
        ("ATTACH 'x'", "ATTACH"),
        ("DETACH x", "DETACH"),
        ("INSTALL httpfs", "^INSTALL is refused"),
        ("LOAD httpfs", "LOAD"),
        ("CALL enable_logging()", "CALL"),
        ("CREATE TABLE u (a INT)", "CREATE"),
        ("/* PIVOT */ CREATE TEMP TABLE u AS SELECT 1", "CREATE"),
        ("CREATE SECRET s (TYPE s3)", "CREATE"),
        ("INSERT INTO t VALUES (1, 1)", "INSERT"),
        ("DELETE FROM t", "DELETE"),
        ("UPDATE t SET a = 1", "UPDATE"),
        ("MERGE INTO t USING t AS u ON true WHEN MATCHED THEN DELETE", "MERGE"),
        ("PREPARE p AS COPY t TO 'x.csv'", "PREPARE"),
        ("EXECUTE p", "EXECUTE"),
        ("BEGIN", "BEGIN"),
        ("VACUUM", "VACUUM"),
        ("CHECKPOINT", "^CHECKPOINT is refused"),
        ("COPY FROM DATABASE a TO b", "TRANSACTION|PRAGMA|COPY"),
        ("COPY (PIVOT t ON b USING count(*)) TO 'x.csv'", "TRANSACTION|MULTI|COPY"),
        ("CREATE TABLE u AS PIVOT t ON b USING count(*)", "TRANSACTION|MULTI|CREATE"),
        ("UPDATE EXTENSIONS", "is refused|not a valid"),
        ("IMPORT DATABASE 'x'", "PRAGMA|schema.sql|IMPORT"),
    ],
)
def test_all_else_is_refused_by_name(connection: duckdb.DuckDBPyConnection, sql: str, word: str) -> None:
    with pytest.raises((NotReadingError, duckdb.ParserException, duckdb.IOException), match=word):
        check_reads(connection, sql)


def test_a_pivot_behind_other_statements(connection: duckdb.DuckDBPyConnection) -> None:
    """DuckDB 1.5 raises IndexError when asked for the text of what it makes of the PIVOT."""
    check_reads(connection, f"SELECT a AS {'a' * 100} FROM t; PIVOT t ON b USING count(*)")


def test_what_is_no_sql_is_said_with_a_caret(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.ParserException, match=r"\^"):
        check_reads(connection, "SELECT FROM WHERE")
