"""The pieces a page is made of, each from one query: figures, chart, table, facts.

Belongs here: a block's words in a page file + rows → what a template lays out. Does not: HTML, which blocks a page has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.reports.cells import Cell, Links, cell
from pipelines.reports.chart_forms import spec_of
from pipelines.reports.charts import HALF, WIDE, chart_data, described, draw
from pipelines.reports.query import Column, Metric, Rows, WarehouseReader

FACET_VALUES = 24
"""A column offers a choice of its values up to this many; beyond it there is the filter for text."""

SHOWN_AT_FIRST = 15
"""Rows a table shows until it is asked for more."""


@dataclass(frozen=True, slots=True)
class HowComputed:
    """How a block was computed.

    `tables`: name and where it is defined, if it is. `is_first` is false where the query stands on the page already.
    """

    anchor: str
    says: str
    sql: str
    tables: tuple[tuple[str, str], ...]
    metrics: tuple[Metric, ...]
    is_first: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its words."""

    label: str
    note: str
    value: Cell
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A choice among the values of a column. `column` is its place in the table."""

    label: str
    column: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows made ready. `total` may be more than there are rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    facets: tuple[Facet, ...] = ()
    shown_at_first: int = SHOWN_AT_FIRST
    bars: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a page. `kind`: tiles, chart, table or facts; `note`: said instead of content, or above it."""

    kind: str
    anchor: str
    title: str
    text: str
    how: HowComputed
    missing: str = ""
    empty: str = ""
    half: bool = False
    tiles: tuple[Figure, ...] = ()
    table: Table | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass
class BlockMaker:
    """Makes the blocks of one page; remembers what stands on it, so that no id comes twice."""

    reader: WarehouseReader
    links: Links
    defined: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def make(self, said: Mapping[str, Any]) -> Block:
        """The block of an entry of a page file: `{chart: query, spec: …}`, `{table: query, filters: …}` and so on."""
        kind = next(name for name in ("tiles", "chart", "table", "facts") if name in said)
        rows = self.reader.run(str(said[kind]))
        anchor = self._anchor(f"{kind}-" + rows.query.anchor.removeprefix("how-"))
        filled: dict[str, Any] = {}
        if not rows.missing and rows.rows:
            filled = self._filled(kind, said, rows, anchor)
        return Block(
            kind=kind,
            anchor=anchor,
            title=str(said.get("title", rows.query.title)),
            text=str(said.get("text", "")),
            how=self._how(rows),
            missing=rows.missing,
            empty="" if rows.rows else str(said.get("empty", "No rows.")),
            half=bool(said.get("half")),
            **filled,
        )

    def _anchor(self, wished: str) -> str:
        anchor, number = wished, 1
        while anchor in self.used:
            number += 1
            anchor = f"{wished}-{number}"
        self.used.add(anchor)
        return anchor

    def _how(self, rows: Rows) -> HowComputed:
        anchor = rows.query.anchor
        is_first = anchor not in self.used
        self.used.add(anchor)
        tables = tuple((table, self.defined.get(table, "")) for table in rows.query.tables)
        return HowComputed(anchor, rows.query.says, rows.sql, tables, rows.metrics, is_first)

    def _filled(self, kind: str, said: Mapping[str, Any], rows: Rows, anchor: str) -> dict[str, Any]:
        if kind == "chart":
            return self._chart(said, rows, anchor)
        return self._table(said, rows) if kind == "table" else self._tiles(said, rows)

    def _tiles(self, said: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
        """The one row of the query, a figure for each column."""
        row = next(rows.dicts())
        more: Mapping[str, str] = said.get("links", {})
        figures = [
            Figure(column.label, column.note, cell(row[name], column.kind, self.links), str(more.get(name, "")))
            for name, column in rows.query.columns.items()
            if name in row
        ]
        return {"tiles": tuple(figures)}

    def _chart(self, said: Mapping[str, Any], rows: Rows, anchor: str) -> dict[str, Any]:
        names = tuple(name for name in rows.names if name in rows.query.columns)
        return {
            "pictures": draw(
                spec_of(said, rows.query, chart_data(rows)), rows, anchor, HALF if said.get("half") else WIDE
            ),
            "summary": described(rows, names),
            "table": self._rows_table(rows, (), len(rows.rows)),
        }

    def _table(self, said: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
        made = self._rows_table(
            rows, said.get("filters", ()), said.get("shown", SHOWN_AT_FIRST), said.get("bar_columns", ())
        )
        return {"table": made}

    def _rows_table(self, rows: Rows, filters: Sequence[str], shown_at_first: int, bars: Sequence[str] = ()) -> Table:
        places = [
            (number, column)
            for number, name in enumerate(rows.names)
            if (column := rows.query.columns.get(name)) is not None
            and not (column.optional and all(row[number] is None for row in rows.rows))
        ]
        columns = tuple(column for _, column in places)
        cells = tuple(
            tuple(cell(row[number], column.kind, self.links) for number, column in places) for row in rows.rows
        )
        names = [column.name for column in columns]
        largest = {
            names.index(name): max((float(line[names.index(name)].sort or 0) for line in cells), default=0.0)
            for name in bars
            if name in names
        }
        facets = tuple(_facets(filters, columns, cells))
        return Table(columns, cells, rows.total, facets, shown_at_first, largest)


def _facets(filters: Sequence[str], columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Iterator[Facet]:
    for name in filters:
        place = next((number for number, column in enumerate(columns) if column.name == name), None)
        if place is None:
            continue
        found = {(line[place].sort or "~", line[place].text) for line in rows}
        values = tuple(text for _, text in sorted(found))
        if 1 < len(values) <= FACET_VALUES:
            yield Facet(columns[place].label, place, values)
