"""`trialmart docs`: the data dictionary of the published warehouse, as Markdown pages and one HTML page.

Belongs here: collecting tables, columns, lineage, rules from the warehouse itself, and laying them out. Does not: words
about any of them; those stand where tables, models and rules are made, and reached the warehouse with the build.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.build import SCHEMAS
from pipelines.warehouse.connect import connect_read_only

_SPACE = re.compile(r"\s+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


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
    """A table or view with everything known about it."""

    schema: str
    name: str
    comment: str
    rows: int
    grain: str = ""
    depends_on: tuple[str, ...] = ()
    columns: list[ColumnDoc] = field(default_factory=list)
    rules: list[RuleDoc] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """`schema.name`."""
        return f"{self.schema}.{self.name}"


@dataclass(slots=True)
class Dictionary:
    """The whole dictionary: build, tables by schema in the order of SCHEMAS, rules."""

    build_id: str
    tables: list[TableDoc]
    rules: list[RuleDoc]

    def schemas(self) -> Iterator[tuple[str, list[TableDoc]]]:
        """Each schema that has tables."""
        for schema in SCHEMAS:
            tables = [table for table in self.tables if table.schema == schema]
            if tables:
                yield schema, tables


def write_dictionary(settings: Settings, output: Path) -> list[Path]:
    """Write README.md, one page for each schema, rules.md and index.html into `output`; returns the files.

    Raises NoWarehouseError where nothing is published.
    """
    with connect_read_only(settings.warehouse_path) as connection:
        dictionary = collect(connection)
    output.mkdir(parents=True, exist_ok=True)
    pages = {"README.md": _overview(dictionary), "rules.md": _rules_page(dictionary), "index.html": _html(dictionary)}
    for schema, tables in dictionary.schemas():
        pages[f"{schema}.md"] = _schema_page(schema, tables)
    for name, text in pages.items():
        (output / name).write_text(text, encoding="utf-8")
    return [output / name for name in pages]


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
    return Dictionary(build[0], list(tables.values()), rules)


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[TableDoc]:
    rows = connection.execute(
        """
        WITH made AS (
            SELECT schema_name, table_name AS name, comment FROM duckdb_tables() WHERE NOT internal
            UNION ALL
            SELECT schema_name, view_name, comment FROM duckdb_views() WHERE NOT internal
        )
        SELECT made.schema_name, made.name, coalesce(model.description, made.comment, ''), coalesce(model.grain, ''),
               coalesce(model.depends_on, [])
        FROM made LEFT JOIN meta.model AS model ON model.table_name = made.schema_name || '.' || made.name
        ORDER BY made.schema_name, made.name
        """
    ).fetchall()
    for schema, name, comment, grain, depends_on in rows:
        quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
        count = connection.execute(f"SELECT count(*) FROM {quoted}").fetchall()[0][0]
        yield TableDoc(schema, name, comment, count, grain, tuple(sorted(depends_on)))


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
        WHERE NOT made.internal AND made.database_name = current_database()
        ORDER BY made.schema_name, made.table_name, made.column_index
        """
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


def _md(text: str) -> str:
    """Text as Markdown that shows exactly this text."""
    return _MARKDOWN.sub(r"\\\1", _SPACE.sub(" ", text).strip())


def _figures(rule: RuleDoc) -> str:
    if rule.evaluated is None:
        return "It did not run in this build."
    return f"{rule.evaluated:,} rows evaluated, {rule.failed or 0:,} failed, {rule.not_evaluable or 0:,} not evaluable."


def _overview(dictionary: Dictionary) -> str:
    lines = ["# Data dictionary", "", f"Of build `{dictionary.build_id}`. [All rules](rules.md).", ""]
    for schema, tables in dictionary.schemas():
        lines += [
            f"## [{schema}]({schema}.md)",
            "",
            _md(SCHEMAS[schema]),
            "",
            "| table | rows | holds |",
            "|---|---:|---|",
        ]
        lines += [
            f"| [{table.name}]({schema}.md#{schema}{table.name}) | {table.rows:,} | {_md(table.comment)} |"
            for table in tables
        ]
        lines.append("")
    return "\n".join(lines)


def _schema_page(schema: str, tables: list[TableDoc]) -> str:
    lines = [f"# {schema}", "", _md(SCHEMAS[schema]), ""]
    for table in tables:
        lines += [f"## {table.full_name}", "", _md(table.comment), ""]
        if table.grain:
            lines += [f"Grain: {_md(table.grain)}.", ""]
        if table.depends_on:
            lines += ["Reads: " + ", ".join(f"`{name}`" for name in table.depends_on) + ".", ""]
        lines += ["| column | type | holds | comes from |", "|---|---|---|---|"]
        for column in table.columns:
            origin = ", ".join(f"`{name}`" for name in column.comes_from)
            lines.append(f"| `{column.name}` | {_md(column.data_type)} | {_md(column.comment)} | {origin} |")
        lines.append("")
        if table.rules:
            names = ", ".join(f"[{rule.name}](rules.md#{rule.name}) ({rule.severity})" for rule in table.rules)
            lines += [f"Rules: {names}.", ""]
    return "\n".join(lines)


def _rules_page(dictionary: Dictionary) -> str:
    lines = ["# Rules", "", f"With their results in build `{dictionary.build_id}`.", ""]
    for rule in dictionary.rules:
        lines += [
            f"## {rule.name}",
            "",
            f"**{rule.severity}** on `{rule.table}`. {_md(rule.description)}",
            "",
            f"{_figures(rule)} Source: {_md(rule.source)}",
            "",
        ]
    return "\n".join(lines)


_STYLE = """
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1100px;padding:1rem}
h1{margin:.2rem 0}h2{border-bottom:1px solid #8886;margin-top:2.5rem}h3{margin:1.8rem 0 .3rem}code{font-size:.92em}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem .25rem 0;vertical-align:top;
border-bottom:1px solid #8883}td.n{text-align:right}nav a{margin-right:1rem}.quiet{opacity:.7}
input{font:inherit;padding:.3rem .6rem;width:20rem;max-width:100%}details{margin:.4rem 0}summary{cursor:pointer}
""".strip()

_FILTER = """
const box=document.getElementById('filter');
box.addEventListener('input',()=>{const wanted=box.value.toLowerCase();
document.querySelectorAll('section').forEach(s=>{s.hidden=!s.textContent.toLowerCase().includes(wanted)});
document.querySelectorAll('.schema').forEach(d=>{d.hidden=!d.querySelector('section:not([hidden])')})});
""".strip()


def _html(dictionary: Dictionary) -> str:
    """One self-contained page; every text of the warehouse is escaped."""
    escape = html.escape
    links = "".join(f'<a href="#{schema}">{schema}</a>' for schema, _ in dictionary.schemas())
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>trialmart data dictionary</title><style>{_STYLE}</style>",
        f'<h1>Data dictionary</h1><p class="quiet">Build {escape(dictionary.build_id)}</p>',
        f'<nav>{links}<a href="#rules">rules</a></nav>',
        '<p><input id="filter" type="search" placeholder="Show only what contains …" aria-label="Filter"></p>',
    ]
    for schema, tables in dictionary.schemas():
        parts.append(f'<div class="schema"><h2 id="{schema}">{schema}</h2><p>{escape(SCHEMAS[schema])}</p>')
        parts.extend(_html_table(table) for table in tables)
        parts.append("</div>")
    parts.append('<div class="schema"><h2 id="rules">rules</h2>')
    parts.extend(_html_rule(rule) for rule in dictionary.rules)
    parts.append(f"</div><script>{_FILTER}</script></html>")
    return "\n".join(parts)


def _html_table(table: TableDoc) -> str:
    escape = html.escape
    rows = "".join(
        f"<tr><td><code>{escape(column.name)}</code><td>{escape(column.data_type)}<td>{escape(column.comment)}"
        f"<td class=quiet>{escape(', '.join(column.comes_from))}"
        for column in table.columns
    )
    grain = f" Grain: {escape(table.grain)}." if table.grain else ""
    reads = f'<p class="quiet">Reads {escape(", ".join(table.depends_on))}</p>' if table.depends_on else ""
    rules = ", ".join(f'<a href="#rule-{escape(r.name)}">{escape(r.name)}</a> ({r.severity})' for r in table.rules)
    checked = f"<p>Rules: {rules}</p>" if rules else ""
    return (
        f'<section id="{escape(table.full_name)}"><h3>{escape(table.full_name)} '
        f'<span class="quiet">{table.rows:,} rows</span></h3>'
        f"<p>{escape(table.comment)}{grain}</p>{reads}<details><summary>{len(table.columns)} columns</summary>"
        f"<table><tr><th>column<th>type<th>holds<th>comes from{rows}</table></details>{checked}</section>"
    )


def _html_rule(rule: RuleDoc) -> str:
    escape = html.escape
    return (
        f'<section id="rule-{escape(rule.name)}"><h3>{escape(rule.name)} '
        f'<span class="quiet">{escape(rule.severity)} on {escape(rule.table)}</span></h3>'
        f"<p>{escape(rule.description)}</p>"
        f'<p class="quiet">{_figures(rule)} Source: {escape(rule.source)}</p></section>'
    )
