"""Scalar functions that the warehouse offers beside its tables: SQL macros in the file, for any DuckDB client.

Belongs here: their SQL, words and making. Does not: table macros made of models (as_of.py). No model may call one:
models are made before them and must run where they are not.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.tables import literal, quoted


@dataclass(frozen=True, slots=True)
class SqlFunction:
    """A macro: `schema.name(parameters)` gives the value of `expression`."""

    schema: str
    name: str
    parameters: tuple[str, ...]
    expression: str
    comment: str


# Square of half the chord between the points, on a sphere of radius 1.
_SQUARE = (
    "pow(sin(radians(lat2 - lat1) / 2), 2)"
    " + cos(radians(lat1)) * cos(radians(lat2)) * pow(sin(radians(lon2 - lon1) / 2), 2)"
)

FUNCTIONS = (
    SqlFunction(
        "marts",
        "distance_km",
        ("lat1", "lon1", "lat2", "lon2"),
        # Mean radius of the earth, IUGG 1980. Rounding can push the sum a hair over 1 for antipodes.
        f"2 * 6371.0088 * asin(sqrt(CASE WHEN {_SQUARE} > 1 THEN 1 ELSE {_SQUARE} END))",
        "Distance in km along the sphere (haversine) between two points in degrees; NULL where a coordinate is NULL. "
        "Within 0.6 % of the distance on the ellipsoid.",
    ),
)
"""All functions of a warehouse."""


def create_functions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Make FUNCTIONS anew, in schemas that exist already. Gives their names. Raises duckdb.Error."""
    for function in FUNCTIONS:
        place = quoted(function.schema, function.name)
        parameters = ", ".join(function.parameters)
        connection.execute(f"CREATE OR REPLACE MACRO {place}({parameters}) AS {function.expression}")
        connection.execute(f"COMMENT ON MACRO {place} IS {literal(function.comment)}")
    return [f"{function.schema}.{function.name}" for function in FUNCTIONS]
