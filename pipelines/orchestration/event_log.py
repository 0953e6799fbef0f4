"""Dagster's event log in SQLite, without opening and closing its files for every event.

Belongs here: one class, named in dagster.yaml. Does not: what is logged, or any reading of it.

Dagster's own class opens a connection for each event and closes it again; closing the last connection of a SQLite file
with a write-ahead log copies the log into the file and waits for the disk. A run of some 60 assets and 600 checks has
3,500 such moments. Measured 2026-11 with 150 checks on dagster 1.13: 3.4 s with Dagster's class, 0.9 s with this one.
It also asks with each event, over a new connection, which tables, columns and migrations there are, and writes one by
one what a run plans and what a step yields, which is stored together here and in check_log.py: an empty run of 85 steps
went from 24.9 to 20.8 s. Everything else is Dagster's, files and tables included: either class reads what the other
wrote.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster import DagsterEventType, EventLogEntry, Field, StringSource
from dagster import _check as check
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS, EVENT_TYPE_TO_PIPELINE_RUN_STATUS
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listens_for

from pipelines.orchestration.check_log import CheckEvent, store_checks

BUSY_TIMEOUT_SECONDS = 60
"""How long to wait for another process that writes the same file."""

OPEN_SHARDS = 8
"""Files kept open: the index and the runs of late. The web server looks at many runs, and each would keep a file."""

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


_MIRRORED = ASSET_EVENTS | ASSET_CHECK_EVENTS | EVENT_TYPE_TO_PIPELINE_RUN_STATUS.keys()
"""What Dagster keeps in the index of all runs too."""


def _type_of(event: EventLogEntry) -> DagsterEventType | None:
    """None for a line of the log that is no event of Dagster's."""
    return event.dagster_event_type if event.is_dagster_event else None


def _is_of_a_burst(event: EventLogEntry) -> bool:
    """Whether it comes from a step, whose end is still to come; what a person or a sensor reports does not."""
    return event.step_key is not None and _type_of(event) in _BURST


@dataclass(frozen=True, slots=True)
class _Batch:
    """The transactions that are open while events are stored together, and their connections by file."""

    transactions: ExitStack
    connections: dict[str, Connection] = field(default_factory=dict)


class KeptOpenEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log with its connections kept, and commits that wait for the disk at checkpoints only.

    A power cut can lose the last moments of a run's log, never damage it (SQLite's synchronous=NORMAL in WAL mode), and
    a killed process what its step was about to yield; the warehouse itself does not hang on it.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """As Dagster's class: `base_dir` is the folder of the files."""
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._found_there: set[str] = set()
        self._batch: _Batch | None = None
        self._waiting: list[EventLogEntry] = []
        super().__init__(base_dir, inst_data)
        self._db_lock = threading.RLock()  # type: ignore[assignment] # a batch holds it while its events take it

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """`base_dir` counts where DAGSTER_HOME is not set, which trialmart always does: a home may be moved."""
        return {"base_dir": Field(StringSource, is_required=False)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> KeptOpenEventLog:
        """Made by Dagster from dagster.yaml."""
        home = os.environ.get("DAGSTER_HOME")
        folder = str(Path(home) / "history" / "runs") if home else (config_value or {}).get("base_dir")
        if not folder:
            raise ValueError("dagster.yaml: event_log_storage needs base_dir, or DAGSTER_HOME in the environment")
        return cls(folder, inst_data)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has the table."""
        return self._stays_true(f"table {table_name}", lambda: super(KeptOpenEventLog, self).has_table(table_name))

    def has_secondary_index(self, name: str) -> bool:
        """Whether that migration of the index is done."""
        return self._stays_true(f"index {name}", lambda: super(KeptOpenEventLog, self).has_secondary_index(name))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        ask = super()._has_asset_key_col_on_connection
        return self._stays_true(f"column {column_name}", lambda: ask(conn, column_name))

    def has_asset_key_col(self, column_name: str) -> bool:
        """Whether the index's table of assets has the column."""
        return self._stays_true(
            f"column {column_name}", lambda: super(KeptOpenEventLog, self).has_asset_key_col(column_name)
        )

    def _stays_true(self, asked: str, ask: Callable[[], bool]) -> bool:
        """What Dagster asks of the index again and again, with every event: once true, it is so as long as the file."""
        if asked not in self._found_there and ask():
            self._found_there.add(asked)
        return asked in self._found_there

    def store_event(self, event: EventLogEntry) -> None:
        """Store the event, at once or with the next ones of its step: what a step yields comes in a burst, and what
        follows it (the step's end at the latest) stores all of it in one transaction, as any reading does.
        """
        with self._db_lock:
            self._waiting.append(event)
            if not _is_of_a_burst(event) or len(self._waiting) >= MOST_WAITING:
                self._store_waiting()

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store the events in one transaction for each file, all or none. Dagster calls it for what a run plans, where
        DAGSTER_EVENT_BATCH_SIZE (instance.py) asks for batches; it stores them singly where this raises.
        """
        with self._db_lock:
            self._store_waiting()
            self._store_together(events)

    def _store_waiting(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._store_together(waiting)

    def _store_together(self, events: Sequence[EventLogEntry]) -> None:
        with ExitStack() as transactions:
            self._batch = _Batch(transactions)
            try:
                self._store_rows(events)
            finally:
                self._batch = None

    def _store_rows(self, events: Sequence[EventLogEntry]) -> None:
        """As Dagster's store_event does one by one: all of a run into its file; those that other runs ask for into the
        index too, which numbers them.
        """
        check.sequence_param(events, "events", of_type=EventLogEntry)
        rows = [self._event_to_row(event) for event in events]
        for run_id in sorted({event.run_id for event in events}):
            with self.run_connection(run_id) as connection:
                connection.execute(SqlEventLogStorageTable.insert(), [row for row in rows if row["run_id"] == run_id])
        mirrored = [(event, row) for event, row in zip(events, rows, strict=True) if _type_of(event) in _MIRRORED]
        if not mirrored:
            return
        insert = SqlEventLogStorageTable.insert().returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
        with self.index_connection() as connection:
            numbers = connection.scalars(insert, [row for _, row in mirrored]).all()
            checks = []
            for (event, row), number in zip(mirrored, numbers, strict=True):
                if _type_of(event) in ASSET_EVENTS:
                    self._store_asset_event_tags(connection, [event], [number])
                    self._store_asset_event(connection, event, number)
                elif _type_of(event) in ASSET_CHECK_EVENTS:
                    checks.append(CheckEvent(event, row, number))
            for alone in store_checks(connection, checks):
                self.store_asset_check_event(alone.event, alone.number)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if self._batch is not None:
                connections = self._batch.connections
                if shard not in connections:
                    connections[shard] = self._batch.transactions.enter_context(self._transaction(shard))
                yield connections[shard]
                return
            self._store_waiting()
            with self._transaction(shard) as connection:
                yield connection

    @contextmanager
    def _transaction(self, shard: str) -> Iterator[Connection]:
        engine = self._engine(shard)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        with engine.begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None)
        # A folder that was wiped while this process lives: the kept connection would write into a deleted file.
        if engine is not None and not Path(self.path_for_shard(shard)).exists():
            engine.dispose()
            self._initialized_dbs.discard(shard)
            self._found_there.clear()
            engine = None
        if engine is None:
            engine = self._open(shard)
        self._engines[shard] = engine
        if len(self._engines) > OPEN_SHARDS:
            self._engines.popitem(last=False)[1].dispose()
        return engine

    def _open(self, shard: str) -> Engine:
        engine = create_engine(
            self.conn_string_for_shard(shard),
            connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},  # guarded by the lock
        )

        @listens_for(engine, "connect")  # on this engine alone, never on the class
        def wait_for_the_disk_at_checkpoints_only(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=NORMAL")

        return engine

    def dispose(self) -> None:
        """Store what waits, and close the kept connections."""
        with self._db_lock:
            self._store_waiting()
        while self._engines:
            self._engines.popitem()[1].dispose()
        super().dispose()
