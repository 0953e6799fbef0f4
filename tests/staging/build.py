"""A real DuckDB build in tmp_path and a landing folder to fill it from, without Dagster. Shared by tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.landing.catalogue import archive_file, scan
from pipelines.settings import Limits, Settings
from pipelines.staging.ingest import IngestReport, ingest
from pipelines.staging.load import known_files
from pipelines.tables import SOURCE_TABLES, create_statement

LOADED_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@contextmanager
def empty_build(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB file with every table that Python writes, without rows."""
    with duckdb.connect(str(path)) as connection:
        for schema in sorted({table.schema for table in SOURCE_TABLES.values()}):
            connection.execute(f"CREATE SCHEMA {schema}")
        for table in SOURCE_TABLES.values():
            connection.execute(create_statement(table))
        yield connection


def ingest_landing(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    home: Path,
    *,
    run_id: str = "run-1",
    loaded_at: datetime = LOADED_AT,
    limits: Limits | None = None,
) -> IngestReport:
    """What a run does between landing and models; contents that the build knows are left out."""
    settings = Settings(home=home)
    catalogue = scan(landing)
    seen = known_files(connection)
    files = {}
    for found in catalogue.files:
        archived = archive_file(found, settings.archive_dir)
        if archived.sha256 not in seen:
            files.setdefault(archived.sha256, archived)
    return ingest(
        connection,
        list(files.values()),
        settings=settings,
        work_dir=home / "work" / run_id,
        run_id=run_id,
        loaded_at=loaded_at,
        unreadable=catalogue.bad,
        limits=limits,
    )
