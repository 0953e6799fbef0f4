"""The dictionary as one self-contained HTML page: metrics, then the tables of each schema, then rules.

Belongs here: laying out; every text of the warehouse is escaped. Does not: style and script (style.py), reading the
warehouse (collect.py). Anchors that other pages may link to: `metric-<mart>.<column>`, `sql-<schema>.<table>`,
`<schema>.<table>`, `rule-<rule>`.
"""

from __future__ import annotations

from html import escape

from pipelines.console.dictionary.collect import ColumnDoc, Dictionary, RuleDoc, TableDoc
from pipelines.console.dictionary.markdown import figures
from pipelines.console.dictionary.metrics import by_mart
from pipelines.console.dictionary.style import POLICY, SCRIPT, STYLE
from pipelines.warehouse.build import SCHEMAS
from pipelines.warehouse.models.metrics import MetricDefinition, Parents, by_table, lineage_lines
from pipelines.warehouse.models.model import ColumnRef


def html_page(dictionary: Dictionary) -> str:
    """The page, UTF-8."""
    tables = {table.full_name for table in dictionary.tables}
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>trialmart data dictionary</title><style>{STYLE}</style></head><body>",
        _header(dictionary),
        "<main>",
        *_metrics(dictionary),
    ]
    for schema, listed in dictionary.schemas():
        parts.append(f'<div class="schema"><h2 id="{schema}">{schema}</h2><p>{escape(SCHEMAS[schema])}</p>')
        parts.extend(_table(table, tables) for table in listed)
        parts.append("</div>")
    parts.append('<div class="schema"><h2 id="rules">rules</h2>')
    parts.extend(_rule(rule) for rule in dictionary.rules)
    parts.append(f"</div></main><script>{SCRIPT}</script></body></html>")
    return "\n".join(parts)


def _header(dictionary: Dictionary) -> str:
    counts = (
        f"{len(dictionary.metrics)} metrics, {len(dictionary.tables)} tables and views, {len(dictionary.rules)} rules"
    )
    schemas = "".join(f'<a href="#{schema}">{schema}</a>' for schema, _ in dictionary.schemas())
    return (
        f'<header><h1>Data dictionary</h1><p class="quiet">Build {escape(dictionary.build_id)}: {counts}.</p></header>'
        '<div class="bar"><div><nav aria-label="Parts"><a href="#metrics">metrics</a>'
        f'{schemas}<a href="#rules">rules</a></nav>'
        '<input id="filter" type="search" placeholder="Show only what contains …" aria-label="Filter">'
        '<span id="told" class="quiet" role="status"></span></div></div>'
    )


def _metrics(dictionary: Dictionary) -> list[str]:
    told = "Every figure that the marts publish and a reader could misread, each defined once."
    parts = [f'<div class="schema"><h2 id="metrics">metrics</h2><p>{told}</p>']
    for table, group in by_mart(dictionary.metrics):
        name = escape(table)
        grain = f'<span class="quiet">{escape(group[0].grain)}</span>'
        parts.append(f'<div class="group"><h3><a href="#{name}">{name}</a> {grain}</h3>')
        parts.extend(_metric(one, dictionary.parents) for one in group)
        parts.append("</div>")
    parts.append("</div>")
    return parts


def _metric(one: MetricDefinition, parents: Parents) -> str:
    lines = list(lineage_lines(parents, ColumnRef(one.table_name, one.column_name)))
    tree = "".join(_node(depth, ref, repeated, parents) for depth, ref, repeated in lines)
    made_of = f'<ul class="tree">{tree}</ul>' if tree else "<p>Rows alone: it counts them.</p>"
    rows_by = "; ".join(
        f"<code>{escape(table)}</code>: {escape(', '.join(names))}" for table, names in by_table(one.rows_from).items()
    )
    return (
        f'<section id="metric-{escape(one.metric)}" class="metric"><h4>'
        f'<span class="quiet">{escape(one.metric.removesuffix(one.column_name))}</span>{escape(one.column_name)}</h4>'
        f"<p>{escape(one.meaning)}</p><dl><dt>Formula<dd>{escape(one.formula)}"
        f'<dt>Beware<dd class="beware">{escape(one.caveat)}</dl>'
        f"<details><summary>Expression and lineage</summary><pre>{escape(one.expression)}</pre>"
        f"<p>Made of, down to what was read:</p>{made_of}"
        + (f'<p class="quiet">Rows joined, kept and grouped by {rows_by}.</p>' if rows_by else "")
        + f'<p><a href="#sql-{escape(one.table_name)}">The whole SELECT</a></p></details></section>'
    )


def _node(depth: int, ref: ColumnRef, repeated: bool, parents: Parents) -> str:
    is_end = "" if parents.get(ref) else ' class="end"'
    again = ' <span class="quiet">see above</span>' if repeated else ""
    return f'<li{is_end} style="--depth:{depth}"><code>{escape(f"{ref.table}.{ref.column}")}</code>{again}'


def _table(table: TableDoc, known: set[str]) -> str:
    name = escape(table.full_name)
    size = "view" if table.rows is None else f"{table.rows:,} rows"
    grain = f" Grain: {escape(table.grain)}." if table.grain else ""
    reads = ", ".join(_linked(one, known) for one in table.depends_on)
    rules = ", ".join(f'<a href="#rule-{escape(r.name)}">{escape(r.name)}</a> ({r.severity})' for r in table.rules)
    sql = (
        f'<details id="sql-{name}"><summary>SQL</summary><pre>{escape(table.sql)}</pre></details>' if table.sql else ""
    )
    rows = "".join(_column(column) for column in table.columns)
    return (
        f'<section id="{name}"><h3>{name} <span class="quiet">{size}</span></h3><p>{escape(table.comment)}{grain}</p>'
        + (f'<p class="quiet">Reads {reads}</p>' if reads else "")
        + f'<details><summary>{len(table.columns)} columns</summary><div class="wide"><table>'
        f'<tr><th scope="col">column<th scope="col">type<th scope="col">holds<th scope="col">comes from{rows}'
        f"</table></div></details>{sql}" + (f"<p>Rules: {rules}</p>" if rules else "") + "</section>"
    )


def _column(column: ColumnDoc) -> str:
    return (
        f"<tr><td><code>{escape(column.name)}</code><td>{escape(column.data_type)}<td>{escape(column.comment)}"
        f'<td class="quiet">{"<br>".join(map(escape, column.comes_from))}'
    )


def _linked(table: str, known: set[str]) -> str:
    name = escape(table)
    return f'<a href="#{name}">{name}</a>' if table in known else name


def _rule(rule: RuleDoc) -> str:
    return (
        f'<section id="rule-{escape(rule.name)}"><h3>{escape(rule.name)} '
        f'<span class="quiet">{escape(rule.severity)} on {escape(rule.table)}</span></h3>'
        f"<p>{escape(rule.description)}</p>"
        f'<p class="quiet">{figures(rule)} Source: {escape(rule.source)}</p></section>'
    )
