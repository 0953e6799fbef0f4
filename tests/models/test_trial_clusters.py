"""Clusters of records: right for any way in which records share ids, and fast for long chains and crowds."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.tables import SOURCE_TABLES, create_statement
from pipelines.warehouse.models import load_models

SQL = load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})["core.trial_member"].sql
REGISTRIES = ("CTGOV", "ISRCTN", "DRKS")

IdsOfRecords = Sequence[Sequence[int]]
"""For each record the ids by which it is known, as numbers."""


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA raw; CREATE SCHEMA staging")
        for name in ("raw.record_version", "staging.identifier"):
            connection.execute(create_statement(SOURCE_TABLES[name]).replace(" NOT NULL", ""))
        yield connection


def _members(connection: duckdb.DuckDBPyConnection, ids: IdsOfRecords) -> dict[str, tuple[str, bool]]:
    """trial_id and is_primary by record_key, as the model finds them."""
    keys = [_key(number) for number in range(len(ids))]
    connection.execute("DELETE FROM raw.record_version; DELETE FROM staging.identifier")
    connection.execute(
        "INSERT INTO raw.record_version BY NAME SELECT unnest($1::BIGINT[]) AS version_id,"
        " unnest($2::VARCHAR[]) AS record_key, split_part(record_key, ':', 1) AS registry, true AS is_current",
        [list(range(len(ids))), keys],
    )
    pairs = [(number, str(one)) for number, own in enumerate(ids) for one in own]
    if pairs:
        connection.execute(
            "INSERT INTO staging.identifier BY NAME SELECT unnest($1::BIGINT[]) AS version_id,"
            " unnest($2::VARCHAR[]) AS id_norm, 'X' AS id_type, 'alias' AS role, true AS is_valid",
            [[number for number, _ in pairs], [one for _, one in pairs]],
        )
    return {key: (trial, primary) for key, trial, primary in connection.execute(SQL).fetchall()}


def _key(number: int) -> str:
    return f"{REGISTRIES[number % len(REGISTRIES)]}:{number:06d}"


def _expected(ids: IdsOfRecords) -> dict[str, tuple[str, bool]]:
    """The same by joining sets, the plain way."""
    clusters: list[tuple[set[int], set[int]]] = []
    for number, own in enumerate(ids):
        records, known = {number}, set(own)
        for other in [cluster for cluster in clusters if cluster[1] & known]:
            clusters.remove(other)
            records |= other[0]
            known |= other[1]
        clusters.append((records, known))
    found = {}
    for records, _ in clusters:
        keys = sorted((_key(number) for number in records), key=lambda key: (not key.startswith("CTGOV"), key))
        found.update({key: (f"TRIAL:{keys[0]}", key == keys[0]) for key in keys})
    return found


@settings(max_examples=40, deadline=None)
@given(ids=st.lists(st.lists(st.integers(0, 12), max_size=3), min_size=1, max_size=15))
def test_records_are_one_trial_exactly_when_shared_ids_connect_them(
    connection: duckdb.DuckDBPyConnection, ids: IdsOfRecords
) -> None:
    assert _members(connection, ids) == _expected(ids)


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param([(number, number + 1) for number in range(100)], id="chain"),
        pytest.param([(number, (number + 1) % 100) for number in range(100)], id="circle"),
        pytest.param([(0,) for _ in range(20_000)], id="crowd"),
    ],
)
def test_long_chains_and_crowds_are_one_trial_in_little_time(
    connection: duckdb.DuckDBPyConnection, ids: IdsOfRecords
) -> None:
    started = time.perf_counter()
    found = _members(connection, ids)
    assert time.perf_counter() - started < 20
    assert len(found) == len(ids)
    assert {trial for trial, _ in found.values()} == {"TRIAL:CTGOV:000000"}
