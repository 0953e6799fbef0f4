"""All or nothing, and the error that is told of."""

from __future__ import annotations

import signal
from collections.abc import Callable

import duckdb
import pytest

from pipelines.transaction import in_one_transaction
from tests.interruption import ENDLESS, ctrl_c_is_seen, interrupt_soon


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE record (id INTEGER PRIMARY KEY)")
    return connection


def insert(connection: duckdb.DuckDBPyConnection, then: Callable[[], object]) -> None:
    """A record, and what happens before its transaction ends."""
    with in_one_transaction(connection):
        connection.execute("INSERT INTO record VALUES (1)")
        then()


def test_what_is_done_within_is_there_afterwards(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, lambda: None)
    assert connection.execute("FROM record").fetchall() == [(1,)]
    connection.begin()  # none is open any more


@pytest.mark.parametrize("error", [ValueError("wrong"), KeyboardInterrupt()])
def test_nothing_is_left_of_a_block_that_raises(connection: duckdb.DuckDBPyConnection, error: BaseException) -> None:
    """Whatever is raised, an interruption too, takes back what was done and is raised on."""

    def fail() -> None:
        raise error

    with pytest.raises(type(error)):
        insert(connection, fail)
    assert connection.execute("FROM record").fetchall() == []


def test_a_commit_that_fails_is_told_of_in_its_own_words(connection: duckdb.DuckDBPyConnection) -> None:
    """A failed commit leaves no transaction: "cannot rollback - no transaction is active" was all that a person read
    who had pressed Ctrl-C at that moment, or whose disk was full.
    """
    with pytest.raises(duckdb.Error, match="Failed to commit"):
        insert(connection, lambda: connection.cursor().execute("INSERT INTO record VALUES (1)"))
    assert connection.execute("FROM record").fetchall() == [(1,)]


@ctrl_c_is_seen
def test_an_interrupted_query_ends_at_once(connection: duckdb.DuckDBPyConnection) -> None:
    """Ctrl-C ended the wait for a query; taking it back then waited for the query's other threads, here for years."""
    connection.execute("SET threads = 2")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupt_soon()
    try:
        with pytest.raises(RuntimeError, match="interrupted"):
            insert(connection, lambda: connection.execute(ENDLESS))
    finally:
        signal.signal(signal.SIGINT, before)
    assert connection.execute("FROM record").fetchall() == []
