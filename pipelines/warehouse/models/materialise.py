"""One model → its table or view in a build, with its contract kept and its words attached.

Belongs here: the statements that make a model, in one transaction. Does not: which models there are
(load.py), whether their rows are right (checks.py).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from pipelines.tables import literal, quoted
from pipelines.warehouse.models.model import Model


class ContractError(Exception):
    """A model's columns are not those its header promises."""


@dataclass(frozen=True, slots=True)
class Materialised:
    """What was made: rows, wall time in seconds, (name, DuckDB type) of each column."""

    rows: int
    seconds: float
    columns: tuple[tuple[str, str], ...]


def materialise(connection: duckdb.DuckDBPyConnection, model: Model) -> Materialised:
    """Make or replace the model's table or view; the schema is made when it is missing.

    All or nothing: on any error the former table stands. Raises ContractError when names, order or types
    differ from the header, duckdb.Error (with the model's path added) when the SELECT fails.
    """
    started = time.perf_counter()
    connection.begin()
    try:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(model.schema)}")
        _drop_other_kind(connection, model)
        connection.execute(f"CREATE OR REPLACE {model.materialised.upper()} {model.relation} AS\n{model.sql}")
        columns = _described(connection, model)
        _check_contract(model, columns)
        for statement in _comments(model):
            connection.execute(statement)
        rows = connection.execute(f"SELECT count(*) FROM {model.relation}").fetchall()[0][0]
        connection.commit()
    except BaseException as error:
        connection.rollback()
        if isinstance(error, duckdb.Error):
            error.add_note(f"while making {model.full_name} from {model.path}")
        raise
    return Materialised(rows, time.perf_counter() - started, columns)


def _drop_other_kind(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """A table cannot be replaced by a view nor the reverse: the former one goes first."""
    kinds = connection.execute(
        "SELECT table_type FROM information_schema.tables"
        " WHERE table_catalog = current_database() AND table_schema = ? AND table_name = ?",
        [model.schema, model.name],
    ).fetchall()
    is_view = [kind == "VIEW" for (kind,) in kinds]
    if is_view and is_view[0] != (model.materialised == "view"):
        connection.execute(f"DROP {'VIEW' if is_view[0] else 'TABLE'} {model.relation}")


def _described(connection: duckdb.DuckDBPyConnection, model: Model) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(f"DESCRIBE {model.relation}").fetchall()
    return tuple((row[0], row[1]) for row in rows)


def _check_contract(model: Model, made: tuple[tuple[str, str], ...]) -> None:
    promised = tuple((column.name, column.duckdb_type) for column in model.columns.values())
    if made == promised:
        return
    different = [
        f"  {number}: header {_spelt(promised, number)}, SELECT {_spelt(made, number)}"
        for number in range(1, max(len(made), len(promised)) + 1)
        if _spelt(promised, number) != _spelt(made, number)
    ]
    raise ContractError(
        f"{model.path}: {model.full_name} does not give the columns that its header promises\n"
        + "\n".join(different)
        + f"\n  header: {', '.join(' '.join(pair) for pair in promised)}"
        + f"\n  SELECT: {', '.join(' '.join(pair) for pair in made)}"
    )


def _spelt(columns: tuple[tuple[str, str], ...], number: int) -> str:
    return " ".join(columns[number - 1]) if number <= len(columns) else "nothing"


def _comments(model: Model) -> Iterator[str]:
    words = f"{model.description} Grain: {model.grain}"
    yield f"COMMENT ON {model.materialised.upper()} {model.relation} IS {literal(words)}"
    for column in model.columns.values():
        yield f"COMMENT ON COLUMN {model.relation}.{quoted(column.name)} IS {literal(column.description)}"
