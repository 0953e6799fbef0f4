"""What a SQL model is: its documentation, columns, tests and place in the graph.

Belongs here: the types that loading, materialising, testing and documenting share. Does not: files,
connections.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pipelines.tables import quoted

Materialisation = Literal["table", "view"]
Severity = Literal["gate", "error", "warn", "info"]
TestKind = Literal["not_null", "unique", "accepted_values", "relationships", "row_count_between", "sql"]

INCREMENTAL_KEY = "record_key"
"""The one key by which the rows of an incremental model can be replaced."""

DEFAULT_SEVERITY: Mapping[TestKind, Severity] = MappingProxyType(
    {
        "not_null": "gate",
        "unique": "gate",
        "relationships": "gate",
        "row_count_between": "error",
        "sql": "error",
        # Registries add values to their lists without notice: a new one must be seen, not stop a build.
        "accepted_values": "warn",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a model file: where, and what to do about it."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ModelError(Exception):
    """Model files that cannot be loaded: every problem that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True, order=True)
class ColumnRef:
    """A column of a table, `table` as schema.name."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class ModelColumn:
    """A documented column. `duckdb_type` is spelt as DESCRIBE spells it."""

    name: str
    duckdb_type: str
    description: str
    line: int


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that a mart publishes, defined once: what it means, how it is made, where it misleads."""

    name: str
    meaning: str
    formula: str
    caveat: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table without keys that an incremental model reads: a record's rows hang on those rows of `table` alone whose
    `column` is what `by_column` of `by_table`, a table with keys, is for the record.
    """

    table: str
    column: str
    by_table: str
    by_column: str


@dataclass(frozen=True, slots=True)
class ModelTest:
    """A test of a model's rows. `arguments` depend on `kind`; `sql` is the query of kind sql, else None.

    `reads` are the tables it looks at beside the model's own.
    """

    name: str
    kind: TestKind
    severity: Severity
    columns: tuple[str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    sql: str | None = None
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Model:
    """One SQL file of dbt_like_models/: one SELECT, its words, its contract.

    `sql` is the SELECT exactly as it stands in the file. `depends_on` are the tables it reads (schema.name).
    `code_version` changes when the SELECT or how it is kept changes, not when comments or layout do.
    `incremental`: each row is made of rows of its own record alone, and of what it finds by `lookups`, so that a run
    need only replace those of touched records.
    """

    schema: str
    name: str
    path: Path
    sql: str
    description: str
    grain: str
    owner: str
    tags: tuple[str, ...]
    materialised: Materialisation
    columns: Mapping[str, ModelColumn]
    depends_on: frozenset[str]
    code_version: str
    tests: tuple[ModelTest, ...]
    metrics: tuple[Metric, ...] = ()
    incremental: bool = False
    lookups: tuple[Lookup, ...] = ()
    trace: Callable[[], Mapping[str, tuple[ColumnRef, ...]]] = field(default=dict, repr=False, compare=False)
    trace_rows: Callable[[], tuple[ColumnRef, ...]] = field(default=tuple, repr=False, compare=False)
    trace_reads: Callable[[], Mapping[str, frozenset[str]]] = field(default=dict, repr=False, compare=False)
    trace_expressions: Callable[[], Mapping[str, str]] = field(default=dict, repr=False, compare=False)

    @property
    def full_name(self) -> str:
        """`schema.name`."""
        return f"{self.schema}.{self.name}"

    @property
    def tested_against(self) -> frozenset[str]:
        """Tables that must be there, beside this one, before the tests can run."""
        read = frozenset[str]().union(*(test.reads for test in self.tests))
        return read - {self.full_name}

    @property
    def relation(self) -> str:
        """The table's name quoted for SQL."""
        return quoted(self.schema, self.name)

    @cached_property
    def lineage(self) -> Mapping[str, tuple[ColumnRef, ...]]:
        """For each column the columns of `depends_on` tables that its value is made of; made when first
        asked.
        """
        return self.trace()

    @cached_property
    def rows_by(self) -> tuple[ColumnRef, ...]:
        """The columns of `depends_on` tables by which rows are joined, kept, grouped or told apart."""
        return self.trace_rows()

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """The columns that the SELECT names, for each table of `depends_on`; made when first asked."""
        return self.trace_reads()

    @cached_property
    def expressions(self) -> Mapping[str, str]:
        """The SQL expression that makes each column."""
        return self.trace_expressions()


Origins = dict[ColumnRef, frozenset[ColumnRef]]
"""Source columns by column, as far as they have been looked up: what many questions share."""


def origins(
    models: Mapping[str, Model], full_name: str, known: Origins | None = None
) -> dict[str, tuple[ColumnRef, ...]]:
    """For each column of a model the source columns it goes back to, through all models between, sorted.

    Whoever asks for many models gives one `known` to all questions: columns have most of their parents in common.
    """
    known = {} if known is None else known
    return {
        column: tuple(sorted(_origin(models, ColumnRef(full_name, column), known)))
        for column in models[full_name].columns
    }


def row_origins(models: Mapping[str, Model], full_name: str, known: Origins | None = None) -> tuple[ColumnRef, ...]:
    """The source columns that decide which rows a model has, through all models between, sorted. `known` as above."""
    known = {} if known is None else known
    return tuple(sorted({root for ref in models[full_name].rows_by for root in _origin(models, ref, known)}))


def _origin(models: Mapping[str, Model], ref: ColumnRef, known: Origins) -> frozenset[ColumnRef]:
    if ref in known:
        return known[ref]
    model = models.get(ref.table)
    if model is None:
        found = frozenset({ref})
    else:
        found = frozenset(
            root for parent in model.lineage.get(ref.column, ()) for root in _origin(models, parent, known)
        )
    known[ref] = found
    return found
