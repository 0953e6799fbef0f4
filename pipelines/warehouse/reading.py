"""SQL from anywhere may only read: statements are looked at before they run.

Belongs here: which statements are let through, and for a lake which functions. Does not: opening the warehouse; its
own locks (connect.py) hold besides.

A file is locked by DuckDB itself, so that here it is a matter of clear words. A lake cannot be: its reader must reach
the catalog and the storage, so COPY could write beside the lake's files, and functions of the extensions could send a
query to any PostgreSQL. There only what is known to read is let through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from pipelines.tables import literal
from pipelines.warehouse.errors import WarehouseError

_EXPLAIN = re.compile(r"\s*EXPLAIN\b(?:\s+ANALYZE\b|\s*\([^()]*\))?", re.IGNORECASE)
_PRAGMA = re.compile(r"\s*PRAGMA\s+([a-z_]+)", re.IGNORECASE)
_QUERY = re.compile(r"\s*(?:\(\s*)?(?:PIVOT|SELECT|FROM|WITH)\b", re.IGNORECASE)
_USE = re.compile(r"""(?:\s|--[^\n]*\n)*USE\s+(?:lake\.)?"?([a-z_]+)"?[\s;]*""", re.IGNORECASE)
_WORD = re.compile(r"\s*([A-Za-z]+)")
_NAME_THE_VALUES = "this query cannot be looked into; for PIVOT name the values: PIVOT … ON x IN ('a', 'b')"
_READING = "SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW, PIVOT and EXPLAIN do"

LAKE_FUNCTIONS = frozenset(
    {
        *("range", "generate_series", "unnest", "repeat", "repeat_row", "summary", "json_each", "json_tree"),
        *("duckdb_tables", "duckdb_columns", "duckdb_views", "duckdb_schemas", "duckdb_functions", "duckdb_types"),
        *("pragma_table_info", "pragma_version", "pragma_show", "histogram", "histogram_values", "duckdb_keywords"),
    }
)
"""Table functions that SQL on a lake may use besides the warehouse's own macros."""


class NotReadingError(WarehouseError):
    """A statement that would do something else than read."""


def check_reads(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """NotReadingError where a statement of `sql` does more than read; duckdb.ParserException where it is no SQL."""
    is_lake = _is_lake(connection)
    for statement in connection.extract_statements(sql):
        kind, text = _kind(statement), _text(statement)
        if kind == "EXPLAIN":
            said = _EXPLAIN.match(text)
            if said is None:
                raise NotReadingError("a statement may not begin with a comment before EXPLAIN; put it behind")
            check_reads(connection, text[said.end() :])
        elif kind == "SELECT":
            if is_lake:
                _check_lake_query(connection, text)
        elif kind == "PRAGMA" and (asked := _PRAGMA.match(text)) and asked[1].lower() in _told(is_lake):
            continue
        elif is_lake and _is_pivot(kind, text):
            raise NotReadingError(_NAME_THE_VALUES)
        elif is_lake and kind == "SET" and _uses_a_schema(connection, text):
            continue
        elif is_lake or not (kind == "SET" or _is_pivot(kind, text)):
            # SET beyond variables and search path is refused by the lock.
            raise NotReadingError(f"{_said(kind, text)} is refused: this only reads the warehouse; {_READING}")


def _said(kind: str, text: str) -> str:
    """What the user called the statement: DuckDB calls INSTALL a LOAD and CHECKPOINT a CALL."""
    word = _WORD.match(text)
    return word[1].upper() if word else kind.replace("_", " ")


def _kind(statement: duckdb.Statement) -> str:
    try:
        return statement.type.name
    except ValueError:  # DuckDB 2.0 knows kinds that its Python client does not (2026-11)
        return "this kind of statement"


def _text(statement: duckdb.Statement) -> str:
    try:
        return statement.query
    except IndexError:  # DuckDB 1.5 looks for what it makes of a PIVOT behind the end of the SQL
        return ""


def _uses_a_schema(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    """Whether it is `USE schema`, of a schema of the lake: USE of its catalog would let bare names mean its tables."""
    said = _USE.fullmatch(text)
    own = "SELECT 1 FROM duckdb_schemas() WHERE database_name = current_catalog() AND schema_name = lower(?)"
    return said is not None and bool(connection.execute(own, [said[1]]).fetchall())


def _is_pivot(kind: str, text: str) -> bool:
    """Whether it is part of a PIVOT that is read: DuckDB 1.5 makes a type for it, CREATE without a text, and 2.0 calls
    all of it MULTI, which a PIVOT inside COPY, CREATE or EXPLAIN is as well.
    """
    return (kind == "CREATE" and not text) or (kind == "MULTI" and _QUERY.match(text) is not None)


def _told(is_lake: bool) -> frozenset[str]:
    """The PRAGMAs that only tell something; DuckDB 1.5 makes SELECTs of them."""
    if is_lake:
        return frozenset(name.removeprefix("pragma_") for name in LAKE_FUNCTIONS if name.startswith("pragma_"))
    return frozenset({"table_info", "show", "show_tables", "database_size", "storage_info", "version"})


def _is_lake(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(connection.execute("SELECT 1 FROM duckdb_databases() WHERE type = 'ducklake'").fetchall())


def _tree(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The query as DuckDB's parser understands it; None where it does not say."""
    row = connection.execute(f"SELECT json_serialize_sql({literal(sql)})").fetchone()
    return (json.loads(row[0]).get("statements") or None) if row else None


def _check_lake_query(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    tree = _tree(connection, sql)
    if tree is None:
        raise NotReadingError(_NAME_THE_VALUES)
    own = None
    for kind, names in _sources(tree):
        if kind == "BASE_TABLE":
            if any(name.startswith("__ducklake") for name in names):
                raise NotReadingError(f"{'.'.join(filter(None, names))} is the lake's own, not the warehouse's")
        elif names[-1] not in LAKE_FUNCTIONS:
            own = _own_functions(connection) if own is None else own
            if names[-1] not in own:
                raise NotReadingError(f"the function {names[-1]} is refused: this only reads tables of the warehouse")


def _own_functions(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute(
        "SELECT DISTINCT lower(function_name) FROM duckdb_functions() "
        "WHERE NOT internal AND function_type LIKE '%macro'"
    ).fetchall()
    return {name for (name,) in found}


def _sources(tree: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every table (catalog, schema, name) and table function (schema, name) in the query, in small letters."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend(one.values())
            kind = one.get("type")
            if kind == "BASE_TABLE":
                names = (one.get("catalog_name"), one.get("schema_name"), one.get("table_name"))
                yield kind, tuple(str(name or "").lower() for name in names)
            elif kind == "TABLE_FUNCTION":
                called = one.get("function") or {}
                yield kind, tuple(str(called.get(key) or "").lower() for key in ("schema", "function_name"))
