"""The core tables, and marts that judge, as of any day: one table macro for each, in core_at and marts_at.

Belongs here: making the macros from the models' own SQL, so that `core_at.record(day)` is what core.record would have
been. Does not: the models.

    SELECT overall_status, count(*) FROM core_at.record(DATE '2024-06-30') GROUP BY ALL;
    FROM core_at.outcome(DATE '2024-06-30', known_at := TIMESTAMP '2025-01-01') WHERE record_key = 'CTGOV:NCT00000101';

`as_of` is the registry's time: of each record the last version that the registry had published by then. A version
without a date of its registry (parts of records, copies in other registers) counts from the day on which it was read:
of no day before is it known that it held. `known_at` is our time: only versions that had been read by then (UTC; by
default all). Which records are one trial is told as it is known now.

    SELECT law, status, count(*) FROM marts_at.results_compliance(DATE '2024-06-30') GROUP BY ALL;
    FROM marts_at.results_compliance(DATE '2024-06-30', as_of := DATE '2024-06-30');

A mart whose day of reference is marts.reference_day, tagged `as_of`, is judged on the day in its first argument: by
what the records say today, or with `as_of` (and `known_at`) by what they said then.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from pipelines.tables import quoted
from pipelines.touched import read_instead
from pipelines.warehouse.models import Model

SCHEMA = "core_at"
MARTS_SCHEMA = "marts_at"
TAG = "as_of"
DAY = "marts.reference_day"
_VERSIONS = "raw.record_version"
PARAMETERS = {
    SCHEMA: "(as_of, known_at := TIMESTAMP '9999-12-31')",
    MARTS_SCHEMA: "(on_day, as_of := DATE '9999-12-31', known_at := TIMESTAMP '9999-12-31')",
}
"""Of all macros of a schema, with what they take by default."""

_NOW_ALONE = frozenset({"core.trial_member"})
"""Core models that the as-of tables read as they are now."""
_OF_NOW = frozenset({"identity", "aact"})
"""Tags of core models that are of the present alone: which records are one trial, and what schema aact is made of."""

# The last version published by the day is the current one. One without a date is shown from its reading on: with every
# day before, trials of 2020 were among the records of 2010 (2026-11).
_VERSIONS_AT = (
    "(SELECT * REPLACE (version_no = max(version_no) OVER (PARTITION BY record_key) AS is_current) "
    f"FROM {_VERSIONS} WHERE coalesce(valid_from, loaded_at::DATE) <= as_of AND loaded_at <= known_at)"
)


def as_of_models(models: Mapping[str, Model]) -> dict[str, Model]:
    """The core models that show the current version of records, and so can show another, in building order."""
    chosen: dict[str, Model] = {}
    for name, model in models.items():
        if model.schema != "core" or _OF_NOW & set(model.tags) or _VERSIONS not in model.depends_on:
            continue
        others = {used for used in model.depends_on if used.startswith("core.")} - _NOW_ALONE
        if others <= chosen.keys() and "record_key" in model.columns:
            chosen[name] = model
    return chosen


def create_as_of_macros(connection: duckdb.DuckDBPyConnection, models: Mapping[str, Model]) -> list[str]:
    """Make the macros anew; the models must have been built. Gives their names."""
    for schema in (MARTS_SCHEMA, SCHEMA):
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.execute(f"CREATE SCHEMA {schema}")
    chosen = as_of_models(models)
    for name, model in chosen.items():
        connection.execute(_macro_sql(model, chosen))
        comment = f"{name} as of a day: of each record the last version published by as_of and read by known_at (UTC)."
        connection.execute(f"COMMENT ON MACRO TABLE {quoted(SCHEMA, model.name)} IS '{comment}'")
    marts = as_of_marts(models)
    for model in marts:
        connection.execute(_mart_macro_sql(model, chosen))
        comment = (
            f"{model.full_name} judged on on_day: by the newest versions of records, or by those published by as_of "
            "and read by known_at (UTC)."
        )
        connection.execute(f"COMMENT ON MACRO TABLE {quoted(MARTS_SCHEMA, model.name)} IS '{comment}'")
    return [f"{SCHEMA}.{model.name}" for model in chosen.values()] + [f"{MARTS_SCHEMA}.{mart.name}" for mart in marts]


def as_of_marts(models: Mapping[str, Model]) -> list[Model]:
    """The marts that can be judged on any day."""
    return [model for model in models.values() if model.schema == "marts" and TAG in model.tags]


def _macro_sql(model: Model, chosen: Mapping[str, Model]) -> str:
    return f"CREATE MACRO {quoted(SCHEMA, model.name)}{PARAMETERS[SCHEMA]} AS TABLE\n{_sql_as_of(model, chosen)}"


def _mart_macro_sql(model: Model, chosen: Mapping[str, Model]) -> str:
    sql = read_instead(_sql_as_of(model, chosen), {DAY: "(SELECT on_day::DATE AS as_of)"})
    return f"CREATE MACRO {quoted(MARTS_SCHEMA, model.name)}{PARAMETERS[MARTS_SCHEMA]} AS TABLE\n{sql}"


def _sql_as_of(model: Model, chosen: Mapping[str, Model]) -> str:
    """The model's SELECT with the versions, and the tables made from them, as of the macro's arguments."""
    instead = {_VERSIONS: _VERSIONS_AT}
    for used in model.depends_on & chosen.keys():
        instead[used] = f"{SCHEMA}.{chosen[used].name}(as_of, known_at := known_at)"
    return read_instead(model.sql, instead).rstrip().rstrip(";")
