"""Dagster's event log in SQLite, without opening and closing its files for every event.

Belongs here: one class, named in dagster.yaml. Does not: what is logged, or any reading of it.

Dagster's own class opens a connection for each event and closes it again; closing the last connection of a SQLite file
with a write-ahead log copies the log into the file and waits for the disk. A run of some 60 assets and 600 checks has
3,500 such moments. Measured 2026-11 with 150 checks on dagster 1.13: 3.4 s with Dagster's class, 0.9 s with this one.
It also asks for each event of an asset, with a new connection, which tables there are; and what a run plans, a thousand
events in a batch, it writes one by one; so it does with what a step yields. Everything else is Dagster's, files and
tables included: either class reads what the other wrote.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster import DagsterEventType, EventLogEntry, Field, StringSource
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listens_for

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


def _is_of_a_burst(event: EventLogEntry) -> bool:
    """Whether it comes from a step, whose end is still to come; what a person or a sensor reports does not."""
    return event.is_dagster_event and event.step_key is not None and event.dagster_event_type in _BURST


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
        self._tables_there: set[str] = set()
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
        """Whether the index has the table; one that was there is there as long as the file."""
        if table_name not in self._tables_there:
            if not super().has_table(table_name):
                return False
            self._tables_there.add(table_name)
        return True

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
                for event in events:
                    super().store_event(event)
            finally:
                self._batch = None

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
            self._tables_there.clear()
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
