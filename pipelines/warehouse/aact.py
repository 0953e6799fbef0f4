"""The views of schema aact under the name of AACT's own schema, and how a session finds them by their bare names.

Belongs here: the aliases ctgov.<view>, the search path. Does not: the views (dbt_like_models/aact/).

AACT's users write `FROM studies` or `FROM ctgov.studies`. The second needs a schema of that name: one view for each
view, which only names it. The first needs the schema on the session's path, which is the client's to set: `USE aact`.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipelines.tables import literal, quoted
from pipelines.warehouse.models import Model

SCHEMA = "aact"
ALIAS_SCHEMA = "ctgov"


def create_ctgov_aliases(connection: duckdb.DuckDBPyConnection, views: Iterable[Model]) -> list[str]:
    """Make `ctgov.<name>` for each view anew, with its comments; the views must have been made. Gives their names."""
    connection.begin()
    try:
        connection.execute(f"DROP SCHEMA IF EXISTS {ALIAS_SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {ALIAS_SCHEMA}")
        names = [_create_alias(connection, view) for view in views]
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return names


def _create_alias(connection: duckdb.DuckDBPyConnection, view: Model) -> str:
    alias = quoted(ALIAS_SCHEMA, view.name)
    statements = [
        f"CREATE VIEW {alias} AS SELECT * FROM {view.relation}",
        f"COMMENT ON VIEW {alias} IS {literal(f'Another name of {view.full_name}.')}",
    ]
    statements += [
        f"COMMENT ON COLUMN {alias}.{quoted(column.name)} IS {literal(column.description)}"
        for column in view.columns.values()
    ]
    connection.execute(";\n".join(statements))
    return f"{ALIAS_SCHEMA}.{view.name}"


def find_by_bare_name(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the session find the views of schema aact by their bare names; nothing happens where there are none."""
    found = connection.execute("SELECT 1 FROM duckdb_schemas() WHERE schema_name = ? LIMIT 1", [SCHEMA]).fetchone()
    if found is not None:
        connection.execute(f"SET search_path = 'main,{SCHEMA}'")
