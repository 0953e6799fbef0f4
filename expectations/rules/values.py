"""Closed value lists: values that no list knows yet.

Belongs here: the one rule over all lists of the study shape. Does not: lists with a rule of their own and a stronger
severity (status, study type, arm type …).
"""

from __future__ import annotations

from expectations.rule import WARN, Reach, Rule
from pipelines.study.shape import leaves, load_enums, staged_tables
from pipelines.tables import literal


def _listed_columns() -> list[tuple[str, str, str]]:
    """Staged table, column and enum name of every leaf with a closed value list."""
    enums = {leaf.path: (leaf.leaf_type or "").partition(" ")[2] for leaf in leaves()}
    return [
        (table.name, column.name, enums[column.path])
        for table in staged_tables().values()
        for column in table.columns
        if column.leaf_type == "enum" and column.path is not None
    ]


def _unseen_values() -> str:
    selects = []
    for table, column, enum in _listed_columns():
        known = ", ".join(literal(value) for value in load_enums()[enum])
        selects.append(
            f"SELECT 'staging.{table}' AS table_name, '{column}' AS enum_column, '{enum}' AS enum_name, "
            f'count(*) AS bad_rows, string_agg(DISTINCT "{column}", \', \' ORDER BY "{column}") AS unseen, '
            f"min(version_id) AS version_id "
            f'FROM staging.{table} WHERE "{column}" NOT IN ({known})'
        )
    union = "\nUNION ALL\n".join(selects)
    return f"SELECT v.record_key, u.* FROM ({union}) AS u LEFT JOIN raw.record_version AS v USING (version_id)"


RULES = (
    Rule(
        name="enum_drift",
        table="staging.study",
        reach=Reach.TABLE,
        rows=_unseen_values(),
        severity=WARN,
        description="Every value of a closed list is one that the list knows.",
        meaning="The registry has a new value, or a reader maps one wrongly; reports put it under no heading.",
        source="API v2 enums",
        columns=("table_name", "enum_column", "unseen"),
        passes="bad_rows = 0",
        value="unseen",
        message=(
            "{table_name}.{enum_column}: {bad_rows} rows hold {unseen}, unknown to {enum_name}; first in {record_key}."
        ),
    ),
)
