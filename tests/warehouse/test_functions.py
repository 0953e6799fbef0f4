"""Scalar functions of the warehouse, called as a reader calls them."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.warehouse.functions import FUNCTIONS, create_functions

latitudes = st.floats(-90, 90, allow_nan=False)
longitudes = st.floats(-180, 180, allow_nan=False)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("CREATE SCHEMA marts")
        create_functions(opened)
        yield opened


def _distance(connection: duckdb.DuckDBPyConnection, *point: float | None) -> float | None:
    row = connection.execute("SELECT marts.distance_km(?, ?, ?, ?)", point).fetchone()
    assert row is not None
    distance: float | None = row[0]
    return distance


@pytest.mark.parametrize(
    ("point", "kilometres"),
    [
        ((0.0, 0.0, 0.0, 1.0), 111.195),  # a degree of the equator of a sphere
        ((52.5200, 13.4050, 48.8566, 2.3522), 877.5),  # Berlin to Paris
        ((40.7128, -74.0060, -33.8688, 151.2093), 15988.8),  # New York to Sydney
        ((0.0, 179.5, 0.0, -179.5), 111.195),  # over the date line
        ((90.0, 0.0, -90.0, 77.0), 20015.1),  # pole to pole
    ],
)
def test_distances_are_those_of_the_sphere(
    connection: duckdb.DuckDBPyConnection, point: tuple[float, ...], kilometres: float
) -> None:
    assert _distance(connection, *point) == pytest.approx(kilometres, rel=1e-4)


def test_without_a_coordinate_there_is_no_distance(connection: duckdb.DuckDBPyConnection) -> None:
    assert _distance(connection, 1.0, None, 2.0, 3.0) is None


@given(latitudes, longitudes, latitudes, longitudes)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_round(
    connection: duckdb.DuckDBPyConnection, lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    there = _distance(connection, lat1, lon1, lat2, lon2)
    back = _distance(connection, lat2, lon2, lat1, lon1)
    assert there is not None
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20015.2
    assert _distance(connection, lat1, lon1, lat1, lon1) == pytest.approx(0, abs=1e-6)


def test_each_function_is_there_once_with_its_words(connection: duckdb.DuckDBPyConnection) -> None:
    create_functions(connection)
    listed = connection.execute(
        "SELECT schema_name, function_name, parameters, comment FROM duckdb_functions() WHERE schema_name = 'marts'"
    ).fetchall()
    assert sorted(listed) == sorted((f.schema, f.name, list(f.parameters), f.comment) for f in FUNCTIONS)
