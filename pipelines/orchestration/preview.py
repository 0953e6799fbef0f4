"""A few rows of a table as Markdown that is safe to show: no markup of the data comes alive, no personal contact data.

Belongs here: choosing columns, quoting cells. Does not: Dagster.
Registry text is foreign text. Every cell is shown as inline code, in which Markdown and HTML are dead letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from pipelines.tables import quoted

ROWS = 5
COLUMNS = 12
CELL_CHARACTERS = 60

_PERSONAL_TABLE = re.compile(r"contact|official|investigator")
_WITHHELD_COLUMN = re.compile(
    r"contact|overall_official|investigator|responsible_party|email|phone|fax|name_title"
    # columns that hold any part of a record as it came
    r"|excerpt|verbatim|(?:^|_)value$|^message$"
)
_SPACE = re.compile(r"\s+")


def preview_markdown(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> str | None:
    """The first rows (at most ROWS) and columns (at most COLUMNS) as a Markdown table.

    None where the table is about people to contact, or where no column may be shown. Cells with an @ are withheld.
    """
    if _PERSONAL_TABLE.search(table):
        return None
    described = connection.execute(f"DESCRIBE {quoted(schema, table)}").fetchall()
    names = [row[0] for row in described]
    shown = [name for name in names if not _WITHHELD_COLUMN.search(name)][:COLUMNS]
    if not shown:
        return None
    columns = ", ".join(f"left(CAST({quoted(name)} AS VARCHAR), {CELL_CHARACTERS + 1})" for name in shown)
    rows = connection.execute(f"SELECT {columns} FROM {quoted(schema, table)} LIMIT {ROWS}").fetchall()
    if not rows:
        return "no rows"
    more = f"\n\nColumns not shown: {len(names) - len(shown)}." if len(names) > len(shown) else ""
    return markdown_table(shown, rows) + more


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A GitHub-style table; every cell but the header's is inert."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines.extend("| " + " | ".join(markdown_cell(cell) for cell in row) + " |" for row in rows)
    return "\n".join(lines)


def markdown_text(text: str) -> str:
    """Words written for plain text, for a place that shows Markdown: `<registry>` stays to be read, no tag is made."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*")


def markdown_cell(value: object) -> str:
    """Any value as inline code on one line; NULL is empty. Backticks become apostrophes, bars are escaped."""
    if value is None:
        return ""
    text = _SPACE.sub(" ", str(value)).strip()
    if "@" in text:
        return "*withheld*"
    if len(text) > CELL_CHARACTERS:
        text = text[: CELL_CHARACTERS - 1] + "…"
    text = text.replace("`", "'").replace("\\", "\\\\").replace("|", "\\|")
    return f"`{text}`" if text else ""
