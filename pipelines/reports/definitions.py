"""The page of definitions: every metric the pages show or could show, and the SQL of every mart.

Belongs here: reading meta.metric and meta.model for that page. Does not: defining anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.reports.query import Metric, WarehouseReader, load_queries

PAGE = "definitions.html"


@dataclass(frozen=True, slots=True)
class Definition:
    """A table of the warehouse with its metrics. `anchor`: what blocks link to."""

    name: str
    anchor: str
    description: str
    grain: str
    reads: tuple[str, ...]
    sql: str
    metrics: tuple[Metric, ...]


def table_anchor(name: str) -> str:
    """The id of a table's entry."""
    return "table-" + name.replace(".", "-").replace("_", "-")


def definitions_values(reader: WarehouseReader) -> dict[str, Any]:
    """What the template of the page needs."""
    return {"definitions": tuple(_definitions(reader)), "metric_count": len(reader.metrics)}


def defined_tables(reader: WarehouseReader) -> dict[str, str]:
    """The tables that have an entry (all marts, and the models that pages read), and where it is."""
    if not reader.has("meta.model"):
        return {}
    read = sorted({table for query in load_queries().values() for table in query.tables})
    rows = reader.connection.execute(
        "SELECT table_name FROM meta.model WHERE table_name LIKE 'marts.%' OR list_contains(?::VARCHAR[], table_name)",
        [read],
    ).fetchall()
    return {row[0]: f"{PAGE}#{table_anchor(row[0])}" for row in rows}


def _definitions(reader: WarehouseReader) -> Iterator[Definition]:
    wanted = sorted(defined_tables(reader))
    rows = (
        reader.connection.execute(
            "SELECT table_name, description, grain, depends_on, sql FROM meta.model "
            "WHERE list_contains(?::VARCHAR[], table_name) ORDER BY table_name NOT LIKE 'marts.%', table_name",
            [wanted],
        ).fetchall()
        if wanted
        else []
    )
    for name, description, grain, reads, sql in rows:
        metrics = tuple(metric for key, metric in reader.metrics.items() if key.rpartition(".")[0] == name)
        yield Definition(
            name, table_anchor(name), description or "", grain or "", tuple(sorted(reads or ())), sql or "", metrics
        )
