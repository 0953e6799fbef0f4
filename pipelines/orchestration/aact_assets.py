"""The views of schema aact: one asset each, all made in one step.

Belongs here: that step. Does not: the views themselves (dbt_like_models/aact/), tables (model_assets.py).

A view holds no rows, so making one takes a few milliseconds, where a step of its own would take some 200 (Dagster 1.13,
2026-11) in every run. Nor are their rows counted or previewed: that would read the results of the whole registry.
"""

# no `from __future__ import annotations`: Dagster 1.13 reads a step's annotations as types (2026-11)

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import duckdb

from pipelines.orchestration.keys import POOL, table_key
from pipelines.orchestration.metadata import model_words
from pipelines.orchestration.resources import WarehouseRun
from pipelines.warehouse.aact import SCHEMA, create_names
from pipelines.warehouse.models import Model, materialise_views


def is_aact_view(model: Model) -> bool:
    """Whether the model is made in this step."""
    return model.schema == SCHEMA


def make_aact_views(models: Mapping[str, Model]) -> dg.AssetsDefinition:
    """The step that makes the views, in the order in which they read each other, with their aliases and functions."""
    views = [model for model in models.values() if is_aact_view(model)]
    specs = [
        dg.AssetSpec(
            table_key(view.full_name),
            deps=[table_key(name) for name in sorted(view.depends_on)],
            **model_words(view),
        )
        for view in views
    ]

    @dg.multi_asset(name="aact_views", specs=specs, pool=POOL)
    def aact_views(run: WarehouseRun) -> Iterator[dg.MaterializeResult[Any]]:
        state = run.state
        with run.foreseeing("aact_views", duckdb.Error):
            connection = run.build().connection
            state.watcher.stage(SCHEMA, "views of AACT")
            materialise_views(connection, views)
            create_names(connection, views)
        for view in views:
            yield dg.MaterializeResult(asset_key=table_key(view.full_name))

    return aact_views
