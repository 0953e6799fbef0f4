"""What the dictionary says, read out of a warehouse: tables, columns, rules, metrics, lineage.

Belongs here: the queries and the shapes they fill. Does not: words about any of it (those stand where tables, models
and rules are made, and came with the build), nor how it is shown (markdown.py, html_page.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

import duckdb

from pipelines.tables import quoted
from pipelines.warehouse.aact import ALIAS_SCHEMA
from pipelines.warehouse.build import SCHEMAS
from pipelines.warehouse.models.metrics import MetricDefinition
from pipelines.warehouse.models.model import ColumnRef


@dataclass(frozen=True, slots=True)
class ColumnDoc:
    """A column: type, comment, and where a model takes it from."""

    name: str
    data_type: str
    comment: str
    comes_from: tuple[str, ...]


@dataclass(slots=True)
class RuleDoc:
    """A rule with its result in the run that made the build."""

    name: str
    table: str
    severity: str
    description: str
    source: str
    evaluated: int | None
    failed: int | None
    not_evaluable: int | None


@dataclass(slots=True)
class TableDoc:
    """A table or view with everything known about it; of a view the rows are not counted, for that would run it."""

    schema: str
    name: str
    comment: str
    rows: int | None
    grain: str = ""
    sql: str = ""
    depends_on: tuple[str, ...] = ()
    columns: list[ColumnDoc] = field(default_factory=list)
    rules: list[RuleDoc] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """`schema.name`."""
        return f"{self.schema}.{self.name}"


@dataclass(slots=True)
class Dictionary:
    """The whole dictionary: build, tables by schema in the order of SCHEMAS, rules, metrics, direct lineage."""

    build_id: str
    tables: list[TableDoc]
    rules: list[RuleDoc]
    metrics: list[MetricDefinition]
    parents: dict[ColumnRef, tuple[ColumnRef, ...]]

    def schemas(self) -> Iterator[tuple[str, list[TableDoc]]]:
        """Each schema that has tables."""
        for schema in SCHEMAS:
            tables = [table for table in self.tables if table.schema == schema]
            if tables:
                yield schema, tables


def collect(connection: duckdb.DuckDBPyConnection) -> Dictionary:
    """Read the dictionary out of a warehouse."""
    build = connection.execute(
        "SELECT build_id, run_id FROM meta.build ORDER BY published_at DESC NULLS LAST LIMIT 1"
    ).fetchone() or ("", "")
    tables = {(table.schema, table.name): table for table in _tables(connection)}
    for (schema, name), column in _columns(connection):
        tables[schema, name].columns.append(column)
    rules = _rules(connection, build[1])
    for rule in rules:
        schema, _, name = rule.table.partition(".")
        if (schema, name) in tables:
            tables[schema, name].rules.append(rule)
    return Dictionary(build[0], list(tables.values()), rules, list(_metrics(connection)), _parents(connection))


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[TableDoc]:
    rows = connection.execute(
        """
        WITH made AS (
            SELECT schema_name, table_name AS name, comment, true AS is_table FROM duckdb_tables() WHERE NOT internal
            UNION ALL
            SELECT schema_name, view_name, comment, false FROM duckdb_views()
            WHERE NOT internal AND schema_name <> ?
        )
        SELECT made.schema_name, made.name, coalesce(model.description, made.comment, ''), coalesce(model.grain, ''),
               coalesce(model.depends_on, []), coalesce(model.sql, ''), made.is_table
        FROM made LEFT JOIN meta.model AS model ON model.table_name = made.schema_name || '.' || made.name
        ORDER BY made.schema_name, made.name
        """,
        [ALIAS_SCHEMA],
    ).fetchall()
    for schema, name, comment, grain, depends_on, sql, is_table in rows:
        count = _row_count(connection, schema, name) if is_table else None
        yield TableDoc(schema, name, comment, count, grain, sql, tuple(sorted(depends_on)))


def _row_count(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> int:
    count: int = connection.execute(f"SELECT count(*) FROM {quoted(schema, name)}").fetchall()[0][0]
    return count


def _columns(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[tuple[str, str], ColumnDoc]]:
    rows = connection.execute(
        """
        WITH source AS (
            SELECT table_name, column_name, list(from_table || '.' || from_column ORDER BY ALL) AS comes_from
            FROM meta.lineage WHERE is_direct GROUP BY ALL
        )
        SELECT made.schema_name, made.table_name, made.column_name, made.data_type,
               concat_ws(' ', made.comment, 'Formula: ' || metric.formula || '.', 'Beware: ' || metric.caveat),
               coalesce(source.comes_from, [])
        FROM duckdb_columns() AS made
        LEFT JOIN meta.metric AS metric
          ON metric.table_name = made.schema_name || '.' || made.table_name AND metric.column_name = made.column_name
        LEFT JOIN source
          ON source.table_name = made.schema_name || '.' || made.table_name AND source.column_name = made.column_name
        WHERE NOT made.internal AND made.database_name = current_database() AND made.schema_name <> ?
        ORDER BY made.schema_name, made.table_name, made.column_index
        """,
        [ALIAS_SCHEMA],
    ).fetchall()
    for schema, table, name, data_type, comment, comes_from in rows:
        yield (schema, table), ColumnDoc(name, data_type, comment, tuple(comes_from))


def _rules(connection: duckdb.DuckDBPyConnection, run_id: str) -> list[RuleDoc]:
    rows = connection.execute(
        """
        SELECT rule.rule, rule.table_name, rule.severity, rule.description, coalesce(rule.source, ''),
               result.rows_evaluated, result.rows_failed, result.rows_not_evaluable
        FROM quality.expectation AS rule
        LEFT JOIN quality.expectation_result AS result ON result.rule = rule.rule AND result.run_id = ?
        ORDER BY list_position(['gate', 'error', 'warn', 'info'], rule.severity), rule.rule
        """,
        [run_id],
    ).fetchall()
    return [RuleDoc(*row) for row in rows]


def _metrics(connection: duckdb.DuckDBPyConnection) -> Iterator[MetricDefinition]:
    names = [field.name for field in fields(MetricDefinition)]
    for row in connection.execute(f"SELECT {', '.join(names)} FROM meta.metric ORDER BY metric").fetchall():
        values = dict(zip(names, row, strict=True))
        values |= {name: tuple(values[name]) for name in ("value_from", "rows_from")}
        yield MetricDefinition(**values)


def _parents(connection: duckdb.DuckDBPyConnection) -> dict[ColumnRef, tuple[ColumnRef, ...]]:
    rows = connection.execute(
        "SELECT table_name, column_name, from_table, from_column FROM meta.lineage WHERE is_direct ORDER BY ALL"
    ).fetchall()
    parents: dict[ColumnRef, tuple[ColumnRef, ...]] = {}
    for table, column, from_table, from_column in rows:
        made = ColumnRef(table, column)
        parents[made] = (*parents.get(made, ()), ColumnRef(from_table, from_column))
    return parents
