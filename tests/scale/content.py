"""Comparing a lake with a build file: everything but what DuckLake does not take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from pipelines.settings import Storage
from pipelines.warehouse.compare import MACROS, TableContent, content_behind, content_of, differences
from pipelines.warehouse.connect import connect_read_only


def lake_differences(storage: Storage, build: Path, leave_out: tuple[str, ...] = ()) -> list[str]:
    """In which tables and views the lake differs from a build file; comments on columns of views left aside."""
    from pipelines.warehouse.lake import lake_reader

    with lake_reader(storage) as connection:
        return differences(
            plain(content_behind(connection, leave_out=leave_out), build),
            plain(content_of(build, leave_out=leave_out), build),
        )


def plain(content: dict[str, TableContent], build: Path) -> dict[str, TableContent]:
    """Without comments on macros and on columns of views, and without the lake's own table."""
    with connect_read_only(build) as connection:
        rows = connection.execute("SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal")
        views = {name for (name,) in rows.fetchall()}
    return {
        name: replace(table, columns=tuple((column, kind, "") for column, kind, _ in table.columns))
        if name in views
        else table
        for name, table in content.items()
        if name not in (MACROS, "meta.lake_content")
    }


def macros(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Every macro of the current database: place, kind, parameters."""
    return connection.execute(
        "SELECT schema_name, function_name, function_type, parameters FROM duckdb_functions() "
        "WHERE database_name = current_database() AND NOT internal ORDER BY ALL"
    ).fetchall()
