"""SQL models: plain SELECT files with their words beside them, loaded, checked, built, tested and documented.

Belongs here: everything that treats a file of dbt_like_models/ as a model. Does not: the SQL itself, the
build file and its publishing (pipelines/warehouse), Dagster.
"""

from pipelines.warehouse.models.checks import ModelTestResult, run_model_tests
from pipelines.warehouse.models.load import MODELS_DIR, load_models
from pipelines.warehouse.models.materialise import ContractError, Materialised, leave, materialise, materialise_views
from pipelines.warehouse.models.meta import META_TABLES, write_meta
from pipelines.warehouse.models.model import (
    ColumnRef,
    Lookup,
    Metric,
    Model,
    ModelColumn,
    ModelError,
    ModelTest,
    Problem,
    origins,
    row_origins,
)

__all__ = [
    "META_TABLES",
    "MODELS_DIR",
    "ColumnRef",
    "ContractError",
    "Lookup",
    "Materialised",
    "Metric",
    "Model",
    "ModelColumn",
    "ModelError",
    "ModelTest",
    "ModelTestResult",
    "Problem",
    "leave",
    "load_models",
    "materialise",
    "materialise_views",
    "origins",
    "row_origins",
    "run_model_tests",
    "write_meta",
]
