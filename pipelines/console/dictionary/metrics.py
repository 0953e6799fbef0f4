"""The metric dictionary as Markdown: of a warehouse with whole lineage, of the repository short.

Belongs here: laying out metrics. Does not: their definitions (headers of models; pipelines/warehouse/models).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pipelines.console.dictionary.markdown import markdown_text
from pipelines.warehouse.models.metrics import MetricDefinition, Parents, by_table, lineage_lines
from pipelines.warehouse.models.model import ColumnRef

_SHORT = 160
"""Characters of an expression that the short page shows; the model's file has all of it."""


def by_mart(metrics: Iterable[MetricDefinition]) -> Iterator[tuple[str, list[MetricDefinition]]]:
    """The metrics of each mart, marts by name, metrics in the order given."""
    ordered = sorted(metrics, key=lambda one: one.table_name)
    for table, group in groupby(ordered, key=lambda one: one.table_name):
        yield table, list(group)


def whole_page(metrics: Sequence[MetricDefinition], parents: Parents, build_id: str) -> str:
    """Every metric with its SQL and its lineage through the models down to raw and staged columns."""
    lines = ["# Metrics", "", f"Of build `{build_id}`: {len(metrics)} metrics, each defined once.", ""]
    for table, group in by_mart(metrics):
        lines += [f"## {table}", "", f"{_sentence(group[0].grain)}", ""]
        for one in group:
            lines += [f"### {one.metric}", "", *_words(one), "Expression:", "", "```sql", one.expression, "```", ""]
            lines += ["Made of:", "", *_tree(one, parents), "", *_rows_from(one)]
        lines += [f"### SQL of {table}", "", "```sql", group[0].sql, "```", ""]
    return "\n".join(lines)


def short_page(metrics: Sequence[MetricDefinition]) -> str:
    """The page of the repository: meaning, formula, caveat, expression, raw and staged columns; SQL by a link."""
    lines = [
        "# Metrics",
        "",
        "Made by `python -m pipelines.console.dictionary`; a test says so when it is out of date.",
        "A metric is defined once, in the header of its model. The warehouse has the definitions in `meta.metric`,",
        "with the SQL; `trialmart docs` shows each with its lineage through all models.",
        "",
    ]
    for table, group in by_mart(metrics):
        path = table.replace(".", "/")
        lines += [
            f"## {table}",
            "",
            f"{_sentence(group[0].grain)} [SQL](../dbt_like_models/{path}.sql)",
            "",
        ]
        for one in group:
            expression = " ".join(one.expression.split())
            shown = f"Expression: `{expression}`" if len(expression) <= _SHORT else "Expression: see the SQL."
            lines += [f"### {one.metric}", "", *_words(one), shown, "", *_value_from(one)]
            lines += _rows_from(one) if not one.value_from else []
    return "\n".join(lines).rstrip() + "\n"


def _sentence(text: str) -> str:
    return markdown_text(f"{text[:1].upper()}{text[1:]}.")


def _words(one: MetricDefinition) -> list[str]:
    return [
        markdown_text(one.meaning),
        "",
        f"- Formula: {markdown_text(one.formula)}",
        f"- Beware: {markdown_text(one.caveat)}",
        "",
    ]


def _tree(one: MetricDefinition, parents: Parents) -> list[str]:
    lines = [
        f"{'  ' * depth}- `{ref.table}.{ref.column}`{' (see above)' if repeated else ''}"
        for depth, ref, repeated in lineage_lines(parents, ColumnRef(one.table_name, one.column_name))
    ]
    return lines or ["- rows alone: it counts them"]


def _value_from(one: MetricDefinition) -> list[str]:
    return [f"Made of: {_gathered(one.value_from) or 'rows alone'}.", ""]


def _rows_from(one: MetricDefinition) -> list[str]:
    return [f"Rows by: {_gathered(one.rows_from)}.", ""] if one.rows_from else []


def _gathered(columns: tuple[str, ...]) -> str:
    return "; ".join(f"`{table}`: {', '.join(names)}" for table, names in by_table(columns).items())
