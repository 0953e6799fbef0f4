"""The queries of the pages: one SQL file each, with what a reader must know beside it, and running them.

Belongs here: the file format of queries/, binding the warehouse's words (meta.metric) to a query, rows as read. Does
not: how rows are shown (cells.py, blocks.py), which page shows them (pages/).

A file is a header of YAML between `/* ---` and `--- */` and one SELECT:

    title:    what the rows are, in a few words
    says:     how to read them (may be left out)
    columns:  name → label, or {label, kind, note, wide, optional}; kinds are those of cells.py
    metrics:  columns of marts whose meaning, formula and caveat belong to the figures shown: marts.table.column
    parameters: names that the SQL uses as $name (may be left out)
    limit:    rows shown at most; 1,000 without it
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.tables import literal
from pipelines.yaml_text import load_yaml

QUERIES_DIR = Path(__file__).parent / "queries"
MOST_ROWS = 1000
_OPENING, _CLOSING = "/* ---", "--- */"
_KEYS = {"title", "says", "columns", "metrics", "parameters", "limit"}
_COLUMN_KEYS = {"label", "kind", "note", "wide", "optional"}
_TABLE = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+\.[a-z_0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """How a column is headed and shown.

    `note`: words under the label; `wide`: long text that may wrap; `optional`: left out where no row has a value.
    """

    name: str
    label: str
    kind: str = "text"
    note: str = ""
    wide: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query as its file states it. `name` is the path below queries/ without ending: recruitment/stages."""

    name: str
    title: str
    says: str
    columns: dict[str, Column]
    metrics: tuple[str, ...]
    parameters: tuple[str, ...]
    limit: int
    sql: str

    @property
    def anchor(self) -> str:
        """The id of its entry on a page."""
        return "how-" + self.name.replace("/", "-").replace("_", "-")

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it names, in their order."""
        return tuple(dict.fromkeys(_TABLE.findall(self.sql)))

    def shown_sql(self, values: Mapping[str, str]) -> str:
        """The SELECT to be pasted: parameters replaced by literals."""
        if not self.parameters:
            return self.sql
        # all in one pass: a value that holds another parameter's name stays a value
        names = "|".join(re.escape(name) for name in self.parameters)
        return re.sub(rf"\$({names})\b", lambda found: literal(values[found[1]]), self.sql)


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure's definition, from meta.metric."""

    name: str
    meaning: str
    grain: str
    formula: str
    caveat: str
    expression: str

    @property
    def anchor(self) -> str:
        """The id of its entry on the page of definitions."""
        return "metric-" + self.name.replace(".", "-").replace("_", "-")


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query gave. `total`: rows without the limit. `missing`: why there is nothing to show, else empty."""

    query: Query
    sql: str
    names: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    total: int = 0
    metrics: tuple[Metric, ...] = ()
    missing: str = ""

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Each row by column name."""
        for row in self.rows:
            yield dict(zip(self.names, row, strict=True))


class QueryFileError(ValueError):
    """A file of queries/ is not as this module says."""


def parse_query(name: str, text: str) -> Query:
    """A query file's text as Query. Raises QueryFileError with the name of what is wrong."""
    head, opened, rest = text.partition(_OPENING)
    header, closed, sql = rest.partition(_CLOSING)
    if head.strip() or not opened or not closed or not sql.strip():
        raise QueryFileError(f"{name}: a header between {_OPENING} and {_CLOSING} and one SELECT are needed")
    said = load_yaml(header) or {}
    if unknown := sorted(set(said) - _KEYS):
        raise QueryFileError(f"{name}: unknown keys {', '.join(unknown)}; known: {', '.join(sorted(_KEYS))}")
    if not said.get("title") or not said.get("columns"):
        raise QueryFileError(f"{name}: title and columns are needed")
    return Query(
        name=name,
        title=str(said["title"]),
        says=str(said.get("says", "")).strip(),
        columns={column: _column(name, column, words) for column, words in said["columns"].items()},
        metrics=tuple(said.get("metrics", ())),
        parameters=tuple(said.get("parameters", ())),
        limit=int(said.get("limit", MOST_ROWS)),
        sql=sql.strip().removesuffix(";").rstrip(),
    )


def _column(query: str, name: str, words: Any) -> Column:
    if isinstance(words, str):
        return Column(name, words)
    if unknown := sorted(set(words) - _COLUMN_KEYS):
        raise QueryFileError(f"{query}: column {name} has unknown keys {', '.join(unknown)}")
    return Column(name, **words)


@cache
def load_queries() -> Mapping[str, Query]:
    """All queries of this room by name. Raises QueryFileError."""
    found = {}
    for path in sorted(QUERIES_DIR.rglob("*.sql")):
        name = path.relative_to(QUERIES_DIR).with_suffix("").as_posix()
        found[name] = parse_query(name, path.read_text(encoding="utf-8"))
    return found


@dataclass
class WarehouseReader:
    """Runs queries on one open warehouse. `most_rows` bounds every limit, for pages that must become smaller."""

    connection: duckdb.DuckDBPyConnection
    most_rows: int = 10_000
    values: Mapping[str, str] = field(default_factory=dict)
    _tables: frozenset[str] = frozenset()
    _metrics: dict[str, Metric] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tables = self.connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE table_catalog = current_database()"
        ).fetchall()
        self._tables = frozenset(name for (name,) in tables)
        if "meta.metric" in self._tables:
            # grain and expression came to meta.metric in 2026-11; a build from before says less
            have = {row[0] for row in self.connection.execute("DESCRIBE meta.metric").fetchall()}
            wanted = (
                name if name in have else "''" for name in ("meaning", "grain", "formula", "caveat", "expression")
            )
            found = self.connection.execute(
                f"SELECT table_name || '.' || column_name, {', '.join(wanted)} FROM meta.metric ORDER BY ALL"
            ).fetchall()
            self._metrics = {row[0]: Metric(*(part or "" for part in row)) for row in found}

    def with_values(self, **values: str) -> WarehouseReader:
        """The same warehouse with values for parameters."""
        return WarehouseReader(self.connection, self.most_rows, values, self._tables, self._metrics)

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """All metrics of the warehouse by table.column."""
        return self._metrics

    def has(self, table: str) -> bool:
        """Whether the warehouse has this table or view."""
        return table in self._tables

    def run(self, name: str) -> Rows:
        """The rows of a query, at most its limit, and how many there are in all.

        A warehouse built before a table or column existed gives Rows with `missing`; other errors are raised.
        """
        query = load_queries()[name]
        sql = query.shown_sql(self.values)
        absent = [table for table in query.tables if "." in table and table not in self._tables]
        if absent:
            return Rows(query, sql, missing=_outdated(f"has no {', '.join(absent)}"))
        values = {name: self.values[name] for name in query.parameters}
        limit = min(query.limit, self.most_rows)
        try:
            cursor = self.connection.execute(f"FROM (\n{query.sql}\n) LIMIT {limit}", values)
        except duckdb.BinderException as error:
            if "not found in FROM clause" not in str(error) and "does not have a column" not in str(error):
                raise
            return Rows(query, sql, missing=_outdated(f"lacks a column: {str(error).splitlines()[0]}"))
        names = tuple(column[0] for column in cursor.description or ())
        rows = tuple(cursor.fetchall())
        total = len(rows)
        if total >= limit:
            counted = self.connection.execute(f"SELECT count(*) FROM ({query.sql})", values).fetchone()
            total = counted[0] if counted else total
        return Rows(query, sql, names, rows, total, tuple(self._of(query)))

    def _of(self, query: Query) -> Iterator[Metric]:
        for name in query.metrics:
            if name in self._metrics:
                yield self._metrics[name]


def _outdated(what: str) -> str:
    return f"This warehouse {what}. It was built by another version of trialmart: `trialmart run --rebuild` makes it."
