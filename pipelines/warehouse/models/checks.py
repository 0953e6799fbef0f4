"""A model's tests, run on a build.

Belongs here: each kind of test as a query of failing rows. Does not: declaring tests (headers and
dbt_like_models/tests/), the rules on data quality (expectations/).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.tables import literal, quoted
from pipelines.touched import narrowed
from pipelines.warehouse.models.model import INCREMENTAL_KEY, Model, ModelTest

EXAMPLES = 5

_OF_ROWS = frozenset({"not_null", "accepted_values"})
"""Kinds of test that look at each row by itself."""


@dataclass(frozen=True, slots=True)
class ModelTestResult:
    """What a test found. Where it could not run, `rows_failed` is None and `error` says why: no success."""

    model: str
    test: ModelTest
    rows_failed: int | None
    examples: tuple[dict[str, Any], ...]
    seconds: float
    error: str | None = None

    @property
    def success(self) -> bool:
        """Whether the test ran and no row failed."""
        return self.rows_failed == 0


def run_model_tests(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    unchanged: Collection[str] | None = None,
    *,
    stands: bool = False,
) -> list[ModelTestResult]:
    """Run every test of a materialised model; one that fails or cannot run does not stop the others.

    `unchanged` is given where only the touched records' rows of the model were replaced (pipelines/touched.py), and
    names the other tables of which that is true: gate tests, which nothing published breaks, then look at those rows
    only. `stands`: the model's table is that of the published build, of which its gate tests are known.
    """
    known = {test.name for test in model.tests if stands and test.severity == "gate" and not test.reads}
    asked = [test for test in model.tests if test.name not in known]
    judged = {test.name: _judged(model, test, unchanged) for test in asked}
    passed = dict.fromkeys(known, 0.0) | _passed_together(connection, asked, judged)
    return [
        ModelTestResult(model.full_name, test, 0, (), passed[test.name])
        if test.name in passed
        else _run(connection, model, test, judged[test.name])
        for test in model.tests
    ]


def _passed_together(
    connection: duckdb.DuckDBPyConnection, tests: Sequence[ModelTest], judged: Mapping[str, str]
) -> dict[str, float]:
    """Of the tests that look at each row by itself those that no row breaks, found in one scan of each relation, with
    their share of its seconds. Which rows break the others, and which test cannot run, is looked for test by test.
    """
    passed: dict[str, float] = {}
    for relation in sorted(set(judged.values())):
        together = [test for test in tests if judged[test.name] == relation and test.kind in _OF_ROWS]
        if len(together) < 2:
            continue
        started = time.perf_counter()
        counts = ", ".join(f"count(*) FILTER (WHERE {_broken(test)})" for test in together)
        try:
            row = connection.execute(f"SELECT {counts} FROM {relation}").fetchall()[0]
        except duckdb.Error:
            continue  # one of them cannot run: which one, and why, is found when each runs alone
        seconds = (time.perf_counter() - started) / len(together)
        passed |= {test.name: seconds for test, failed in zip(together, row, strict=True) if not failed}
    return passed


def _broken(test: ModelTest) -> str:
    """The condition under which a row breaks a test of its own."""
    if test.kind == "not_null":
        return " OR ".join(f"{quoted(name)} IS NULL" for name in test.columns)
    values = ", ".join(literal(str(value)) for value in test.arguments["values"])
    return f"{', '.join(map(quoted, test.columns))}::VARCHAR NOT IN ({values})"


def _judged(model: Model, test: ModelTest, unchanged: Collection[str] | None) -> str:
    """The relation whose rows are tested: the whole table, or the touched records' rows where these tell as much."""
    if unchanged is None or test.severity != "gate" or not model.incremental:
        return model.relation
    tells = (
        test.kind == "not_null"
        or (test.kind == "unique" and INCREMENTAL_KEY in test.columns)
        or (test.kind == "relationships" and test.columns == (INCREMENTAL_KEY,) and test.reads <= {*unchanged})
    )
    return f"({narrowed(model.relation, model.columns)})" if tells else model.relation


def failing_rows(model: Model, test: ModelTest, judged: str | None = None) -> str:
    """The query whose rows break the test, of the model's table or of `judged`, a narrower relation.

    `unique` takes NULL for a value: it states the grain. The others leave NULL to `not_null`.
    """
    relation = judged or model.relation
    columns = ", ".join(quoted(name) for name in test.columns)
    if test.kind == "sql":
        return test.sql or ""
    if test.kind == "not_null":
        return f"SELECT * FROM {relation} WHERE {_broken(test)}"
    if test.kind == "unique":
        counted = f"SELECT {columns}, count(*) AS row_count FROM {relation}"
        return f"{counted} GROUP BY {columns} HAVING row_count > 1"
    if test.kind == "accepted_values":
        return f"SELECT {columns}, count(*) AS row_count FROM {relation} WHERE {_broken(test)} GROUP BY {columns}"
    if test.kind == "relationships":
        schema, table, column = str(test.arguments["to"]).split(".")
        return (
            f"SELECT child.{columns} FROM {relation} AS child"
            f" ANTI JOIN {quoted(schema, table)} AS parent ON child.{columns} = parent.{quoted(column)}"
            f" WHERE child.{columns} IS NOT NULL"
        )
    bounds = [f"count(*) < {test.arguments['min']}"] if "min" in test.arguments else []
    bounds += [f"count(*) > {test.arguments['max']}"] if "max" in test.arguments else []
    return f"SELECT count(*) AS row_count FROM {relation} HAVING {' OR '.join(bounds)}"


def _run(connection: duckdb.DuckDBPyConnection, model: Model, test: ModelTest, judged: str) -> ModelTestResult:
    started = time.perf_counter()
    query = failing_rows(model, test, judged)
    try:
        failed = connection.execute(f"SELECT count(*) FROM (\n{query}\n)").fetchall()[0][0]
        examples = _examples(connection, query) if failed else ()
    except duckdb.Error as error:
        seconds = time.perf_counter() - started
        return ModelTestResult(model.full_name, test, None, (), seconds, f"{type(error).__name__}: {error}")
    return ModelTestResult(model.full_name, test, failed, examples, time.perf_counter() - started)


def _examples(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[dict[str, Any], ...]:
    result = connection.execute(f"SELECT * FROM (\n{query}\n) ORDER BY ALL LIMIT {EXAMPLES}")
    names = [column[0] for column in result.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in result.fetchall())
