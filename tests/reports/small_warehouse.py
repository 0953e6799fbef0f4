"""A published warehouse small enough to make in a moment: every table that the pages read, empty or with given rows.

Belongs here: making the file from the documented columns of tables and models. Does not: running the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.reports.query import load_queries
from pipelines.tables import SOURCE_TABLES, quoted
from pipelines.warehouse.models import MODELS_DIR
from pipelines.warehouse.models.meta import META_TABLES
from pipelines.yaml_text import load_yaml

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

BUILD = {
    "build_id": "20260102T030405_test",
    "published_at": datetime.fromisoformat("2026-01-02T03:04:05"),
    "files": 1,
    "records_seen": 2,
}


def header_of(table: str) -> dict[str, Any]:
    """The header of a model's file."""
    schema, name = table.split(".")
    text = (MODELS_DIR / schema / f"{name}.sql").read_text(encoding="utf-8")
    said: dict[str, Any] = load_yaml(text.partition("/* ---")[2].partition("--- */")[0])
    return said


def columns_of(table: str) -> dict[str, str]:
    """Column → DuckDB type, of a table that Python writes or a model."""
    made = (SOURCE_TABLES | META_TABLES).get(table)
    if made is not None:
        return {column.name: column.duckdb_type for column in made.columns}
    return {name: column["type"] for name, column in header_of(table)["columns"].items()}


def tables_read() -> list[str]:
    """Every table that a query of the pages names, and those that the pages ask themselves."""
    read = {table for query in load_queries().values() for table in query.tables}
    return sorted(read | {"core.record", "core.trial", "core.trial_member", "meta.metric", "meta.model", "meta.build"})


def make_warehouse(path: Path, rows: Rows | None = None, *, without: Sequence[str] = ()) -> Path:
    """The file with these rows; columns that a row does not state are NULL. `without`: tables left out."""
    with duckdb.connect(str(path)) as connection:
        for table in tables_read():
            if table not in without:
                schema, name = table.split(".")
                columns = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns_of(table).items())
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
                connection.execute(f"CREATE TABLE {quoted(schema, name)} ({columns})")
        given = {"meta.build": [BUILD], **dict(_words()), **(rows or {})}
        for table, lines in given.items():
            for line in lines if table not in without else ():
                names = ", ".join(quoted(column) for column in line)
                marks = ", ".join("?" * len(line))
                connection.execute(
                    f"INSERT INTO {quoted(*table.split('.'))} ({names}) VALUES ({marks})", [*line.values()]
                )
    return path


def _words() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The models that the queries read and the metrics that they name, in their own words."""
    models = [table for table in tables_read() if (MODELS_DIR / f"{table.replace('.', '/')}.sql").exists()]
    reads = ["staging.outcome_measurement_of_a_class_in_a_category_of_a_long_name"]
    yield (
        "meta.model",
        [
            {
                "table_name": table,
                "description": header_of(table)["description"],
                "grain": header_of(table)["grain"],
                "depends_on": reads,
            }
            for table in models
        ],
    )
    lines = []
    for full_name in sorted({metric for query in load_queries().values() for metric in query.metrics}):
        table, _, column = full_name.rpartition(".")
        words = header_of(table)["metrics"][column]
        lines.append({"table_name": table, "column_name": column, **words})
    yield "meta.metric", lines


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"
"""A title as an attacker would register it."""


def hostile_rows() -> Rows:
    """Two records of one trial whose every text is HOSTILE, and a plain one."""
    key, other = "CTGOV:NCT00000101", "EUCTR:2020-000001-01"
    trial = {"trial_id": f"TRIAL:{key}", "primary_record_key": key, "record_count": 2, "registry_count": 2}
    record = {
        "record_key": key,
        "trial_id": f"TRIAL:{key}",
        "version_id": 1,
        "registry": "CTGOV",
        "registry_id": "NCT00000101",
        "brief_title": HOSTILE,
        "official_title": HOSTILE,
        "why_stopped": HOSTILE,
        "lead_sponsor": HOSTILE,
        "overall_status": HOSTILE,
        "phase": HOSTILE,
        "start_raw": HOSTILE,
        "eligibility_criteria": HOSTILE,
        "loaded_at": datetime.fromisoformat("2026-01-01"),
        "version_no": 1,
    }
    return {
        "core.trial": [{**trial, "title": HOSTILE, "registries": "CTGOV, EUCTR"}],
        "core.record": [record, {**record, "record_key": other, "registry": "EUCTR", "version_id": 2}],
        "core.trial_member": [
            {"record_key": key, "trial_id": f"TRIAL:{key}", "is_primary": True},
            {"record_key": other, "trial_id": f"TRIAL:{key}", "is_primary": False},
        ],
        "raw.record_version": [{"record_key": key, "version_id": 1, "file_id": "f", "member": HOSTILE, "position": 3}],
        "raw.file": [{"file_id": "f", "path": HOSTILE}],
        "core.condition": [{"record_key": key, "position": 1, "condition": HOSTILE}],
        "core.country": [{"record_key": key, "position": 1, "country": HOSTILE}],
        "core.field_state": [
            {
                "record_key": key,
                "position": 1,
                "field": "protocolSection.identificationModule.briefTitle",
                "state": "damaged",
                "line_start": 12,
                "line_end": 14,
                "reason": HOSTILE,
            }
        ],
        "core.relation": [{"record_key": key, "position": 1, "target_id": HOSTILE, "target_title": HOSTILE}],
        "quality.violation": [
            {"rule": "start_le_cd", "severity": "error", "record_key": key, "value": HOSTILE, "message": HOSTILE}
        ],
        "quality.expectation": [{"rule": "start_le_cd", "description": HOSTILE, "severity": "error"}],
        "marts.sponsor_portfolio": [{"lead_sponsor": HOSTILE, "lead_sponsor_class": HOSTILE, "studies": 2}],
        "history.status_period": [
            {"record_key": key, "period_no": 1, "overall_status": HOSTILE, "status_from": "2020-01-01"}
        ],
        "marts.change_feed": [
            {
                "record_key": key,
                "topic": "titles and text",
                "path": HOSTILE,
                "kind": "changed",
                "old_value": HOSTILE,
                "new_value": HOSTILE,
                "changed_on": "2025-05-05",
                "to_version": 1,
            }
        ],
    }
