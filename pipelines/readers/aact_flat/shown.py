"""What an export shows of a study, the empty cells and the tables without a row of it included.

Belongs here: the tree that the mapping's `shown` looks at. Does not: values (tree.py), tables that are wanting
(reader.py).
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from pipelines.readers.aact_flat.tables import STUDIES, TableMember
from pipelines.readers.aact_flat.tree import OTHER_KIND, Tree

_ONE_ROW = (STUDIES, "eligibilities")
"""Tables with one row for each study, the cells of which are looked at."""
_MANY_ROWS = ("conditions", "interventions", "facilities")
_KINDS = {"design_outcomes": ("primary", "secondary"), "sponsors": ("lead",)}


def shown_tree(tree: Tree, tables: Iterable[TableMember], wanting: Container[str]) -> Tree:
    """`tree` with what is empty in it. Of tables that are `wanting`, whole or in rows of the study, nothing is said."""
    shown: Tree = {}
    for table in tables:
        name = table.name
        found = tree.get(name)
        if name in wanting:
            continue
        if name in _ONE_ROW:
            row = found[0] if isinstance(found, list) and found else found
            if row:
                shown[name] = dict.fromkeys(table.heading.names) | row
        elif name in _MANY_ROWS:
            shown[name] = found
        elif name in _KINDS and OTHER_KIND not in (found or {}):
            shown[name] = dict.fromkeys(_KINDS[name]) | (found or {})
    return shown
