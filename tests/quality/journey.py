"""From a landing folder to a build with its core tables, by plain calls of the real rooms."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.identity import assign_trials
from pipelines.landing.catalogue import archive_file, scan
from pipelines.settings import Settings
from pipelines.staging.ingest import ingest
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.build import prepare_tables
from pipelines.warehouse.models import load_models, materialise


def make_build(settings: Settings, loaded_at: datetime) -> Path:
    """Read everything in landing into a new build file, make the core models, and leave it closed."""
    path = settings.home_dir / "build.duckdb"
    settings.work_dir.mkdir(parents=True)
    files = [archive_file(file, settings.archive_dir) for file in scan(settings.landing_dir).files]
    with duckdb.connect(str(path)) as connection:
        prepare_tables(connection)
        ingest(
            connection,
            files,
            settings=settings,
            work_dir=settings.work_dir,
            run_id="r1",
            loaded_at=loaded_at.replace(tzinfo=None),
        )
        for model in load_models(sources={name: table.column_names for name, table in SOURCE_TABLES.items()}).values():
            if model.schema == "core":
                materialise(connection, model)
                if model.full_name == "core.link_candidate":
                    assign_trials(connection, [], "r1", loaded_at)
    return path
