"""Delimited tables (CSV and its relatives) as streams of rows, for every format that is one.

Belongs here: encodings, dialects, headings, rows with their exact bytes, broken rows told apart from good ones. Does
not: what any format's columns mean.

How a reader uses it:

    DIALECT = Dialect(delimiters=(",", ";", "\\t"))

    def recognise(head):
        heading = read_heading(head, DIALECT)
        return heading is not None and {"NCT Number", …} <= set(heading.names)

    def read(member, limits):
        try:
            with open_table(member, DIALECT, limits, starts_row=…) as table:
                check_columns(table.heading, required=("NCT Number",), known=…)
                for row in table:
                    if isinstance(row, BadRow):
                        yield row.as_record(member)
                    else:
                        … RawRecord(member.name, row.line, row.raw, …row.fields…)
        except TableFault as error:
            yield table_refused(member, error)
"""

from __future__ import annotations

from pipelines.readers.tables.encoding import TableFault
from pipelines.readers.tables.heading import Dialect, Heading, check_columns, heading_of, read_heading
from pipelines.readers.tables.rows import BadRow, Row, StartsRow, Table, open_table, table_refused

__all__ = [
    "BadRow",
    "Dialect",
    "Heading",
    "Row",
    "StartsRow",
    "Table",
    "TableFault",
    "check_columns",
    "heading_of",
    "open_table",
    "read_heading",
    "table_refused",
]
