"""The models' words written into the build: meta.model, meta.column, meta.lineage, meta.metric.

Belongs here: those four tables. Does not: anything about runs (meta.build belongs to the build).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from pipelines.tables import (
    SOURCE_TABLES,
    SourceColumn,
    SourceTable,
    comment_statements,
    create_statement,
    quoted,
)
from pipelines.transaction import in_one_transaction
from pipelines.warehouse.models.metrics import metric_definitions
from pipelines.warehouse.models.model import Model, Origins, origins

Row = tuple[object, ...]


def _table(name: str, comment: str, key: tuple[str, ...], *columns: tuple[str, str, str]) -> SourceTable:
    made = tuple(SourceColumn(column, kind, words) for column, kind, words in columns)
    return SourceTable("meta", name, comment, key, made)


_TABLE_NAME = ("table_name", "VARCHAR", "The table or view, as schema.name.")
_COLUMN_NAME = ("column_name", "VARCHAR", "Name of the column.")

META_TABLES: dict[str, SourceTable] = {
    table.full_name: table
    for table in (
        _table(
            "model",
            "One row for each SQL model.",
            ("table_name",),
            _TABLE_NAME,
            ("description", "VARCHAR", "What the table holds."),
            ("grain", "VARCHAR", "What one row stands for."),
            ("owner", "VARCHAR", "Who answers for the model."),
            ("tags", "VARCHAR[]", "Words to select models by."),
            ("materialised", "VARCHAR", "Kept as table or view."),
            ("depends_on", "VARCHAR[]", "Tables the model reads, as schema.name."),
            ("code_version", "VARCHAR", "Changes when the SELECT changes; not with comments or layout."),
            ("sql", "VARCHAR", "The SELECT that makes it."),
        ),
        _table(
            "column",
            "One row for each column of a table written by Python or made by a SQL model.",
            ("table_name", "column_name"),
            _TABLE_NAME,
            ("position", "INTEGER", "1-based place of the column in its table."),
            _COLUMN_NAME,
            ("data_type", "VARCHAR", "DuckDB type."),
            ("description", "VARCHAR", "What the column holds."),
        ),
        _table(
            "lineage",
            "One row for each column of a model and each column that its value is made of.",
            ("table_name", "column_name", "from_table", "from_column", "is_direct"),
            _TABLE_NAME,
            _COLUMN_NAME,
            ("from_table", "VARCHAR", "The table the value comes from, as schema.name."),
            ("from_column", "VARCHAR", "The column the value comes from."),
            (
                "is_direct",
                "BOOLEAN",
                "True: read by the model itself. False: a raw or staged column behind that.",
            ),
        ),
        _table(
            "metric",
            "One row for each figure that a mart publishes and a reader could misread: its one definition.",
            ("metric",),
            ("metric", "VARCHAR", "Name of the metric: <mart>.<column>."),
            _TABLE_NAME,
            _COLUMN_NAME,
            ("meaning", "VARCHAR", "What the figure says."),
            ("grain", "VARCHAR", "What one row, and so one value, stands for."),
            ("formula", "VARCHAR", "How it is made, in words."),
            ("caveat", "VARCHAR", "Where it misleads."),
            ("expression", "VARCHAR", "The SQL expression that makes it, in the model's SELECT."),
            ("sql", "VARCHAR", "The model's SELECT."),
            ("value_from", "VARCHAR[]", "Raw and staged columns its value is made of, as schema.table.column."),
            ("rows_from", "VARCHAR[]", "Raw and staged columns by which the model joins, keeps and groups rows."),
        ),
    )
}


def write_meta(connection: duckdb.DuckDBPyConnection, models: Mapping[str, Model]) -> None:
    """Replace the four tables by the words of these models and of the tables that Python writes."""
    rows: dict[str, Iterator[Row]] = {
        "meta.model": _model_rows(models),
        "meta.column": _column_rows(models),
        "meta.lineage": _lineage_rows(models),
        "meta.metric": _metric_rows(models),
    }
    with in_one_transaction(connection):
        connection.execute("CREATE SCHEMA IF NOT EXISTS meta")
        for full_name, table in META_TABLES.items():
            connection.execute(f"DROP TABLE IF EXISTS {quoted(table.schema, table.name)}")
            connection.execute(create_statement(table))
            for statement in comment_statements(table):
                connection.execute(statement)
            _insert(connection, table, list(rows[full_name]))


def _insert(connection: duckdb.DuckDBPyConnection, table: SourceTable, rows: Sequence[Row]) -> None:
    """One statement for all rows: each column goes in as a list (a statement for each row takes seconds)."""
    if not rows:
        return
    lists = [list(values) for values in zip(*rows, strict=True)]
    unnested = ", ".join(f"unnest(${number}::{column.duckdb_type}[])" for number, column in enumerate(table.columns, 1))
    connection.execute(f"INSERT INTO {quoted(table.schema, table.name)} SELECT {unnested}", lists)


def _model_rows(models: Mapping[str, Model]) -> Iterator[Row]:
    for name, model in models.items():
        reads = sorted(model.depends_on)
        words = (model.description, model.grain, model.owner, list(model.tags), model.materialised)
        yield (name, *words, reads, model.code_version, model.sql)


def _column_rows(models: Mapping[str, Model]) -> Iterator[Row]:
    for name, table in (SOURCE_TABLES | META_TABLES).items():
        for number, column in enumerate(table.columns, 1):
            yield name, number, column.name, column.duckdb_type, column.comment
    for name, model in models.items():
        for number, made in enumerate(model.columns.values(), 1):
            yield name, number, made.name, made.duckdb_type, made.description


def _lineage_rows(models: Mapping[str, Model]) -> Iterator[Row]:
    known: Origins = {}
    for name, model in models.items():
        behind = origins(models, name, known)
        for column in model.columns:
            direct = model.lineage.get(column, ())
            for ref in direct:
                yield name, column, ref.table, ref.column, True
            for ref in behind[column]:
                if ref not in direct:
                    yield name, column, ref.table, ref.column, False


def _metric_rows(models: Mapping[str, Model]) -> Iterator[Row]:
    for one in metric_definitions(models):
        words = (one.meaning, one.grain, one.formula, one.caveat, one.expression, one.sql)
        yield (one.metric, one.table_name, one.column_name, *words, list(one.value_from), list(one.rows_from))
