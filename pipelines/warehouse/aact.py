"""AACT's functions, and its own schema name for the views of schema aact.

Belongs here: the functions ids_for_term and ids_for_org, the aliases ctgov.<view>. Does not: the views
(dbt_like_models/aact/), the search path on which bare names are found (connect.py).

AACT's users write `FROM studies` or `FROM ctgov.studies`. The second needs a schema of that name: one view for each
view, which only names it. The first needs the schema on the session's path, which is the client's to set: `USE aact`.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipelines.tables import literal, quoted
from pipelines.transaction import in_one_transaction
from pipelines.warehouse.models import Model

SCHEMA = "aact"
ALIAS_SCHEMA = "ctgov"

FUNCTIONS: dict[str, tuple[str, str]] = {
    "ids_for_term": (
        "Studies with a MeSH term, short title or keyword LIKE the pattern, in any capitals.",
        """
        SELECT nct_id FROM aact.browse_conditions WHERE downcase_mesh_term LIKE lower(pattern)
        UNION SELECT nct_id FROM aact.browse_interventions WHERE downcase_mesh_term LIKE lower(pattern)
        UNION SELECT nct_id FROM aact.studies WHERE lower(brief_title) LIKE lower(pattern)
        UNION SELECT nct_id FROM aact.keywords WHERE downcase_name LIKE lower(pattern)
        """,
    ),
    "ids_for_org": (
        "Studies with a responsible party, site, place, sponsor or results contact LIKE the pattern, in any capitals.",
        """
        SELECT nct_id FROM aact.responsible_parties WHERE lower(affiliation) LIKE lower(pattern)
        UNION
        SELECT nct_id FROM aact.facilities
        WHERE lower(name) LIKE lower(pattern) OR lower(city) LIKE lower(pattern)
           OR lower(state) LIKE lower(pattern) OR lower(country) LIKE lower(pattern)
        UNION SELECT nct_id FROM aact.sponsors WHERE lower(name) LIKE lower(pattern)
        UNION SELECT nct_id FROM aact.result_contacts WHERE lower(organization) LIKE lower(pattern)
        """,
    ),
}
"""AACT's functions that give studies, as table macros: what each finds, and its SELECT."""


def create_names(connection: duckdb.DuckDBPyConnection, views: Iterable[Model]) -> list[str]:
    """Make the functions and `ctgov.<name>` for each view anew, with comments; the views must have been made.

    Gives the names of the aliases.
    """
    with in_one_transaction(connection):
        connection.execute(f"DROP SCHEMA IF EXISTS {ALIAS_SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {ALIAS_SCHEMA}")
        names = [_create_alias(connection, view) for view in views]
        for schema in (SCHEMA, ALIAS_SCHEMA):
            _create_functions(connection, schema)
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


def _create_functions(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    for name, (comment, select) in FUNCTIONS.items():
        macro = quoted(schema, name)
        connection.execute(f"CREATE OR REPLACE MACRO {macro}(pattern) AS TABLE {select}")
        connection.execute(f"COMMENT ON MACRO TABLE {macro} IS {literal(comment)}")
