"""A home that takes in load after load without publishing, and says what the drift rules find each time.

Belongs here: landing files in, real readers and models, profiles, the rules on drift. Does not: what arrives, or what
breaks (test_drift_series.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import orjson

from expectations import TOPICS
from expectations.rule import on_day
from pipelines.identity import IDENTITY_TABLES, assign_trials
from pipelines.landing.catalogue import archive_file, scan
from pipelines.quality import write_load_profile, write_profile
from pipelines.quality.judgements import violations_sql
from pipelines.settings import Settings
from pipelines.staging.ingest import ingest
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.build import prepare_tables
from pipelines.warehouse.models import load_models, materialise

DRIFT = TOPICS["Drift against the last published build"]
Study = dict[str, Any]


class Registry:
    """The build of a home, run after run, without publishing: a run that is given up is undone from a copy."""

    def __init__(self, home: Path) -> None:
        """An empty home."""
        self.settings = Settings(home=home)
        self.path = home / "build.duckdb"
        self.runs = 0
        self.settings.work_dir.mkdir(parents=True)
        self.settings.landing_dir.mkdir(parents=True)
        self.models = load_models(sources={name: table.column_names for name, table in SOURCE_TABLES.items()})

    def put(self, name: str, studies: list[Study]) -> None:
        """A landing file of studies, one a line."""
        lines = b"\n".join(orjson.dumps(item) for item in studies)
        (self.settings.landing_dir / f"{name}.ndjson").write_bytes(lines + b"\n")

    def run(self, day: date, change: Callable[[duckdb.DuckDBPyConnection], None] | None = None) -> dict[str, list[str]]:
        """One run: read what is new, rebuild core, profile, judge. The messages of the drift rules that failed.

        `change` is what a broken model does to core before it is judged.
        """
        self.runs += 1
        run_id, moment = f"r{self.runs}", datetime.combine(day, time(23), UTC)
        with duckdb.connect(str(self.path)) as build:
            prepare_tables(build)
            known = {sha for (sha,) in build.execute("SELECT sha256 FROM raw.file").fetchall()}
            files = [archive_file(file, self.settings.archive_dir) for file in scan(self.settings.landing_dir).files]
            new = [file for file in files if file.sha256 not in known]
            work = self.settings.work_dir / run_id
            work.mkdir()
            ingest(
                build, new, settings=self.settings, work_dir=work, run_id=run_id, loaded_at=moment.replace(tzinfo=None)
            )
            assigned = False
            for model in self.models.values():
                if model.schema == "core":
                    if not assigned and model.depends_on & set(IDENTITY_TABLES):
                        assign_trials(build, (), run_id, moment)
                        assigned = True
                    materialise(build, model)
            if change is not None:
                change(build)
            write_profile(build, run_id, moment)
            write_load_profile(build, run_id, moment)
            found = {
                rule.name: [text for _, _, text, _ in build.execute(violations_sql(rule, day.isoformat())).fetchall()]
                for rule in DRIFT
            }
            self.judged = {
                rule.name
                for rule in DRIFT
                if build.execute(
                    on_day(
                        f"SELECT count(*) FROM ({rule.rows_sql}) WHERE ({rule.result_sql}) IS NOT NULL", day.isoformat()
                    )
                ).fetchall()[0][0]
            }
        return {rule: messages for rule, messages in found.items() if messages}

    def tried(
        self, day: date, change: Callable[[duckdb.DuckDBPyConnection], None] | None = None
    ) -> dict[str, list[str]]:
        """As run, but the run is not published: the build is as it was before."""
        former = self.path.with_suffix(".former")
        shutil.copy(self.path, former)
        try:
            return self.run(day, change)
        finally:
            former.replace(self.path)
