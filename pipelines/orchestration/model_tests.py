"""Which tests of a model run where: in the model's own step, or once all models are there.

Belongs here: that division. Does not: running tests (pipelines/warehouse/models), reporting them (model_assets.py).

A test that looks at other tables (`relationships`, `sql`) can only run when those are made, which a model's own step
does not wait for: it runs in the quality step, after all models. Models that read what the quality step writes come
after it; they run all their tests themselves and wait for the tables these look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipelines.orchestration.keys import QUALITY_TABLES
from pipelines.tables import tables_named
from pipelines.warehouse.models import Model, ModelTest

LATE_KINDS = frozenset({"relationships", "sql"})
"""Kinds of test that may read other tables than the model's own."""


def after_quality(models: Mapping[str, Model]) -> frozenset[str]:
    """The models that read, directly or through others, what the quality step writes."""
    found: set[str] = set()
    tables = set(QUALITY_TABLES)
    while more := {name for name, model in models.items() if name not in found and model.depends_on & (tables | found)}:
        found |= more
    return frozenset(found)


def in_own_step(model: Model, after: frozenset[str]) -> Model:
    """The model with only the tests that its own step runs."""
    if model.full_name in after:
        return model
    return replace(model, tests=tuple(test for test in model.tests if test.kind not in LATE_KINDS))


def in_quality_step(models: Mapping[str, Model]) -> list[Model]:
    """The models that have tests which the quality step runs, each with only those."""
    after = after_quality(models)
    late = [
        replace(model, tests=tuple(test for test in model.tests if test.kind in LATE_KINDS))
        for name, model in models.items()
        if name not in after
    ]
    return [model for model in late if model.tests]


def tables_tested(model: Model) -> set[str]:
    """The other tables that the model's tests look at."""
    return {table for test in model.tests for table in _tables_of(test)} - {model.full_name}


def _tables_of(test: ModelTest) -> set[str]:
    if test.kind == "relationships":
        return {str(test.arguments["to"]).rpartition(".")[0]}
    return tables_named(test.sql or "")
