"""Runs of long ago.

Belongs here: making them so, in the instance's own file. Does not: what is thought of them.
"""

from __future__ import annotations

import dagster as dg
from dagster._core.storage.runs import SqlRunStorage
from sqlalchemy import text


def begun_long_ago(instance: dg.DagsterInstance, run_id: str) -> str:
    """Let a run say that it was begun in January 2026; its id."""
    storage = instance.run_storage
    assert isinstance(storage, SqlRunStorage)
    with storage.connect() as connection:
        told = text("UPDATE runs SET create_timestamp = '2026-01-01 00:00:00' WHERE run_id = :run_id")
        connection.execute(told, {"run_id": run_id})
    return run_id
