"""One model → its table or view in a build, with its contract kept and its words attached.

Belongs here: the statements that make a model, in one transaction. Does not: which models there are
(load.py), whether their rows are right (checks.py).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from pipelines.tables import literal, quoted
from pipelines.touched import RECORDS, narrowed, read_instead
from pipelines.transaction import in_one_transaction
from pipelines.warehouse.models.model import Materialisation, Model


class ContractError(Exception):
    """A model's columns are not those its header promises."""


@dataclass(frozen=True, slots=True)
class Materialised:
    """What was made: rows (None for a view: counting would run it), wall time in seconds, (name, type) of columns."""

    rows: int | None
    seconds: float
    columns: tuple[tuple[str, str], ...]


def materialise(
    connection: duckdb.DuckDBPyConnection, model: Model, touched: Mapping[str, Collection[str]] | None = None
) -> Materialised:
    """Make or replace the model's table or view; the schema is made when it is missing.

    `touched` gives the columns of each table that the model reads: then only the rows of the touched records, which
    pipelines/touched.py has put on the connection, are replaced in the table that is there.

    All or nothing: on any error the former table stands. Raises ContractError when names, order or types
    differ from the header, duckdb.Error (with the model's path added) when the SELECT fails.
    """
    started = time.perf_counter()
    with _named_in_errors(model), in_one_transaction(connection):
        columns = _make(connection, model, touched)
        rows = _row_count(connection, model)
    return Materialised(rows, time.perf_counter() - started, columns)


def leave(connection: duckdb.DuckDBPyConnection, model: Model) -> Materialised:
    """The model's table stands as it is; its words are today's. Raises ContractError as materialise does."""
    started = time.perf_counter()
    with _named_in_errors(model), in_one_transaction(connection):
        columns = _described_as_promised(connection, model)
        rows = _row_count(connection, model)
    return Materialised(rows, time.perf_counter() - started, columns)


def materialise_views(connection: duckdb.DuckDBPyConnection, views: Iterable[Model]) -> None:
    """Make or replace these views in their order, each as `materialise` does, in one transaction: all or none."""
    with in_one_transaction(connection):
        for view in views:
            with _named_in_errors(view):
                _make(connection, view)


@contextmanager
def _named_in_errors(model: Model) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        error.add_note(f"while making {model.full_name} from {model.path}")
        raise


def _make(
    connection: duckdb.DuckDBPyConnection, model: Model, touched: Mapping[str, Collection[str]] | None = None
) -> tuple[tuple[str, str], ...]:
    """The model's table or view with its comments; gives the columns."""
    if touched is None:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(model.schema)}")
        _drop_other_kind(connection, model)
        connection.execute(f"CREATE OR REPLACE {model.materialised.upper()} {model.relation} AS\n{model.sql}")
    else:
        _replace_touched(connection, model, touched)
    return _described_as_promised(connection, model)


def _described_as_promised(connection: duckdb.DuckDBPyConnection, model: Model) -> tuple[tuple[str, str], ...]:
    """The columns that are there, which must be those of the header, with the header's words attached."""
    columns = _described(connection, model)
    _check_contract(model, columns)
    connection.execute(";\n".join(_comments(model)))  # one by one they take twice as long
    return columns


def _replace_touched(
    connection: duckdb.DuckDBPyConnection, model: Model, columns: Mapping[str, Collection[str]]
) -> None:
    """The rows of touched records made anew, in place of those that are there.

    The SELECT gives its columns in the order of the table, which the contract of the build before has checked.
    """
    reads = {name: narrowed(quoted(*name.split(".", 1)), columns[name]) for name in model.depends_on}
    sql = read_instead(model.sql, {name: f"({select})" for name, select in reads.items() if select})
    connection.execute(f"CREATE OR REPLACE TEMP TABLE touched_row AS\n{sql}")
    connection.execute(f"DELETE FROM {model.relation} WHERE record_key IN (SELECT record_key FROM {RECORDS})")
    connection.execute(f"INSERT INTO {model.relation} FROM touched_row")
    connection.execute("DROP TABLE touched_row")


def _drop_other_kind(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """A table cannot be replaced by a view nor the reverse: the former one goes first.

    Asked of the catalogue's own lists: information_schema.tables takes 20 ms for one name (DuckDB 1.5, 2026-11).
    """
    is_view = _is_listed(connection, "view", model)
    if model.materialised == "table":
        if is_view:
            connection.execute(f"DROP VIEW {model.relation}")
    elif not is_view and _is_listed(connection, "table", model):
        connection.execute(f"DROP TABLE {model.relation}")


def _is_listed(connection: duckdb.DuckDBPyConnection, kind: Materialisation, model: Model) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM duckdb_{kind}s() "
        f"WHERE database_name = current_database() AND schema_name = ? AND {kind}_name = ?",
        [model.schema, model.name],
    ).fetchone()
    return found is not None


def _row_count(connection: duckdb.DuckDBPyConnection, model: Model) -> int | None:
    if model.materialised == "view":
        return None
    count: int = connection.execute(f"SELECT count(*) FROM {model.relation}").fetchall()[0][0]
    return count


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
