"""The dictionary as Markdown pages: overview, one page for each schema, rules.

Belongs here: laying out. Does not: metrics (metrics.py), HTML (html_page.py), reading the warehouse (collect.py).
"""

from __future__ import annotations

import re

from pipelines.console.dictionary.collect import Dictionary, RuleDoc, TableDoc
from pipelines.warehouse.build import SCHEMAS

_SPACE = re.compile(r"\s+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


def markdown_text(text: str) -> str:
    """Text as Markdown that shows exactly this text."""
    return _MARKDOWN.sub(r"\\\1", _SPACE.sub(" ", text).strip())


def figures(rule: RuleDoc) -> str:
    """What the rule found in the run of the build, in a sentence."""
    if rule.evaluated is None:
        return "It did not run in this build."
    return f"{rule.evaluated:,} rows evaluated, {rule.failed or 0:,} failed, {rule.not_evaluable or 0:,} not evaluable."


def overview(dictionary: Dictionary) -> str:
    """README.md: the schemas and their tables."""
    links = "[All metrics](metrics.md), [all rules](rules.md)."
    lines = ["# Data dictionary", "", f"Of build `{dictionary.build_id}`. {links}", ""]
    for schema, tables in dictionary.schemas():
        lines += [
            f"## [{schema}]({schema}.md)",
            "",
            markdown_text(SCHEMAS[schema]),
            "",
            "| table | rows | holds |",
            "|---|---:|---|",
        ]
        for table in tables:
            rows = "view" if table.rows is None else f"{table.rows:,}"
            link = f"[{table.name}]({schema}.md#{schema}{table.name})"
            lines.append(f"| {link} | {rows} | {markdown_text(table.comment)} |")
        lines.append("")
    return "\n".join(lines)


def schema_page(schema: str, tables: list[TableDoc]) -> str:
    """A schema's tables with their columns and rules."""
    lines = [f"# {schema}", "", markdown_text(SCHEMAS[schema]), ""]
    for table in tables:
        lines += [f"## {table.full_name}", "", markdown_text(table.comment), ""]
        if table.grain:
            lines += [f"Grain: {markdown_text(table.grain)}.", ""]
        if table.depends_on:
            lines += ["Reads: " + ", ".join(f"`{name}`" for name in table.depends_on) + ".", ""]
        lines += ["| column | type | holds | comes from |", "|---|---|---|---|"]
        for column in table.columns:
            origin = ", ".join(f"`{name}`" for name in column.comes_from)
            lines.append(
                f"| `{column.name}` | {markdown_text(column.data_type)} | {markdown_text(column.comment)} | {origin} |"
            )
        lines.append("")
        if table.rules:
            names = ", ".join(f"[{rule.name}](rules.md#{rule.name}) ({rule.severity})" for rule in table.rules)
            lines += [f"Rules: {names}.", ""]
    return "\n".join(lines)


def rules_page(dictionary: Dictionary) -> str:
    """Every rule with its result."""
    lines = ["# Rules", "", f"With their results in build `{dictionary.build_id}`.", ""]
    for rule in dictionary.rules:
        lines += [
            f"## {rule.name}",
            "",
            f"**{rule.severity}** on `{rule.table}`. {markdown_text(rule.description)}",
            "",
            f"{figures(rule)} Source: {markdown_text(rule.source)}",
            "",
        ]
    return "\n".join(lines)
