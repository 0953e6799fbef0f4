"""From which columns the columns and rows of one query come, through its CTEs, subqueries and UNIONs.

Belongs here: walking sqlglot's scopes and lineage nodes of a qualified query. Does not: parsing and qualifying
(sql.py), lineage from model to model (model.py, metrics.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from pipelines.warehouse.models.model import ColumnRef

DIALECT = "duckdb"
"""The one dialect in which models are written, read and printed."""


def table_name(table: exp.Table) -> str:
    """The name as written: schema.table."""
    return ".".join(part.name for part in table.parts if isinstance(part, exp.Identifier))


def made_by(scope: Scope | None, name: str) -> str:
    """The SQL behind a column of a query, through those that only hand it on; of a UNION one for each SELECT."""
    written = name
    while scope is not None:
        made = _projection(scope.expression, name)
        if made is None:
            break
        if isinstance(scope.expression, exp.SetOperation):
            place = [item.output_name for item in scope.expression.selects].index(name)
            parts = [branch.expression.selects[place].unalias() for branch in _branches(scope)]
            return "\nUNION\n".join(dict.fromkeys(part.sql(dialect=DIALECT, pretty=True) for part in parts))
        written = made.sql(dialect=DIALECT, pretty=True)
        source = scope.sources.get(made.table) if isinstance(made, exp.Column) else None
        scope, name = source if isinstance(source, Scope) else None, made.name
    return written


def _projection(query: exp.Expr, name: str) -> exp.Expr | None:
    """What a SELECT, or the first one of a UNION, gives under a name."""
    found = next((item for item in getattr(query, "selects", ()) if item.output_name == name), None)
    return found.unalias() if found is not None else None


def row_clauses(query: exp.Expr) -> Iterator[exp.Expr]:
    """WHERE, ON, GROUP BY, HAVING, QUALIFY and DISTINCT of one SELECT."""
    for part in ("where", "group", "having", "qualify", "distinct"):
        clause = query.args.get(part)
        if isinstance(clause, exp.Expr):
            yield clause
    for join in query.args.get("joins") or ():
        if join.args.get("on") is not None:
            yield join.args["on"]


def _branches(scope: Scope) -> list[Scope]:
    """The SELECTs of a UNION from the left, or the one SELECT."""
    if isinstance(scope.expression, exp.SetOperation):
        return [branch for part in scope.set_operation_scopes for branch in _branches(part)]
    return [scope]


def real_columns(
    scope: Scope, column: exp.Column, known: Mapping[str, Sequence[str]], seen: frozenset[tuple[int, str]] = frozenset()
) -> set[ColumnRef]:
    """The columns of real tables behind a column, through the CTEs and subqueries of the query.

    `seen` ends the walk where a recursive CTE comes back to itself.
    """
    source = scope.sources.get(column.table)
    if isinstance(source, exp.Table):
        table = table_name(source)
        return {ColumnRef(table, column.name)} if column.name in known.get(table, ()) else set()
    if not isinstance(source, Scope) or (id(source), column.name) in seen:
        return set()
    seen |= {(id(source), column.name)}
    branches = _branches(source)
    names = [item.output_name for item in getattr(branches[0].expression, "selects", ())]
    place = names.index(column.name) if column.name in names else None
    return {
        ref
        for branch in (branches if place is not None else ())
        for inner in branch.expression.selects[place].find_all(exp.Column)
        for ref in real_columns(branch, inner, known, seen)
    }


def leaf_columns(nodes: Iterator[object], known: Mapping[str, Sequence[str]]) -> set[ColumnRef]:
    """The columns of real tables at the ends of sqlglot's lineage."""
    found = set()
    for node in nodes:
        source = getattr(node, "expression", None)
        if not isinstance(source, exp.Table) or getattr(node, "downstream", None):
            continue
        table = table_name(source)
        column = str(getattr(node, "name", "")).rpartition(".")[2].strip('"')
        if table in known and column in known[table]:
            found.add(ColumnRef(table, column))
    return found
