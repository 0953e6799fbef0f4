"""What a model's SELECT says, read by sqlglot: tables, columns, lineage, a version, what it must not use.

Belongs here: everything that needs the syntax tree of one query. Does not: the walk from column to column (lineage.py),
headers, files, running anything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope, traverse_scope
from sqlglot.tokens import TokenType

from pipelines.warehouse.models.lineage import DIALECT, leaf_columns, made_by, real_columns, row_clauses, table_name
from pipelines.warehouse.models.model import ColumnRef

_UNSTABLE = frozenset(
    {"now", "today", "random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "get_current_timestamp"}
)
_FORBIDDEN_FUNCTIONS: Mapping[str, str] = {
    **dict.fromkeys(_UNSTABLE, "gives other rows on every build; take a date from the data"),
    **dict.fromkeys(
        ("nextval", "currval"), "needs a sequence, which DuckLake lacks; use row_number() OVER (ORDER BY …)"
    ),
    "columns": "hides column names; list the columns",
}
_UNSTABLE_NODES = (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime, exp.Rand, exp.Uuid)
_BAD_TYPE = re.compile(r"\b(?:ENUM|UNION|BIT|BITSTRING)\b|\[\d+\]", re.IGNORECASE)
_AS_WRITTEN = frozenset({TokenType.STRING, TokenType.IDENTIFIER, TokenType.VAR, TokenType.RAW_STRING})
"""Tokens whose case may matter; all others are keywords and signs."""
_ROW_SOURCES = (exp.Unnest, exp.GenerateSeries)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a query; `line` counts from 1 at its first line."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class TableUse:
    """A table the query reads, `name` as it is written there; `is_qualified` when that is schema.table."""

    name: str
    line: int
    is_qualified: bool


class Query:
    """A parsed SELECT. Raises QueryError where it cannot be parsed or is no single SELECT."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tree = _parse(sql)
        self.output = tuple(projection.output_name for projection in self.tree.selects)
        self.tables = tuple(_tables(self.tree))
        self._qualified: tuple[Mapping[str, Sequence[str]], exp.Expr] | None = None

    def findings(self) -> Iterator[Finding]:
        """Breaches of what every model keeps: columns listed, names qualified, stable rows, plain types."""
        yield from self._output_findings()
        for use in self.tables:
            if not use.is_qualified:
                yield Finding(use.line, f"`{use.name}` must be written as schema.table")
        for node in self.tree.walk():
            message = _forbidden(node)
            if message:
                yield Finding(_line(node), message)

    def _output_findings(self) -> Iterator[Finding]:
        for number, projection in enumerate(self.tree.selects, 1):
            if projection.is_star:
                yield Finding(_line(projection), "the final SELECT must list its columns, without `*`")
            elif not projection.output_name:
                yield Finding(_line(projection), f"column {number} of the final SELECT has no name; add `AS name`")
        twice = sorted({name for name in self.output if name and self.output.count(name) > 1})
        if twice:
            yield Finding(1, f"the final SELECT gives {', '.join(twice)} more than once")

    def qualified(self, known: Mapping[str, Sequence[str]]) -> exp.Expr:
        """The query with every column bound to its table, not to be changed: one tree for all who ask.

        Raises QueryError for a column that no table has.
        """
        if self._qualified is None or self._qualified[0] is not known:
            schema = _schema({use.name for use in self.tables}, known)
            try:
                tree = qualify(
                    self.tree.copy(), dialect=DIALECT, schema=schema, identify=False, quote_identifiers=False
                )
            except SqlglotError as error:
                raise QueryError(1, str(error).split(". Line:")[0]) from error
            self._qualified = (known, tree)
        return self._qualified[1]

    def lineage(self, known: Mapping[str, Sequence[str]]) -> dict[str, tuple[ColumnRef, ...]]:
        """For each output column the columns of real tables its value is made of, sorted."""
        tree = self.qualified(known).copy()  # sqlglot's lineage may change it
        scope = build_scope(tree)
        schema = _schema({use.name for use in self.tables}, known)
        nodes = lineage(None, tree, schema, dialect=DIALECT, scope=scope, trim_selects=False, copy=False)
        return {name: tuple(sorted(leaf_columns(nodes[name].walk(), known))) for name in self.output}

    def columns_read(self, known: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
        """For each table the columns that the query names anywhere; none where it only counts the rows."""
        found: dict[str, set[str]] = {use.name: set() for use in self.tables}
        for scope in traverse_scope(self.qualified(known)):
            for column in scope.columns:
                source = scope.sources.get(column.table)
                if isinstance(source, exp.Table):
                    found[table_name(source)].add(column.name)
        return {name: frozenset(columns) for name, columns in found.items()}

    def row_lineage(self, known: Mapping[str, Sequence[str]]) -> tuple[ColumnRef, ...]:
        """The columns of real tables by which rows are joined, kept, grouped or told apart, anywhere in the query."""
        found: set[ColumnRef] = set()
        for scope in traverse_scope(self.qualified(known)):
            for clause in row_clauses(scope.expression):
                for column in clause.find_all(exp.Column):
                    found |= real_columns(scope, column, known)
        return tuple(sorted(found))

    def expressions(self, known: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """The SQL that makes each output column: where the query only hands a column on, what stands behind that."""
        scope = build_scope(self.qualified(known))
        return {name: made_by(scope, name) for name in self.output}


class QueryError(Exception):
    """A query that cannot be read; `line` counts from 1 at its first line."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def code_version(sql: str, *more: str) -> str:
    """16 hex digits that stay the same when only comments, layout or the case of keywords change."""
    tokens = [
        f"{token.token_type.name} {token.text if token.token_type in _AS_WRITTEN else token.text.upper()}"
        for token in sqlglot.tokenize(sql, read=DIALECT)
    ]
    return hashlib.sha256("\n".join((*tokens, *more)).encode()).hexdigest()[:16]


def type_problem(duckdb_type: str) -> str | None:
    """Why a column type must not be used, None when it may."""
    found = _BAD_TYPE.search(duckdb_type)
    return f"type {duckdb_type} cannot be kept in DuckLake ({found[0]})" if found else None


def _parse(sql: str) -> exp.Query:
    try:
        statements = sqlglot.parse(sql, read=DIALECT)
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        raise QueryError(first.get("line") or 1, f"not SQL: {first.get('description') or error}") from error
    except TokenError as error:
        raise QueryError(1, f"not SQL: {error}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise QueryError(1, "the file must hold one SELECT and nothing else")
    return statements[0]


def _tables(tree: exp.Query) -> Iterator[TableUse]:
    """Every table read that is not a CTE, once for each name, in order of appearance."""
    uses: dict[str, TableUse] = {}
    for scope in traverse_scope(tree):
        for table in scope.tables:
            parts = [part.name for part in table.parts if isinstance(part, exp.Identifier)]
            if not parts or (len(parts) == 1 and _is_cte(scope, parts[0])):
                continue
            name = ".".join(parts)
            uses.setdefault(name, TableUse(name, _line(table), len(parts) == 2))
    yield from sorted(uses.values(), key=lambda use: use.line)


def _is_cte(scope: Scope, name: str) -> bool:
    """Whether a WITH around the scope defines the name; a recursive CTE sees itself."""
    node: exp.Expr | None = scope.expression
    while node is not None:
        names = {cte.alias_or_name.lower() for cte in getattr(node, "ctes", ())}
        if isinstance(node, exp.CTE):
            names.add(node.alias_or_name.lower())
        if name.lower() in names:
            return True
        node = node.parent
    return False


def _forbidden(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Pivot):
        return "PIVOT and UNPIVOT hide column names; use FILTER aggregates or UNION ALL"
    if isinstance(node, exp.Columns):
        return f"COLUMNS() {_FORBIDDEN_FUNCTIONS['columns']}"
    if isinstance(node, _UNSTABLE_NODES):
        return f"{node.sql(dialect=DIALECT)} {_FORBIDDEN_FUNCTIONS['now']}"
    if isinstance(node, exp.Anonymous) and node.name.lower() in _FORBIDDEN_FUNCTIONS:
        return f"{node.name}() {_FORBIDDEN_FUNCTIONS[node.name.lower()]}"
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Func) and not isinstance(node.this, _ROW_SOURCES):
        return f"{node.this.sql(dialect=DIALECT)} is no table of the warehouse; models read tables only"
    if isinstance(node, exp.DataType) and not isinstance(node.parent, exp.DataType):
        return type_problem(node.sql(dialect=DIALECT))
    return None


def _line(node: exp.Expr) -> int:
    """The line of the first token below a node that remembers one, else of its parent."""
    for inner in node.walk():
        if "line" in inner.meta:
            return int(inner.meta["line"])
    return _line(node.parent) if node.parent is not None else 1


def _schema(used: Collection[str], known: Mapping[str, Sequence[str]]) -> dict[str, dict[str, dict[str, str]]]:
    nested: dict[str, dict[str, dict[str, str]]] = {}
    for full_name in used:
        schema, _, table = full_name.partition(".")
        nested.setdefault(schema, {})[table] = dict.fromkeys(known[full_name], "VARCHAR")
    return nested
