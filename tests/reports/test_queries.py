"""The queries and page files: they read what they may, compute nothing of their own, and fit the documented tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from pipelines.reports.cells import KINDS
from pipelines.reports.chart_forms import spec_of
from pipelines.reports.plan import MAIN
from pipelines.reports.query import Query, QueryFileError, WarehouseReader, load_queries, parse_query
from pipelines.reports.site import PAGES_DIR, page_file
from tests.reports.small_warehouse import header_of, make_warehouse

QUERIES = list(load_queries().values())
SCHEMAS = {"core", "history", "marts", "quality", "meta"}
PROVENANCE = {"raw.record_version", "raw.file"}
"""Where a record stands; no figure is made of them."""

COMPUTES = (exp.Div, exp.Mul, exp.Avg, exp.Median, exp.Stddev, exp.Quantile, exp.DateDiff, exp.CurrentDate)
"""Signs of a figure that ought to be a metric of a mart. Counting, adding up and comparing rows is what pages do."""

PAGE_KINDS = (*MAIN, "sponsor", "trial")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = make_warehouse(tmp_path_factory.mktemp("empty") / "warehouse.duckdb")
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def _name(query: Query) -> str:
    return query.name


@pytest.mark.parametrize("query", QUERIES, ids=_name)
def test_reads_finished_tables_and_computes_no_figure(query: Query) -> None:
    tree = sqlglot.parse_one(query.sql, read="duckdb")
    named = {f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db}
    assert named == set(query.tables)
    assert all(table.split(".")[0] in SCHEMAS or table in PROVENANCE for table in named), named
    assert not [node.sql() for node in tree.find_all(*COMPUTES)]


@pytest.mark.parametrize("query", QUERIES, ids=_name)
def test_columns_are_those_of_the_header(query: Query, empty: duckdb.DuckDBPyConnection) -> None:
    values = dict.fromkeys(query.parameters, "x")
    described = empty.execute(query.sql, values).description or []
    assert [column[0] for column in described] == list(query.columns)
    assert {column.kind for column in query.columns.values()} <= KINDS
    assert set(re.findall(r"\$(\w+)", query.sql)) == set(query.parameters)


@pytest.mark.parametrize("query", [query for query in QUERIES if query.metrics], ids=_name)
def test_metrics_are_defined_by_a_mart_it_reads(query: Query) -> None:
    for metric in query.metrics:
        table, _, column = metric.rpartition(".")
        assert column in header_of(table)["metrics"], metric


def _blocks(kind: str) -> Iterator[dict[str, Any]]:
    for part in page_file(kind)["sections"]:
        yield from part["blocks"]


def _query_of(block: dict[str, Any]) -> str:
    return str(next(block[name] for name in ("tiles", "chart", "table", "facts") if name in block))


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_page_files_name_queries_and_their_columns(kind: str) -> None:
    for block in _blocks(kind):
        query = load_queries()[_query_of(block)]
        named = [*block.get("filters", ()), *block.get("bar_columns", ()), *block.get("links", {})]
        assert set(named) <= set(query.columns), query.name
        if "chart" in block:
            encoding = spec_of(block, query)["encoding"]
            fields = {channel["field"] for channel in encoding.values() if "field" in channel}
            assert fields - {"place_in_stack"} <= set(query.columns), query.name


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_links_of_page_files_lead_somewhere(kind: str) -> None:
    anchors = {
        "" if one == kind else f"{one}.html": {part["id"] for part in page_file(one)["sections"]} for one in MAIN
    }
    for block in _blocks(kind):
        for target in block.get("links", {}).values():
            file, _, anchor = target.partition("#")
            assert file in anchors, target
            assert not anchor or anchor in anchors[file], target


def test_every_query_and_every_page_file_is_used() -> None:
    used = {_query_of(block) for kind in PAGE_KINDS for block in _blocks(kind)}
    beside = {"sponsors/largest"} | {name for name in load_queries() if name.startswith("trial/featured_")}
    assert used | beside == set(load_queries())
    assert {path.stem for path in Path(PAGES_DIR).glob("*.yaml")} == set(PAGE_KINDS)


GOOD = "/* ---\ntitle: T\ncolumns: {a: A}\nparameters: [p]\n--- */\nSELECT 1 AS a WHERE 'x' = $p;\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT 1", "header"),
        ("/* ---\ntitle: T\n--- */\nSELECT 1", "title and columns"),
        ("/* ---\ntitle: T\ncolumns: {a: A}\nlimits: 3\n--- */\nSELECT 1", "limits"),
        ("/* ---\ntitle: T\ncolumns: {a: {labl: A}}\n--- */\nSELECT 1", "labl"),
        ("/* ---\ntitle: T\ncolumns: {a: A}\n--- */\n", "SELECT"),
    ],
)
def test_a_file_that_is_no_query_is_refused_by_name(text: str, words: str) -> None:
    assert parse_query("a/good", GOOD).columns["a"].label == "A"
    with pytest.raises(QueryFileError, match=words) as caught:
        parse_query("a/bad", text)
    assert "a/bad" in str(caught.value)


def test_shown_sql_is_the_query_with_literals_and_cannot_be_broken_out_of() -> None:
    shown = parse_query("a/good", GOOD).shown_sql({"p": "x' OR 1=1 --"})
    assert shown == "SELECT 1 AS a WHERE 'x' = 'x'' OR 1=1 --'"
    assert duckdb.sql(shown).fetchall() == []


def test_a_limit_shows_how_many_there_are(empty: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = {"core.country": [{"record_key": f"A:{n}", "country": f"c{n:02}"} for n in range(25)]}
    with duckdb.connect(str(make_warehouse(tmp_path / "w.duckdb", rows))) as connection:
        some = WarehouseReader(connection, most_rows=5).run("overview/countries")
        assert (len(some.rows), some.total) == (5, 25)
        whole = WarehouseReader(connection).run("overview/countries")
        assert (len(whole.rows), whole.total) == (12, 25)
    assert WarehouseReader(empty).run("overview/countries").total == 0


def test_a_warehouse_of_another_version_says_what_it_lacks(tmp_path: Path) -> None:
    path = make_warehouse(tmp_path / "w.duckdb", without=["marts.date_slippage"])
    with duckdb.connect(str(path)) as connection:
        assert "marts.date_slippage" in WarehouseReader(connection).run("history/slipped").missing
        connection.execute("ALTER TABLE core.record DROP COLUMN has_results")
        lacking = WarehouseReader(connection).run("overview/registries")
        assert "lacks a column" in lacking.missing
        assert "--rebuild" in lacking.missing


def test_a_value_that_names_another_parameter_stays_a_value() -> None:
    """Values were put in one after the other: a name with `$q` in it got the next value in the middle of its quotes."""
    text = "/* ---\ntitle: t\ncolumns:\n  a: A\nparameters: [p, q]\n--- */ SELECT $p AS a, $q AS b"
    shown = parse_query("x", text).shown_sql({"p": "Sponsor $q of $p", "q": "', (SELECT 1), '"})
    assert duckdb.sql(shown).fetchall() == [("Sponsor $q of $p", "', (SELECT 1), '")]
