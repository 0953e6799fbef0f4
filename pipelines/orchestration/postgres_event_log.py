"""Dagster's event log in PostgreSQL, with a connection and a transaction for many events instead of for each.

Belongs here: one class, named in deploy/dagster.yaml. Does not: what is logged, or any reading of it; what the log in
SQLite does the same (batched_log.py).

Dagster's own class opens up to three connections for an event: to insert it, to ask whether a table is there, to write
the row of its asset or check. Over the 3,559 events of a run with 789 checks that is most of what the log costs
(docs/scaling.md has the figures). Everything else is Dagster's, tables and notifications included: either class reads
what the other wrote, and both may write at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from dagster import EventLogEntry
from dagster._core.storage.event_log.migration import ASSET_KEY_INDEX_COLS
from dagster._core.storage.event_log.schema import AssetKeyTable
from dagster._serdes import ConfigurableClassData
from dagster_postgres.event_log import PostgresEventLogStorage
from dagster_postgres.event_log.event_log import CHANNEL_NAME
from dagster_postgres.utils import get_token_provider_from_config, pg_url_from_config
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql

from pipelines.orchestration.batched_log import BatchedEventLog

_DATABASE = "all runs"
"""There is one, not a file for each run."""

_NOTIFY = text("SELECT pg_notify(:channel, told) FROM unnest(CAST(:told AS text[])) AS told")


class PostgresEventLog(BatchedEventLog, PostgresEventLogStorage):
    """Dagster's PostgreSQL event log. A killed process takes with it what its step was about to yield, never a part of
    what was stored together.

    Numbers are given some milliseconds before the transaction that uses them becomes visible. Who watches a run of many
    workers and is shown a higher number of another worker in between is shown these when the page is opened anew;
    with a statement for each event that moment is shorter, not none.
    """

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> PostgresEventLog:
        """Made by Dagster from dagster.yaml, with the configuration of its own class."""
        return cls(
            inst_data=inst_data,
            postgres_url=pg_url_from_config(config_value),
            should_autocreate_tables=config_value.get("should_autocreate_tables", True),
            token_provider=get_token_provider_from_config(config_value),
        )

    def _store_together(self, events: Sequence[EventLogEntry]) -> None:
        """One alone as Dagster stores it, visible with its own statement: sensors on the state of runs follow the
        numbers of such events, and one that became visible after a higher number would be passed over.
        """
        if len(events) == 1:
            PostgresEventLogStorage.store_event(self, events[0])
        else:
            super()._store_together(events)

    def _store_rows(self, events: Sequence[EventLogEntry], rows: Sequence[Mapping[str, Any]]) -> None:
        with self.index_connection() as connection:
            numbers = self._insert(connection, rows)
            told = [f"{event.run_id}_{number}" for event, number in zip(events, numbers, strict=True)]
            connection.execute(_NOTIFY, {"channel": CHANNEL_NAME, "told": told})
            self._store_beside(connection, events, rows, numbers)

    def _store_assets(self, connection: Connection, told: Sequence[tuple[EventLogEntry, int]]) -> None:
        """What is left when each event has changed the row of its asset, in the order of the assets: processes that
        write the same ones at the same time then wait for each other, never both.
        """
        has_columns = self.has_secondary_index(ASSET_KEY_INDEX_COLS)
        known: dict[str, dict[str, Any]] = {}
        for event, number in told:
            asset = event.get_dagster_event().asset_key
            if asset is not None:
                changed = self._get_asset_entry_values(event, number, has_columns)
                known.setdefault(asset.to_string(), {}).update(changed)
        insert = postgresql.insert(AssetKeyTable)
        for columns, rows in groupby(sorted(known.items()), key=lambda row: sorted(row[1])):
            changes = {column: insert.excluded[column] for column in columns}
            stored = (
                insert.on_conflict_do_update(index_elements=[AssetKeyTable.c.asset_key], set_=changes)
                if changes
                else insert.on_conflict_do_nothing()
            )
            connection.execute(stored, [{"asset_key": asset} | values for asset, values in rows])

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._lock:  # not as long as it is used: every reader has a connection of its own
            joined = self._joined(_DATABASE)
            if joined is None:
                self._store_waiting()
        if joined is not None:
            yield joined
            return
        with super()._connect() as connection:
            yield connection

    @contextmanager
    def _transaction(self, _database: str) -> Iterator[Connection]:
        with super()._connect() as connection:
            within = connection.execution_options(
                isolation_level="READ COMMITTED"
            )  # Dagster's engine commits by itself
            with within.begin():
                yield within
