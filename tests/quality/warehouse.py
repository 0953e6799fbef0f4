"""A small warehouse made by hand: every table with its real columns, filled with the rows a test names.

Columns of core come from the headers of dbt_like_models/core/, those of raw, staging and quality from the source
tables, so that a column that is renamed there breaks the rules' tests here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.tables import SOURCE_TABLES, create_statement
from tests.conftest import REPO_ROOT

PAGE = "page_text_labelled"
"""A source format whose layout can lose parts."""

AS_OF = "2026-11-21"
"""The day of the check in tests."""

CHECKED_AT = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
"""A moment of that day."""

_HEADER = re.compile(r"/\* ---\n(.*?)\n--- \*/", re.DOTALL)
_DATES = (
    "start", "primary_completion", "completion", "first_submitted", "first_submitted_qc", "first_posted",
    "results_first_submitted", "results_first_submitted_qc", "results_first_posted", "disp_first_submitted",
    "disp_first_submitted_qc", "disp_first_posted", "last_update_submitted", "last_update_posted", "verified",
)  # fmt: skip

Row = tuple[str, dict[str, Any]]


@cache
def core_columns() -> dict[str, dict[str, str]]:
    """Columns and types of every core table, as its model declares them."""
    found = {}
    for path in sorted((REPO_ROOT / "dbt_like_models" / "core").glob("*.sql")):
        header = _HEADER.search(path.read_text(encoding="utf-8"))
        assert header is not None, f"{path} has no header"
        columns = yaml.safe_load(header[1])["columns"]
        found[f"core.{path.stem}"] = {name: column["type"] for name, column in columns.items()}
    return found


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Every table of raw, staging, quality and core, empty."""
    for schema in sorted({table.schema for table in SOURCE_TABLES.values()} | {"core"}):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for table in SOURCE_TABLES.values():
        connection.execute(create_statement(table))
    for name, columns in core_columns().items():
        spelled = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({spelled})")


def span(text: str) -> dict[str, Any]:
    """The four columns' endings of a partial date: span("2026-06")["latest"] is 30 June."""
    parts = [int(part) for part in text.split("-")]
    first = date(*[*parts, 1, 1][:3])
    match len(parts):
        case 1:
            return {"raw": text, "earliest": first, "latest": date(parts[0], 12, 31), "precision": "year"}
        case 2:
            last = first.replace(day=calendar.monthrange(*parts)[1])
            return {"raw": text, "earliest": first, "latest": last, "precision": "month"}
        case _:
            return {"raw": text, "earliest": first, "latest": first, "precision": "day"}


def record(key: str = "CTGOV:NCT00000001", **values: Any) -> Row:
    """A row of core.record; `start="2026-06"` fills the four columns of a date, `start=("2026-06", "ACTUAL")` the type
    too.
    """
    row: dict[str, Any] = {
        "record_key": key,
        "version_id": 1,
        "registry": "CTGOV",
        "registry_id": "NCT00000001",
        "key_basis": "own_id",
        "trial_id": f"TRIAL:{key}",
        "source_format": "ctgov_v2",
        "standing": "whole",
        "has_results": False,
        "version_no": 1,
    }
    for name, value in values.items():
        if name in _DATES and value is not None:
            text, kind = value if isinstance(value, tuple) else (value, None)
            row |= {f"{name}_{ending}": part for ending, part in span(text).items()}
            row |= {f"{name}_type": kind} if kind else {}
        else:
            row[name] = value
    return "core.record", row


def child(table: str, **values: Any) -> Row:
    """A row of a child table of core or staging, of the record and version that `record()` makes by default."""
    owner: dict[str, Any] = {"version_id": 1} if table.startswith("staging.") else {"record_key": "CTGOV:NCT00000001"}
    place = {} if table == "staging.study" else {"position": 1}
    return table, owner | place | values


def says(*fields: str, state: str = "present") -> list[Row]:
    """Rows of core.field_state: the page speaks of these fields."""
    return [child("core.field_state", position=n, field=field, state=state) for n, field in enumerate(fields, start=1)]


def version(version_id: int = 1, key: str = "CTGOV:NCT00000001", **values: Any) -> Row:
    """A row of raw.record_version."""
    return "raw.record_version", {
        "version_id": version_id,
        "record_key": key,
        "version_no": 1,
        "key_basis": "own_id",
        "registry": "CTGOV",
        "source_format": "ctgov_v2",
        "standing": "whole",
        "record_sha256": "0",
        "raw_sha256": "0",
        "record_bytes": 1,
        "file_id": "f1",
        "loaded_at": "2026-11-20 00:00:00",
        "run_id": "r1",
        "is_current": True,
    } | values


def landing_file(file_id: str = "f1", **values: Any) -> Row:
    """A row of raw.file."""
    return "raw.file", {
        "file_id": file_id,
        "path": f"{file_id}.ndjson",
        "sha256": "0",
        "bytes": 1,
        "first_seen_at": "2026-11-20 00:00:00",
        "records_seen": 1,
        "records_accepted": 1,
        "records_unchanged": 0,
        "records_quarantined": 0,
    } | values


def new_build(path: Path, rows: Sequence[Row] = ()) -> Path:
    """A warehouse with these rows in the new file `path`."""
    with duckdb.connect(str(path)) as connection:
        create_tables(connection)
        insert(connection, rows)
    return path


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What the warehouse in the file answers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def insert(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Insert rows; columns that a row does not name are NULL."""
    alike: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
    for table, values in rows:
        alike.setdefault((table, tuple(values)), []).append(values)
    for (table, columns), found in alike.items():
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("(" + ", ".join("?" for _ in columns) + ")" for _ in found)
        given = [value for values in found for value in values.values()]
        connection.execute(f"INSERT INTO {table} ({names}) VALUES {marks}", given)
