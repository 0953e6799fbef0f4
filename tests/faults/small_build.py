"""A warehouse built by the rooms' own functions, without Dagster, rules and most models: a second instead of twenty.

Belongs here: that one way to a build. Tests that need the whole job run the command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from pipelines.history import compare_versions
from pipelines.orchestration.assemble import source_columns
from pipelines.orchestration.publish_assets import figures_of
from pipelines.settings import Settings
from pipelines.staging.ingest import IngestReport, ingest
from pipelines.warehouse.build import Build, begin_build
from pipelines.warehouse.intake import archive_new, known_content, look
from pipelines.warehouse.models import Model, load_models, materialise, write_meta
from pipelines.warehouse.publish import PublishedBuild, publish
from tests.faults.fork_server import FEW_MODELS


@cache
def few_models() -> Mapping[str, Model]:
    """Core tables of one record each, page text's field states among them."""
    models = load_models(sources=source_columns())
    return {name: replace(models[name], tests=()) for name in FEW_MODELS}


def read_landing(settings: Settings, run_id: str) -> tuple[Build, IngestReport]:
    """A build begun and what is new in landing read into it."""
    build = begin_build(settings, run_id)
    known = known_content(build.connection)
    archived = archive_new(look(settings, known), known, settings)
    report = ingest(
        build.connection,
        archived.files,
        settings=settings,
        work_dir=build.work_dir,
        run_id=run_id,
        loaded_at=build.now(),
        unreadable=archived.unreadable,
    )
    assert report.records_seen == report.records_accepted + report.records_unchanged + report.records_quarantined
    return build, report


def models_for(name: str) -> Mapping[str, Model]:
    """A model and those that it is made of, in building order, without their tests."""
    models = load_models(sources=source_columns())

    def before(wanted: str) -> list[str]:
        reads = models[wanted].depends_on if wanted in models else ()
        return [name for read in reads for name in before(read)] + ([wanted] if wanted in models else [])

    return {found: replace(models[found], tests=()) for found in dict.fromkeys(before(name))}


def build_small(settings: Settings, run_id: str = "small", models: Mapping[str, Model] | None = None) -> PublishedBuild:
    """Read what is new in landing, make few models, publish."""
    build, report = read_landing(settings, run_id)
    compare_versions(build.connection, "test")
    models = few_models() if models is None else models
    for model in models.values():
        materialise(build.connection, model)
    write_meta(build.connection, models)
    return publish(build, figures_of(report), [])
