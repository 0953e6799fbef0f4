"""Values made again and compared: staged frames against staged tables, and the core rows of records from those frames.

Belongs here: comparing two frames value for value; running the build's own core SELECTs over few records in memory.
Does not: which records (verify.py), which models there are (the build says so in meta.model).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import polars as pl

from pipelines.tables import SOURCE_TABLES, create_statement, quoted

SHOWN_CHARACTERS = 120
_VERSIONS = "raw.record_version"
_AS_STORED = frozenset({"core.trial_member"})
"""Core tables that hang on all records together: taken as they are."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is stored otherwise than reading gives it; both as text, cut to SHOWN_CHARACTERS."""

    record_key: str
    table: str
    column: str
    stored: str
    derived: str


@dataclass
class Compared:
    """How many values of how many tables were compared, and where they differ."""

    values: int = 0
    tables: int = 0
    differences: list[Difference] = field(default_factory=list)


def compared(
    stored: pl.DataFrame,
    derived: pl.DataFrame | None,
    table: str,
    key: Sequence[str],
    record_keys: Mapping[int, str] | None,
    owner: str,
) -> Compared:
    """Compare rows that belong together by `key`, column for column; a row on one side alone is a difference too.

    `owner` is the column that says whose row it is: a record key, or a version id that `record_keys` translates.
    """
    made = pl.DataFrame(schema=stored.schema) if derived is None else _like(derived, stored)
    values = stored.height * max(1, len(stored.columns) - 1)
    if stored.equals(made):
        return Compared(values, 1)
    keys = [*key, "_nth"]
    both = _numbered(stored, key).join(
        _numbered(made, key), on=keys, how="full", nulls_equal=True, coalesce=True, suffix=":derived"
    )
    found = Compared(values, 1)
    for row in both.iter_rows(named=True):
        name = row[owner] if record_keys is None else record_keys.get(row[owner], str(row[owner]))
        place = ", ".join(f"{part} {row[part]}" for part in key if part != owner)
        if not row["_here"] or not row["_here:derived"]:
            sides = ("a row", "no such row") if row["_here"] else ("no such row", "a row")
            found.differences.append(Difference(name, table, place or "(row)", *sides))
            continue
        for column in stored.columns:
            if column not in key and row[column] != row[f"{column}:derived"]:
                words = f"{column} ({place})" if place else column
                both_values = (_shown(row[column]), _shown(row[f"{column}:derived"]))
                found.differences.append(Difference(name, table, words, *both_values))
    return found


def _like(frame: pl.DataFrame, model: pl.DataFrame) -> pl.DataFrame:
    """The frame with the columns and types of `model`; a column that it lacks is NULL, as where a table is loaded."""
    return frame.select(
        (pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype=dtype).alias(name))
        for name, dtype in model.schema.items()
    )


def _numbered(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Rows of one key, should there be several, told apart by their order among themselves."""
    rest = [name for name, dtype in frame.schema.items() if not dtype.is_nested()]
    return frame.sort(rest, nulls_last=True).with_columns(
        pl.int_range(pl.len()).over(key).alias("_nth"), pl.lit(value=True).alias("_here")
    )


def _shown(value: object) -> str:
    text = "NULL" if value is None else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def rederived_core(
    published: duckdb.DuckDBPyConnection, version_ids: Sequence[int], frames: Mapping[str, pl.DataFrame]
) -> Compared:
    """Make the core rows of current versions from their staged frames, by the SELECTs the build was made with, and
    compare them with the build's. `frames`: staged rows by table, of these and maybe other versions.
    """
    ids = list(version_ids)
    found = Compared()
    if not ids:
        return found
    with duckdb.connect() as memory:
        _lay_out(memory, published, ids, frames)
        record_keys = [row[0] for row in memory.execute(f"SELECT DISTINCT record_key FROM {_VERSIONS}").fetchall()]
        for name in _AS_STORED:
            _take_over(memory, published, name, "record_key", record_keys)
        for name, sql in models_of_one_record(published):
            memory.execute(f"CREATE TABLE {name} AS {sql}")
            stored = _rows_of(published, name, "record_key", record_keys)
            made = frame_of(memory, f"FROM {name}")
            key = [column for column in ("record_key", "position") if column in stored.columns]
            result = compared(stored, made, name, key, None, "record_key")
            found.values += result.values
            found.tables += stored.height > 0
            found.differences += result.differences
    return found


def _lay_out(
    memory: duckdb.DuckDBPyConnection,
    published: duckdb.DuckDBPyConnection,
    ids: list[int],
    frames: Mapping[str, pl.DataFrame],
) -> None:
    """Raw and staging tables that hold these versions alone."""
    for schema in ("raw", "staging", "core"):
        memory.execute(f"CREATE SCHEMA {schema}")
    owners = _rows_of(published, _VERSIONS, "version_id", ids)["record_key"].to_list()
    _take_over(memory, published, _VERSIONS, "record_key", owners)  # all their versions: core counts them
    wanted = pl.Series(ids, dtype=pl.Int64).implode()
    for table in SOURCE_TABLES.values():
        if table.schema == "staging":
            memory.execute(create_statement(table))
            frame = frames.get(table.name)
            if frame is not None:
                memory.register("_rows", frame.filter(pl.col("version_id").is_in(wanted)).to_arrow())
                memory.execute(f"INSERT INTO {quoted('staging', table.name)} BY NAME SELECT * FROM _rows")
                memory.unregister("_rows")


def _take_over(
    memory: duckdb.DuckDBPyConnection,
    published: duckdb.DuckDBPyConnection,
    name: str,
    column: str,
    values: Sequence[object],
) -> None:
    exists = published.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name || '.' || table_name = ?", [name]
    ).fetchone()
    if exists == (1,):
        memory.register("_rows", _rows_of(published, name, column, values).to_arrow())
        memory.execute(f"CREATE TABLE {name} AS FROM _rows")
        memory.unregister("_rows")


def _rows_of(connection: duckdb.DuckDBPyConnection, name: str, column: str, values: Sequence[object]) -> pl.DataFrame:
    kind = "BIGINT" if values and isinstance(values[0], int) else "VARCHAR"
    return frame_of(
        connection,
        f"SELECT * FROM {quoted(*name.split('.', 1))} WHERE {column} IN (SELECT unnest(?::{kind}[]))",
        [list(values)],
    )


def frame_of(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """The rows of a query. By way of Arrow: a connection of DuckDB 2.0 has no pl(), and its relations wait for what was
    asked before to be fetched to the end (2026-11).
    """
    frame = pl.from_arrow(connection.execute(sql, list(parameters)).to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def models_of_one_record(published: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """(name, SELECT) of the core models whose rows come from one record's version alone, in building order.

    Others that have a row for each record are tagged `identity` or `several_records`: of a few records they come out
    otherwise.
    """
    rows = published.execute(
        """
        SELECT model.table_name, model.depends_on, model.sql
        FROM meta.model AS model JOIN meta."column" AS keyed USING (table_name)
        WHERE model.table_name LIKE 'core.%' AND NOT list_has_any(model.tags, ['identity', 'several_records'])
          AND list_contains(model.depends_on, 'raw.record_version') AND keyed.column_name = 'record_key'
        """
    ).fetchall()
    waiting = {name: (reads, sql) for name, reads, sql in rows}
    ready = set(_AS_STORED)
    chosen: list[tuple[str, str]] = []
    while True:
        made = [
            (name, sql)
            for name, (reads, sql) in waiting.items()
            if name not in ready
            and all(read == _VERSIONS or read.startswith("staging.") or read in ready for read in reads)
        ]
        if not made:
            return chosen
        chosen += made
        ready |= {name for name, _ in made}
