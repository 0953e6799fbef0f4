"""Record versions as (path, value): SQL that lays the staged tables out, items of lists named by what they are.

Belongs here: the names of items, the walk over the staged tables. Does not: comparing (compare.py).

A value's path is that of the study shape with the item's name in the brackets:
`protocolSection.outcomesModule.primaryOutcomes[Overall survival].timeFrame`. Positions are no part of it, so that a
list that is put in another order has not changed, and one that gains an item in front has changed by that item.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import duckdb

from pipelines.study.shape import ROOT_TABLE, Column, Table, staged_tables
from pipelines.yaml_text import load_yaml

LEAF_TABLE = "_leaf"
VERSION_TABLE = "_wanted_version"
_DIFFERING = "_differing_version"

LONGEST_NAME = 120
"""Characters of an item's name in a path; longer ones are cut and end in a hash (2026-11: measures go to 255)."""

NOT_COMPARED = (
    "derivedSection.miscInfoModule.versionHolder",  # the day of the release, on every record
    "registrySection.fieldStates",  # how the page was laid out, not what the record says
    "registrySection.page.unreadLines",
    "registrySection.page.layout",
    "registrySection.criteria",  # eligibilityCriteria once more, cut into lines
)


@cache
def item_keys() -> dict[str, tuple[str, ...]]:
    """Study path of a list → the leaves that name its items, as keys.yaml has them.

    Raises ValueError where a list or leaf is not in the study shape.
    """
    text = files("pipelines.history").joinpath("keys.yaml").read_text(encoding="utf-8")
    keys = {path: tuple(names) for path, names in load_yaml(text).items()}
    by_path = {table.path: table for table in staged_tables().values()}
    for path, names in keys.items():
        if path not in by_path:
            raise ValueError(f"keys.yaml: {path} is not a list of the study shape")
        for name in names:
            if not any(column.path == f"{path}.{name}" for column in by_path[path].columns):
                raise ValueError(f"keys.yaml: {path} has no leaf '{name}'")
    return keys


def lay_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table LEAF_TABLE for the versions in VERSION_TABLE (record_key, version_id BIGINT, versions:
    how many of its record there are), with all that may differ between the versions of a record.

    Columns: version_id, item (path of the list item the value is in; '' for the record itself), list (its study path,
    '' for the record), field (study path of the leaf), path, value (text). A leaf that is null has no row, nor has an
    empty text: both say nothing. Left out are lists that are equal in all versions of a record, with the lists in
    them, and leaves of the record itself that are equal in all versions of every record.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {LEAF_TABLE} "
        "(version_id BIGINT, item VARCHAR, list VARCHAR, field VARCHAR, path VARCHAR, value VARCHAR)"
    )
    root = staged_tables()[ROOT_TABLE]
    if columns := _differing_columns(connection, root):
        connection.execute(_leaves_sql(root, columns, VERSION_TABLE))
    for tables in _lists_with_rows(connection):
        connection.execute(_differing_sql(tables))
        if not connection.execute(f"SELECT 1 FROM {_DIFFERING} LIMIT 1").fetchall():
            continue
        for table in tables:
            connection.execute(_items_sql(table))
            connection.execute(_leaves_sql(table, _leaf_columns(table), _DIFFERING))
        for table in tables:
            connection.execute(f"DROP TABLE {_items(table)}")
    connection.execute(f"DROP TABLE IF EXISTS {_DIFFERING}")


def _lists_with_rows(connection: duckdb.DuckDBPyConnection) -> list[list[Table]]:
    """The lists that hang under the record itself, each with the lists in it, parents first; without empty tables."""
    rows = connection.execute(
        "SELECT table_name FROM duckdb_tables() "
        "WHERE database_name = current_database() AND schema_name = 'staging' AND estimated_size > 0"
    ).fetchall()
    filled = {name for (name,) in rows}
    found: dict[str, list[Table]] = {}
    for table in staged_tables().values():
        if table.name in filled and table.name != ROOT_TABLE and not table.path.startswith(NOT_COMPARED):
            found.setdefault(table.path.partition("[]")[0], []).append(table)
    return list(found.values())


def _differing_columns(connection: duckdb.DuckDBPyConnection, root: Table) -> list[Column]:
    """The columns of the root table that are not equal in all versions of every record."""
    columns = _leaf_columns(root)
    differs = ", ".join(
        f'min("{name}") IS DISTINCT FROM max("{name}") OR count("{name}") NOT IN (0, any_value(versions)) AS "{name}"'
        for name in (column.name for column in columns)
    )
    anywhere = ", ".join(f'coalesce(bool_or("{column.name}"), FALSE)' for column in columns)
    row = connection.execute(
        f'SELECT {anywhere} FROM (SELECT {differs} FROM staging."{root.name}" JOIN {VERSION_TABLE} USING (version_id) '
        "GROUP BY record_key)"
    ).fetchall()[0]
    return [column for column, differs_anywhere in zip(columns, row, strict=True) if differs_anywhere]


def _differing_sql(tables: Sequence[Table]) -> str:
    """The temporary table _DIFFERING (version_id): all versions of the records of which a row of these tables is not in
    every version.
    """
    selects = []
    for table in tables:
        keys = ", ".join(f'item."{key}"' for key in table.key[1:])
        leaves = ", ".join(f'item."{column.name}"' for column in _leaf_columns(table))
        selects.append(
            f'SELECT record_key FROM staging."{table.name}" AS item JOIN {VERSION_TABLE} AS version USING (version_id) '
            f"GROUP BY record_key, versions, {keys}, {leaves} HAVING count(*) < versions"
        )
    return (
        f"CREATE OR REPLACE TEMP TABLE {_DIFFERING} AS SELECT version_id FROM {VERSION_TABLE} "
        f"WHERE record_key IN ({' UNION ALL '.join(selects)})"
    )


def _items(table: Table) -> str:
    return f'temp."_items_{table.name}"'


def _leaf_columns(table: Table) -> list[Column]:
    return [column for column in table.columns if column.path is not None and column.path not in NOT_COMPARED]


def _naming_columns(table: Table) -> list[str]:
    columns = _leaf_columns(table)
    names = item_keys().get(table.path)
    if names is None:
        return [column.name for column in columns]
    return [column.name for name in names for column in columns if column.path == f"{table.path}.{name}"]


def _parent(table: Table) -> Table | None:
    """The list that a list's items are in, None where it hangs under the record itself."""
    if not table.ancestors:
        return None
    above = [other for other in staged_tables().values() if other.path and table.path.startswith(other.path + ".")]
    return max(above, key=lambda other: len(other.path))


def _items_sql(table: Table) -> str:
    """A temporary table that gives every item of a list its path."""
    names = ", ".join(f"nullif(item.\"{name}\"::VARCHAR, '')" for name in _naming_columns(table))
    parent = _parent(table)
    if parent is None:
        start, join, above = f"'{table.path.removesuffix('[]')}'", "", "''"
    else:
        relative = table.path.removeprefix(parent.path).removesuffix("[]")
        keys = zip(table.key[:-1], parent.key, strict=True)
        same = " AND ".join(f'parent."{theirs}" = item."{ours}"' for ours, theirs in keys)
        start, join, above = f"parent.item || '{relative}'", f"JOIN {_items(parent)} AS parent ON {same}", "parent.item"
    kept = ", ".join(f'item."{key}"' for key in table.key)
    return f"""
        CREATE OR REPLACE TEMP TABLE "_items_{table.name}" AS
        WITH named AS (
            SELECT {kept}, {start} AS start, {above} AS above, concat_ws(' | ', {names}) AS name
            FROM staging."{table.name}" AS item
            SEMI JOIN {_DIFFERING} USING (version_id)
            {join}
        ), numbered AS (
            SELECT *, row_number() OVER (PARTITION BY version_id, above, name ORDER BY {table.key[-1]}) AS number
            FROM named
        ), labelled AS (
            SELECT *, CASE WHEN length(name) > {LONGEST_NAME}
                           THEN left(name, {LONGEST_NAME - 10}) || '… ' || left(md5(name), 8)
                           ELSE name END
                      || CASE WHEN number > 1 THEN ' #' || number ELSE '' END AS label
            FROM numbered
        ), told_apart AS (  -- "Placebo" twice beside an arm that is called "Placebo #2"
            SELECT *, row_number() OVER (PARTITION BY version_id, above, label ORDER BY number) AS namesake
            FROM labelled
        )
        SELECT * EXCLUDE (start, above, name, number, label, namesake),
               start || '[' || label || CASE WHEN namesake > 1 THEN ' #' || namesake ELSE '' END || ']' AS item
        FROM told_apart
    """


def _leaves_sql(table: Table, columns: Sequence[Column], versions: str) -> str:
    """The values of these columns as leaves, of the versions in the table `versions`."""
    fields = ", ".join(f"'{column.path}'" for column in columns)
    values = ", ".join(f'leaf."{column.name}"::VARCHAR' for column in columns)
    if table.name == ROOT_TABLE:
        item, path, join = "''", "field", ""
    else:
        item = "items.item"
        path = f"item || substr(field, {len(table.path) + 1})"
        join = f"JOIN {_items(table)} AS items ON " + " AND ".join(f'items."{key}" = leaf."{key}"' for key in table.key)
    return f"""
        INSERT INTO {LEAF_TABLE}
        WITH leaves AS (
            SELECT leaf.version_id, {item} AS item, unnest([{fields}]) AS field, unnest([{values}]) AS value
            FROM staging."{table.name}" AS leaf
            SEMI JOIN {versions} USING (version_id)
            {join}
        )
        SELECT version_id, item, '{table.path}' AS list, field, {path} AS path, value
        FROM leaves
        WHERE value <> ''
    """
