"""What the event logs in SQLite and in PostgreSQL have in common: events that are stored together.

Belongs here: which events wait for the next ones, and storing many of them by one statement for each table. Does not:
connections and transactions, which differ (event_log.py, postgres_event_log.py); checks (check_log.py).

Dagster's own classes store one event after the other: in a statement, or several, over a connection for each, and they
ask again with each which tables, columns and migrations there are. A run with 337 assets and 789 checks plans 1,126
events and yields 2,433 more (2026-11).
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import Any

from dagster import DagsterEventType, EventLogEntry
from dagster import _check as check
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from sqlalchemy import Connection

from pipelines.orchestration.check_log import CheckEvent, store_checks

MOST_WAITING = 500
"""Events that wait to be stored together."""

_BURST = frozenset(
    {
        DagsterEventType.STEP_OUTPUT,
        DagsterEventType.ASSET_MATERIALIZATION,
        DagsterEventType.ASSET_CHECK_EVALUATION,
    }
)
"""What a step yields one after the other; its end is an event of another type."""


def type_of(event: EventLogEntry) -> DagsterEventType | None:
    """None for a line of the log that is no event of Dagster's."""
    return event.dagster_event_type if event.is_dagster_event else None


def _is_of_a_burst(event: EventLogEntry) -> bool:
    """Whether it comes from a step, whose end is still to come; what a person or a sensor reports does not."""
    return event.step_key is not None and type_of(event) in _BURST


@dataclass(frozen=True, slots=True)
class _Batch:
    """The transactions that are open while events are stored together, and their connections by database."""

    transactions: ExitStack
    connections: dict[str, Connection] = field(default_factory=dict)


class BatchedEventLog(SqlEventLogStorage):
    """Stands before one of Dagster's own classes, whose tables it writes: either reads what the other wrote."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """As Dagster's class behind it."""
        self._lock = threading.RLock()  # who stores events together holds it while they take it
        self._found_there: set[str] = set()
        self._batch: _Batch | None = None
        self._waiting: list[EventLogEntry] = []
        super().__init__(*given, **named)  # type: ignore[no-untyped-call]

    def has_table(self, table_name: str) -> bool:
        """Whether the log has the table."""
        ask: Callable[[str], bool] = super().has_table  # type: ignore[safe-super] # of the class behind it
        return self._stays_true(f"table {table_name}", lambda: ask(table_name))

    def has_secondary_index(self, name: str) -> bool:
        """Whether that migration of the log is done."""
        ask = super().has_secondary_index
        return self._stays_true(f"index {name}", lambda: ask(name))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        ask = super()._has_asset_key_col_on_connection
        return self._stays_true(f"column {column_name}", lambda: ask(conn, column_name))

    def has_asset_key_col(self, column_name: str) -> bool:
        """Whether the log's table of assets has the column."""
        ask = super().has_asset_key_col
        return self._stays_true(f"column {column_name}", lambda: ask(column_name))

    def _stays_true(self, asked: str, ask: Callable[[], bool]) -> bool:
        """What Dagster asks again and again, with every event: once true, it is so as long as the database."""
        if asked not in self._found_there and ask():
            self._found_there.add(asked)
        return asked in self._found_there

    def store_event(self, event: EventLogEntry) -> None:
        """Store the event, at once or with the next ones of its step: what a step yields comes in a burst, and what
        follows it (the step's end at the latest) stores all of it in one transaction, as any reading does.
        """
        with self._lock:
            self._waiting.append(event)
            if not _is_of_a_burst(event) or len(self._waiting) >= MOST_WAITING:
                self._store_waiting()

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store the events in one transaction for each database, all or none. Dagster calls it for what a run plans,
        where DAGSTER_EVENT_BATCH_SIZE asks for batches; it stores them singly where this raises.
        """
        with self._lock:
            self._store_waiting()
            self._store_together(events)

    def _store_waiting(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._store_together(waiting)

    def _store_together(self, events: Sequence[EventLogEntry]) -> None:
        check.sequence_param(events, "events", of_type=EventLogEntry)
        if not events:
            return
        with ExitStack() as transactions:
            self._batch = _Batch(transactions)
            try:
                self._store_rows(events, [self._event_to_row(event) for event in events])
            finally:
                self._batch = None

    def _joined(self, database: str) -> Connection | None:
        """The connection of the events that are being stored together, None while there are none. Hold the lock."""
        if self._batch is None:
            return None
        connections = self._batch.connections
        if database not in connections:
            connections[database] = self._batch.transactions.enter_context(self._transaction(database))
        return connections[database]

    @abstractmethod
    def _transaction(self, database: str) -> AbstractContextManager[Connection]:
        """A connection in a transaction, which ends with the context."""

    @abstractmethod
    def _store_rows(self, events: Sequence[EventLogEntry], rows: Sequence[Mapping[str, Any]]) -> None:
        """Store the events, each with its row, and what hangs on them."""

    def _insert(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """The numbers that the database gave the rows, in their order."""
        insert = SqlEventLogStorageTable.insert().returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
        return connection.scalars(insert, rows).all()

    def _store_beside(
        self,
        connection: Connection,
        events: Sequence[EventLogEntry],
        rows: Sequence[Mapping[str, Any]],
        numbers: Sequence[int],
    ) -> None:
        """What Dagster keeps of assets and checks beside their events."""
        told = list(zip(events, rows, numbers, strict=True))
        assets = [(event, number) for event, _, number in told if type_of(event) in ASSET_EVENTS]
        if assets:
            self._store_asset_event_tags(connection, *zip(*assets, strict=True))
            self._store_assets(connection, assets)
        checks = [CheckEvent(*each) for each in told if type_of(each[0]) in ASSET_CHECK_EVENTS]
        for alone in store_checks(connection, checks):
            self.store_asset_check_event(alone.event, alone.number)

    def _store_assets(self, connection: Connection, told: Sequence[tuple[EventLogEntry, int]]) -> None:
        """What is known last of each asset."""
        for event, number in told:
            self._store_asset_event(connection, event, number)

    def dispose(self) -> None:
        """Store what waits, and let go of what is held."""
        with self._lock:
            self._store_waiting()
        super().dispose()
