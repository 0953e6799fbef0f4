"""The macros of one attached database in another: as-of tables, search, functions.

Belongs here: copying what DuckDB knows of them. Does not: making them (as_of.py, search.py, functions.py, aact.py).
"""

from __future__ import annotations

import duckdb

from pipelines.tables import quoted
from pipelines.warehouse.as_of import PARAMETERS

_OF_A_DATABASE = (
    "SELECT schema_name, function_name, function_type = 'table_macro', parameters, macro_definition "
    "FROM duckdb_functions() WHERE database_name = {} AND NOT internal ORDER BY ALL"
)


def copy_macros(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Let the current database have exactly the macros of the attached database `source`, its tables being there.

    Without comments: DuckLake takes none on macros (2026-11).
    """
    for schema, name, is_table, _, _ in connection.execute(_OF_A_DATABASE.format("current_database()")).fetchall():
        connection.execute(f"DROP MACRO {'TABLE ' if is_table else ''}{quoted(schema, name)}")
    macros = connection.execute(_OF_A_DATABASE.format("?"), [source]).fetchall()
    for schema in sorted({schema for schema, *_ in macros}):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    for schema, name, is_table, parameters, sql in macros:
        # DuckDB tells of no parameter which value it has by default
        given = PARAMETERS.get(schema) or f"({', '.join(map(quoted, parameters))})"
        connection.execute(f"CREATE MACRO {quoted(schema, name)}{given} AS {'TABLE' if is_table else ''}\n{sql}")
