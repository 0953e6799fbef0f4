"""The folder of SQL models → models in the order in which they can be built, or every problem at once.

Belongs here: what only the whole folder shows: unknown tables, duplicate names, cycles, broken contracts.
Does not: the form of a header (header.py), SQL syntax (sql.py), running models (materialise.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipelines.warehouse.models.header import (
    Header,
    TestFile,
    read_header,
    read_test_file,
)
from pipelines.warehouse.models.model import ColumnRef, Model, ModelError, ModelTest, Problem
from pipelines.warehouse.models.source_text import SourceText, nearest
from pipelines.warehouse.models.sql import Query, QueryError, code_version, type_problem

MODELS_DIR = Path(__file__).resolve().parents[3] / "dbt_like_models"
TESTS_FOLDER = "tests"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A model file read on its own, before the others are known."""

    source: SourceText
    header: Header
    query: Query

    @property
    def schema(self) -> str:
        return self.source.path.parent.name

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.source.path.stem}"

    def sql_problem(self, line: int, message: str) -> Problem:
        """A problem on a line of the query, placed in the file."""
        return Problem(self.source.path, self.source.sql_line + line - 1, message)


def load_models(root: Path | None = None, sources: Mapping[str, Sequence[str]] | None = None) -> dict[str, Model]:
    """Every `<root>/<schema>/<name>.sql` as a model, by schema.name, each after those it reads or is tested
    against.

    `sources` are the columns of the tables that models may read but do not make, by schema.name; `root`
    defaults to dbt_like_models/. Raises ModelError that names every problem found, each with file and line.
    """
    root = MODELS_DIR if root is None else root
    sources = {} if sources is None else sources
    problems: list[Problem] = []
    drafts = _read_drafts(root, problems)
    tests = _read_tests(root, drafts, sources, problems)
    known = dict(sources)
    for name, draft in drafts.items():
        if name in sources:
            problems.append(
                Problem(draft.source.path, 1, f"{name} is already a table written by Python; rename the model")
            )
        known[name] = draft.query.output
    facts = {name for name, draft in drafts.items() if not draft.query.tables}
    for draft in drafts.values():
        problems.extend(_problems_of(draft, known))
        problems.extend(_incremental_problems(draft, known, facts))
    order = _order(drafts, tests, problems)
    if problems:
        raise ModelError(sorted(problems, key=lambda problem: (problem.path, problem.line, problem.message)))
    return {name: _model(drafts[name], known, tests.get(name, ())) for name in order}


def _read_drafts(root: Path, problems: list[Problem]) -> dict[str, _Draft]:
    drafts: dict[str, _Draft] = {}
    for path in sorted(root.glob("*/*.sql")):
        if path.parent.name == TESTS_FOLDER:
            continue
        source = SourceText(path, path.read_text(encoding="utf-8"))
        header = read_header(source)
        problems.extend(source.problems)
        try:
            query = Query(source.sql) if header is not None else None
        except QueryError as error:
            problems.append(Problem(path, source.sql_line + error.line - 1, str(error)))
            continue
        if header is None or query is None:
            continue
        draft = _Draft(source, header, query)
        # File systems that tell case apart can hold two names that DuckDB takes for one.
        twin = next((name for name in drafts if name.lower() == draft.full_name.lower()), None)
        if twin is not None:
            problems.append(Problem(path, 1, f"{draft.full_name} is already made by {drafts[twin].source.path}"))
        drafts[draft.full_name] = draft
    return drafts


def _read_tests(
    root: Path, drafts: Mapping[str, _Draft], sources: Mapping[str, object], problems: list[Problem]
) -> dict[str, list[ModelTest]]:
    tests: dict[str, list[ModelTest]] = {}
    known = {*drafts, *sources}
    for path in sorted((root / TESTS_FOLDER).glob("*.sql")):
        source = SourceText(path, path.read_text(encoding="utf-8"))
        found = read_test_file(source)
        problems.extend(source.problems)
        if found is None:
            continue
        try:
            used = Query(source.sql).tables
        except QueryError as error:
            problems.append(Problem(path, source.sql_line + error.line - 1, str(error)))
            continue
        for use in used:
            if use.name not in known:
                message = f"unknown table `{use.name}`{nearest(use.name, known)}"
                problems.append(Problem(path, source.sql_line + use.line - 1, message))
        problems.extend(_unknown_model(found, path, drafts))
        reads = frozenset(use.name for use in used)
        tests.setdefault(found.model, []).append(replace(found.test, reads=reads))
    return tests


def _unknown_model(found: TestFile, path: Path, drafts: Mapping[str, _Draft]) -> list[Problem]:
    if found.model in drafts:
        return []
    return [Problem(path, found.line, f"unknown model `{found.model}`{nearest(found.model, drafts)}")]


def _problems_of(draft: _Draft, known: Mapping[str, Sequence[str]]) -> list[Problem]:
    problems = [draft.sql_problem(finding.line, finding.message) for finding in draft.query.findings()]
    unknown = [use for use in draft.query.tables if use.name not in known]
    problems.extend(
        draft.sql_problem(use.line, f"unknown table `{use.name}`{nearest(use.name, known)}") for use in unknown
    )
    problems.extend(_contract_problems(draft))
    problems.extend(_relationship_problems(draft, known))
    if not problems:
        try:
            draft.query.qualified(known)
        except QueryError as error:
            problems.append(draft.sql_problem(error.line, str(error)))
    return problems


def _contract_problems(draft: _Draft) -> list[Problem]:
    """The header's columns must be those of the final SELECT, in order, with types that any storage can
    hold."""
    path, columns, output = draft.source.path, draft.header.columns, draft.query.output
    problems = []
    for name in output:
        if name and name != "*" and name not in columns:
            line = draft.source.line("columns")
            problems.append(Problem(path, line, f"column `{name}` is not documented{nearest(name, columns)}"))
    for name, column in columns.items():
        if name not in output:
            problems.append(Problem(path, column.line, f"column `{name}` is not selected{nearest(name, output)}"))
        wrong = type_problem(column.duckdb_type)
        if wrong:
            problems.append(Problem(path, column.line, wrong))
    if not problems and len(columns) == len(output) and tuple(columns) != output:
        pairs = zip(columns, output, strict=True)
        documented, selected = next(pair for pair in pairs if pair[0] != pair[1])
        line = columns[documented].line
        problems.append(Problem(path, line, f"column `{documented}` stands where the SELECT has `{selected}`"))
    return problems


def _relationship_problems(draft: _Draft, known: Mapping[str, Sequence[str]]) -> list[Problem]:
    problems = []
    for test in draft.header.tests:
        if test.kind != "relationships":
            continue
        table, _, column = str(test.arguments["to"]).rpartition(".")
        line = draft.source.line("columns", *test.columns, "tests")
        if table not in known:
            problems.append(Problem(draft.source.path, line, f"unknown table `{table}`{nearest(table, known)}"))
        elif column not in known[table]:
            hint = nearest(column, known[table])
            problems.append(Problem(draft.source.path, line, f"{table} has no column `{column}`{hint}"))
    return problems


def _incremental_problems(draft: _Draft, known: Mapping[str, Sequence[str]], facts: AbstractSet[str]) -> list[Problem]:
    """An incremental model can only read tables whose rows hang on a record, tables of which it says by which column it
    looks things up there, and written facts: models that read no table are the same in each run until their SELECT
    changes, and then all that read them is made anew.
    """
    if not draft.header.incremental:
        return []
    keys = {"record_key", "version_id"}
    looked_up = {lookup.table for lookup in draft.header.lookups}
    problems = [
        draft.sql_problem(
            use.line,
            f"an incremental model cannot read `{use.name}`: it has neither record_key nor version_id, and `lookups` "
            "does not say by which of its columns a record's rows are found",
        )
        for use in draft.query.tables
        if use.name in known and use.name not in facts | looked_up and not keys & {*known[use.name]}
    ]
    read = {use.name for use in draft.query.tables}
    line = draft.source.line("lookups") if draft.header.lookups else 1
    for lookup in draft.header.lookups:
        for table, column in ((lookup.table, lookup.column), (lookup.by_table, lookup.by_column)):
            if table not in read or column not in known.get(table, ()):
                problems.append(Problem(draft.source.path, line, f"lookups: the SELECT reads no `{table}.{column}`"))
        if lookup.by_table in read and not keys & {*known.get(lookup.by_table, ())}:
            words = f"lookups: `{lookup.by_table}` has neither record_key nor version_id"
            problems.append(Problem(draft.source.path, line, words))
    return problems


def _order(
    drafts: Mapping[str, _Draft], tests: Mapping[str, Sequence[ModelTest]], problems: list[Problem]
) -> list[str]:
    """Names, each after those it reads or is tested against; ties by name: the same order everywhere."""
    graph: dict[str, set[str]] = {}
    for name, draft in sorted(drafts.items()):
        read = {use.name for use in draft.query.tables}
        for test in (*draft.header.tests, *tests.get(name, ())):
            read |= test.reads - {name}
        graph[name] = read & drafts.keys()
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = list(error.args[1])
        draft = drafts[circle[0]]
        line = next((use.line for use in draft.query.tables if use.name in circle), 1)
        problems.append(
            draft.sql_problem(
                line, f"models read each other, or are tested against each other, in a circle: {' → '.join(circle)}"
            )
        )
        return sorted(drafts)
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return order


def _model(draft: _Draft, known: Mapping[str, Sequence[str]], more_tests: Sequence[ModelTest]) -> Model:
    header = draft.header
    trace: Callable[[], Mapping[str, tuple[ColumnRef, ...]]] = partial(draft.query.lineage, known)
    return Model(
        schema=draft.schema,
        name=draft.source.path.stem,
        path=draft.source.path,
        sql=draft.source.sql,
        description=header.description,
        grain=header.grain,
        owner=header.owner,
        tags=header.tags,
        materialised=header.materialised,
        columns=header.columns,
        depends_on=frozenset(use.name for use in draft.query.tables),
        code_version=code_version(draft.source.sql, header.materialised),
        tests=(*header.tests, *more_tests),
        metrics=header.metrics,
        incremental=header.incremental,
        lookups=header.lookups,
        trace=trace,
        trace_rows=partial(draft.query.row_lineage, known),
        trace_reads=partial(draft.query.columns_read, known),
        trace_expressions=partial(draft.query.expressions, known),
    )
