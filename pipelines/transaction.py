"""One transaction of a DuckDB connection, all of it or nothing.

Belongs here: how a transaction ends, well or not. Does not: what is done in it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import duckdb


@contextlib.contextmanager
def in_one_transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of what is done within, or nothing of it. What was raised within, or by the commit, is raised on."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        # Ctrl-C ends the wait for a query, not the query: rolling back waited for its threads (DuckDB 1.5.5, 2026-11).
        connection.interrupt()
        # After a commit that failed (full disk, interruption) there is none to roll back: not the error to tell of.
        with contextlib.suppress(duckdb.TransactionException):
            connection.rollback()
        raise
