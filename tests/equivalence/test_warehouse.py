"""The core tables of a rendered file are those of the studies that the format can carry of it: reader to warehouse.

The study-level tests of each format say which record comes back; this one, that nothing on the way to the core tables
depends on the format it came in.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from pipelines.sample import make_study
from pipelines.sample.rendered import RENDERINGS, render_file
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.as_of import as_of_models
from pipelines.warehouse.models import load_models, materialise
from tests.staging.build import empty_build, ingest_landing

STUDIES = range(40)
MODELS = load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})
TABLES = as_of_models(MODELS)

BY_FORMAT = {
    "core.record": {"version_id", "source_format", "says_no_results", "standing", "loaded_at", "trial_id"},
    # The last four are told by the EU register's own section, which carried studies do not have.
    "core.reporting_case": {"version_id", "is_ended", "is_adult_phase1", "is_paediatric_plan", "is_under_18"},
    "core.field_state": None,
}
"""Columns, or whole tables, that tell of the file and not of the study."""


def _carried(format_name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    module = import_module(f"pipelines.sample.render.{RENDERINGS[format_name].module}")
    if not hasattr(module, "carried"):
        module = import_module(f"{module.__name__}_carried")
    carried: Callable[[dict[str, Any]], dict[str, Any]] = module.carried
    return carried


def _build(path: Path, file_name: str, content: bytes, root: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of the core tables, without what tells of the file, sorted."""
    landing = root / "landing"
    landing.mkdir(parents=True)
    (landing / file_name).write_bytes(content)
    rows: dict[str, list[tuple[Any, ...]]] = {}
    with empty_build(path) as connection:
        report = ingest_landing(connection, landing, root / "home")
        assert report.records_quarantined == 0
        assert report.records_accepted == len(STUDIES)
        connection.execute("CREATE SCHEMA core") if not _has_core(connection) else None
        connection.execute(
            "CREATE OR REPLACE TABLE core.trial_member AS SELECT record_key, 'TRIAL:' || record_key AS trial_id, "
            "true AS is_primary FROM raw.record_version WHERE is_current"
        )
        for name, model in TABLES.items():
            left_out = BY_FORMAT.get(name, set())
            if left_out is None:
                continue
            materialise(connection, model)
            columns = [column for column in model.columns if column not in left_out]
            shown = ", ".join(f'"{column}"' for column in columns)
            rows[name] = sorted(connection.execute(f"SELECT {shown} FROM {name}").fetchall(), key=repr)
    return rows


def _has_core(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(connection.execute("SELECT 1 FROM duckdb_schemas() WHERE schema_name = 'core'").fetchone())


@pytest.mark.slow
@pytest.mark.parametrize("format_name", RENDERINGS)
def test_core_rows_do_not_depend_on_the_format(format_name: str, tmp_path: Path) -> None:
    studies = [make_study(17, number) for number in STUDIES]
    carried = [_carried(format_name)(study) for study in studies]
    documents = b"\n".join(orjson.dumps(_as_v2(study)) for study in carried)
    from_format = _build(
        tmp_path / "format.duckdb", f"file.{format_name}", render_file(format_name, studies), tmp_path / "format"
    )
    from_shape = _build(tmp_path / "shape.duckdb", "studies.ndjson", documents, tmp_path / "shape")
    assert len(from_shape["core.record"]) == len(STUDIES)
    for name, expected in from_shape.items():
        assert from_format[name] == expected, name


def _as_v2(study: dict[str, Any]) -> dict[str, Any]:
    """The study with its protocol first, by which the JSON reader knows it."""
    return {"protocolSection": study["protocolSection"], **study}
