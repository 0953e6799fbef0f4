"""Which states of the fields of one record contradict each other: the test of core.field_state."""

from __future__ import annotations

import duckdb
import pytest

from tests.models.test_models import MODELS

TEST = next(test for test in MODELS["core.field_state"].tests if test.name == "field_has_one_state")


def contradictory(*states: str) -> bool:
    """Whether one field of one record with these states fails the test."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE SCHEMA core; CREATE TABLE core.field_state (record_key VARCHAR, field VARCHAR, state VARCHAR)"
        )
        connection.executemany(
            "INSERT INTO core.field_state VALUES (?, ?, ?)",
            [("A:1", "f", state) for state in states] + [("A:1", "g", "present"), ("A:2", "f", "present")],
        )
        assert TEST.sql is not None
        return bool(connection.execute(TEST.sql).fetchall())


@pytest.mark.parametrize(
    "states",
    [("present",), ("damaged", "damaged"), ("ambiguous", "damaged"), ("inferred", "ambiguous"), ("derived", "damaged")],
)
def test_several_values_of_a_list_may_be_unreadable(states: tuple[str, ...]) -> None:
    assert not contradictory(*states)


@pytest.mark.parametrize(
    "states",
    [
        ("present", "absent"),
        ("present", "present"),
        ("present", "damaged"),
        ("empty", "ambiguous"),
        ("inferred", "derived"),
    ],
)
def test_a_field_is_not_read_and_lost_at_once(states: tuple[str, ...]) -> None:
    assert contradictory(*states)
