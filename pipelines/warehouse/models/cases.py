"""Unit cases of models: given rows in, expected rows out, written as YAML beside the SQL
(`<name>.test.yaml`).

Belongs here: reading cases and running them on an in-memory DuckDB. Does not: tests of real builds
(checks.py).

A file has `cases`, each with `name`, `given` (table: rows) and `expect` (rows of the model, in any order),
and may have `defaults` (table: values that each of its given rows has unless it states others). Given
tables have all their columns; those a row does not state are NULL, and tables that are not given are empty, but
for models that read nothing (written facts, as core.reporting_law): they are as they are.
Only the columns that `expect` states are compared; a column stated in one row counts for all. A case may have `only`
(column: value): other rows of the model are left out of the comparison.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.tables import quoted
from pipelines.warehouse.models.model import Model
from pipelines.warehouse.models.source_text import nearest
from pipelines.yaml_text import load_yaml

ENDING = ".test.yaml"
_CASE_KEYS = frozenset({"name", "given", "expect", "only"})
Row = Mapping[str, Any]
TableTypes = Mapping[str, Mapping[str, str]]
"""DuckDB type by column, by schema.name."""


class CaseError(Exception):
    """A case that cannot be run as it is written."""


@dataclass(frozen=True, slots=True)
class Case:
    """One given/expect pair."""

    name: str
    path: Path
    given: Mapping[str, Sequence[Row]]
    expect: Sequence[Row]
    only: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The rows of the model, in its order, cut to the stated columns, beside those expected. Dates are ISO
    text."""

    made: list[dict[str, Any]]
    expected: list[dict[str, Any]]

    @property
    def success(self) -> bool:
        """Whether both are the same."""
        return self.made == self.expected


def load_cases(path: Path) -> list[Case]:
    """The cases of one file. Raises CaseError where the file has another form."""
    content = load_yaml(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not {"cases"} <= content.keys() <= {"cases", "defaults"}:
        raise CaseError(f"{path}: must be a mapping of `cases` and, where useful, `defaults`")
    defaults: Mapping[str, Row] = content.get("defaults") or {}
    cases = []
    for number, entry in enumerate(content["cases"], 1):
        if not isinstance(entry, dict) or not {"name", "given", "expect"} <= entry.keys() <= _CASE_KEYS:
            raise CaseError(f"{path}: case {number} must have name, given and expect, may have only, and nothing else")
        given = {
            table: [{**defaults.get(table, {}), **row} for row in rows]
            for table, rows in (entry["given"] or {}).items()
        }
        cases.append(Case(entry["name"], path, given, entry["expect"] or [], entry.get("only") or {}))
    return cases


def facts_of(models: Mapping[str, Model]) -> dict[str, str]:
    """The SELECT of each model that reads no table."""
    return {name: model.sql for name, model in models.items() if not model.depends_on}


def run_case(model: Model, case: Case, types: TableTypes, facts: Mapping[str, str] | None = None) -> CaseResult:
    """Run the model's SELECT on the given rows. `facts` fill tables that no row is given of (`facts_of`). Raises
    CaseError for a table or column that is not known."""
    for table in case.given:
        if table not in model.depends_on:
            hint = nearest(table, model.depends_on)
            raise CaseError(f"{case.path}: {case.name}: {model.full_name} does not read `{table}`{hint}")
    with duckdb.connect() as connection:
        for table in sorted(model.depends_on):
            _create(connection, table, types[table])
            if facts and table in facts and table not in case.given:
                connection.execute(f"INSERT INTO {quoted(*table.split('.'))} {facts[table]}")
            for row in case.given.get(table, ()):
                _insert(connection, case, table, row, types[table])
        result = connection.execute(model.sql)
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchall()]
    stated = [name for name in names if any(name in row for row in case.expect)]
    unknown = sorted({name for row in (*case.expect, case.only) for name in row} - set(names))
    if unknown:
        raise CaseError(f"{case.path}: {case.name}: {model.full_name} has no column {', '.join(unknown)}")
    kept = [row for row in rows if all(row[name] == value for name, value in case.only.items())]
    made = [{name: row[name] for name in stated} for row in kept]
    expected = [{name: _plain(row.get(name)) for name in stated} for row in case.expect]
    return CaseResult(sorted(made, key=repr), sorted(expected, key=repr))


def _create(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> None:
    schema, _, name = table.partition(".")
    listed = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    connection.execute(f"CREATE TABLE {quoted(schema, name)} ({listed})")


def _insert(
    connection: duckdb.DuckDBPyConnection, case: Case, table: str, row: Row, columns: Mapping[str, str]
) -> None:
    for name in row:
        if name not in columns:
            hint = nearest(name, columns)
            raise CaseError(f"{case.path}: {case.name}: {table} has no column `{name}`{hint}")
    if not row:
        raise CaseError(f"{case.path}: {case.name}: a row of {table} states no column")
    names = ", ".join(quoted(name) for name in row)
    marks = ", ".join("?" for _ in row)
    place = quoted(*table.split("."))
    connection.execute(f"INSERT INTO {place} ({names}) VALUES ({marks})", list(row.values()))


def _plain(value: object) -> object:
    """Dates and times as ISO text, so that YAML may write them quoted or not; all else as it is."""
    return value.isoformat() if isinstance(value, datetime.date) else value
