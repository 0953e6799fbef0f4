"""The tables that Python writes into a build: names, columns, types, grain and the words for their comments.

Belongs here: definitions, and the DDL made from them. Does not: rows, connections, tables made by SQL models
(dbt_like_models/ documents those beside their SQL). The staged tables come from the study shape; the others
are in pipelines/listed_tables. Types are those that DuckLake has as well: no ENUM, UNION, sequence or fixed-size ARRAY.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.listed_tables import LISTED, SHARED_COMMENTS
from pipelines.study.shape import staged_tables


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column: its name, DuckDB type, the sentence for COMMENT ON COLUMN, and whether it may be NULL."""

    name: str
    duckdb_type: str
    comment: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table written by Python. `key` names the columns that identify a row (no constraint; rules check)."""

    schema: str
    name: str
    comment: str
    key: tuple[str, ...]
    columns: tuple[SourceColumn, ...]

    @property
    def full_name(self) -> str:
        """`schema.name`, the key in SOURCE_TABLES."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in table order."""
        return tuple(column.name for column in self.columns)


def _listed_column(line: str) -> SourceColumn:
    """`name TYPE[!] [comment]`; `!` means NOT NULL, a missing comment is the shared one of that name."""
    name, duckdb_type, *words = line.split(maxsplit=2)
    comment = words[0] if words else SHARED_COMMENTS[name]
    return SourceColumn(name, duckdb_type.rstrip("!"), comment, nullable=not duckdb_type.endswith("!"))


def _listed_tables() -> dict[str, SourceTable]:
    tables = {}
    for full_name, (comment, key, text) in LISTED.items():
        schema, name = full_name.split(".")
        columns = tuple(_listed_column(line) for line in text.strip().splitlines())
        tables[full_name] = SourceTable(schema, name, comment, tuple(key.split(", ")), columns)
    return tables


def _staged() -> dict[str, SourceTable]:
    """The tables of the study shape, with their key columns NOT NULL."""
    tables = {}
    for table in staged_tables().values():
        columns = tuple(
            SourceColumn(column.name, column.duckdb_type, column.comment, nullable=column.name not in table.key)
            for column in table.columns
        )
        tables[f"staging.{table.name}"] = SourceTable("staging", table.name, table.comment, table.key, columns)
    return tables


SOURCE_TABLES: dict[str, SourceTable] = _staged() | _listed_tables()
"""Every table that Python writes, by `schema.name`."""


_TABLE_NAME = re.compile(r"\b(?:raw|staging|quality|core|history|marts|meta)\.[a-z_0-9]{1,80}\b")


def tables_named(sql: str) -> set[str]:
    """Whatever is written like a table of the warehouse, `schema.name`, in a piece of SQL."""
    return set(_TABLE_NAME.findall(sql))


def quoted(*names: str) -> str:
    """Identifiers quoted and joined by dots: quoted("raw", "file") is `"raw"."file"`."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def parquet(files: Iterable[Path]) -> str:
    """A SQL table expression over Parquet files of a home, at least one; of folders called name=value DuckDB would make
    columns.
    """
    listed = ", ".join(literal(str(path)) for path in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def create_statement(table: SourceTable) -> str:
    """CREATE TABLE IF NOT EXISTS; the schema must exist."""
    columns = ",\n  ".join(
        f"{quoted(column.name)} {column.duckdb_type}{'' if column.nullable else ' NOT NULL'}"
        for column in table.columns
    )
    return f"CREATE TABLE IF NOT EXISTS {quoted(table.schema, table.name)} (\n  {columns}\n)"


def comment_statements(table: SourceTable) -> list[str]:
    """COMMENT ON the table and each of its columns."""
    statements = [f"COMMENT ON TABLE {quoted(table.schema, table.name)} IS {literal(table.comment)}"]
    for column in table.columns:
        place = quoted(table.schema, table.name, column.name)
        statements.append(f"COMMENT ON COLUMN {place} IS {literal(column.comment)}")
    return statements
