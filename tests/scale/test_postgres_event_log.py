"""The event log in PostgreSQL that stores many events together: as Dagster's own in all but the time it takes."""

# no `from __future__ import annotations`: Dagster 1.13 reads annotations as types (2026-11)

import multiprocessing
import select
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import dagster as dg
import psycopg2
import pytest
from dagster._core.definitions.data_version import DATA_VERSION_TAG
from dagster._core.definitions.freshness import FreshnessState, FreshnessStateChange
from dagster._core.storage.event_log.base import EventLogStorage

from tests.orchestration.told import both, told_by_runs
from tests.scale import servers

servers.needs("dagster_postgres")

from dagster_postgres.event_log import PostgresEventLogStorage  # noqa: E402

from pipelines.orchestration.postgres_event_log import PostgresEventLog  # noqa: E402

WHEN_WRITTEN = {"create_timestamp", "update_timestamp", "assigned_timestamp", "migration_completed"}
WHEN_WIPED = {"wipe_timestamp", "asset_details"}
NUMBERED_ANYHOW = {"asset_keys": {"id"}}
"""Of what is known of an asset the number is nobody's: an upsert takes one and mostly throws it away."""

RUN = "5e1f0000-0000-4000-8000-000000000001"

Store = Callable[[EventLogStorage, Sequence[dg.EventLogEntry]], None]
_number = count()


@pytest.fixture(scope="module")
def told() -> list[list[dg.EventLogEntry]]:
    return told_by_runs()


def database(postgres: servers.Postgres) -> str:
    """The URL of a new one."""
    name = f"event_log_{next(_number)}"
    postgres.create(name)
    return postgres.url(name)


def connect(url: str) -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    connection.autocommit = True
    return connection


def rows_of(url: str) -> dict[str, list[dict[str, object]]]:
    """All rows of all tables, but for when they were written or wiped."""
    found: dict[str, list[dict[str, object]]] = {}
    with connect(url).cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column.name for column in cursor.description or ()]
            left_out = WHEN_WRITTEN | WHEN_WIPED | NUMBERED_ANYHOW.get(table, set())
            kept = [name for name in names if name not in left_out]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            found[table] = sorted(({name: row[name] for name in kept} for row in rows), key=repr)
    return found


def one_by_one(storage: EventLogStorage, events: Sequence[dg.EventLogEntry]) -> None:
    for event in events:
        storage.store_event(event)


def together(storage: EventLogStorage, events: Sequence[dg.EventLogEntry]) -> None:
    storage.store_event_batch(events)


def halves(storage: EventLogStorage, events: Sequence[dg.EventLogEntry]) -> None:
    """What is planned in a batch, the rest as a step yields it."""
    planned = [event for event in events if is_planned(event)]
    storage.store_event_batch(planned)
    one_by_one(storage, [event for event in events if not is_planned(event)])


def is_planned(event: dg.EventLogEntry) -> bool:
    return event.is_dagster_event and event.get_dagster_event().event_type_value.endswith("_PLANNED")


def in_the_order_stored(store: Store, events: Sequence[dg.EventLogEntry]) -> list[dg.EventLogEntry]:
    """So that Dagster's class, one by one, gives the same numbers."""
    return sorted(events, key=lambda event: not is_planned(event)) if store is halves else list(events)


@pytest.mark.parametrize("store", [one_by_one, together, halves])
def test_every_row_is_the_one_that_dagster_leaves(
    postgres: servers.Postgres, told: list[list[dg.EventLogEntry]], store: Store
) -> None:
    """And every notification is sent, though no listener of Dagster's is left since 1.1."""
    ours, plain = database(postgres), database(postgres)
    rows, heard = [], []
    for url, storage, stored in ((ours, PostgresEventLog(ours), store), (plain, PostgresEventLogStorage(plain), None)):
        listener = connect(url)
        listener.cursor().execute("LISTEN run_events")
        for events in told:
            (stored or one_by_one)(storage, in_the_order_stored(store, events))
        storage.dispose()
        rows.append(rows_of(url))
        heard.append(notifications(listener))
    assert rows[0] == rows[1]
    assert heard[0] == heard[1]
    assert len(heard[0]) == len(rows[0]["event_logs"]) == sum(len(events) for events in told)
    checks = rows[0]["asset_check_executions"]
    assert {check["execution_status"] for check in checks} == {"PLANNED", "SUCCEEDED", "FAILED"}
    assert len(checks) == 5 + 5 + 1 + 4
    assert {tag["key"] for tag in rows[0]["asset_event_tags"]} == {DATA_VERSION_TAG}
    assert {asset["asset_key"] for asset in rows[0]["asset_keys"]} >= {'["first"]', '["only_seen"]', '["never_made"]'}


def notifications(listener: "psycopg2.extensions.connection") -> list[str]:
    while select.select([listener], [], [], 0.5)[0]:
        listener.poll()
    return [notify.payload for notify in listener.notifies]


@pytest.mark.parametrize(
    ("planner", "runner"), [(PostgresEventLog, PostgresEventLogStorage), (PostgresEventLogStorage, PostgresEventLog)]
)
def test_either_class_goes_on_where_the_other_was(
    postgres: servers.Postgres,
    told: list[list[dg.EventLogEntry]],
    planner: type[PostgresEventLogStorage],
    runner: type[PostgresEventLogStorage],
) -> None:
    """A deployment that is brought up to date has processes of both for a while, and Dagster's rows for ever."""
    mixed, plain = database(postgres), database(postgres)
    plans, runs, alone = planner(mixed), runner(mixed), PostgresEventLogStorage(plain)
    for events in told:
        planned = [event for event in events if is_planned(event)]
        rest = [event for event in events if not is_planned(event)]
        plans.store_event_batch(planned)
        one_by_one(runs, rest)
        one_by_one(alone, [*planned, *rest])
    read = [storage.get_logs_for_run(told[0][0].run_id) for storage in (plans, runs, alone)]
    assert read[0] == read[1] == read[2]
    runs.dispose()
    assert rows_of(mixed) == rows_of(plain)


def test_the_rest_of_the_log_is_dagsters(postgres: servers.Postgres, told: list[list[dg.EventLogEntry]]) -> None:
    """Pools, dynamic partitions, events of no run, wiping, deleting: over the same connections, with events waiting."""
    key = dg.AssetKey("first")
    left = []
    for kind in (PostgresEventLog, PostgresEventLogStorage):
        url = database(postgres)
        storage = kind(url)
        one_by_one(storage, told[0])
        storage.set_concurrency_slots("warehouse_writer", 1)
        assert storage.claim_concurrency_slot("warehouse_writer", told[0][0].run_id, "both").is_claimed
        assert not storage.claim_concurrency_slot("warehouse_writer", told[1][0].run_id, "both").is_claimed
        storage.add_dynamic_partitions("days", ["monday", "tuesday"])
        storage.add_dynamic_partitions("days", ["monday"])
        one_by_one(storage, told[1][:-1])
        assert storage.get_latest_materialization_events([key])[key] is not None
        storage.free_concurrency_slots_for_run(told[0][0].run_id)
        storage.delete_events(told[0][0].run_id)
        storage.wipe_asset(dg.AssetKey("second"))
        storage.optimize_for_webserver(statement_timeout=5000, pool_recycle=60, max_overflow=3)
        one_by_one(storage, told[2])
        storage.dispose()
        left.append(rows_of(url))
    assert left[0] == left[1]
    assert left[0]["concurrency_slots"]
    assert len(left[0]["dynamic_partitions"]) == 2


def test_what_is_told_without_a_run_is_stored_at_once(postgres: servers.Postgres, tmp_path: Path) -> None:
    left = []
    for kind in (PostgresEventLog, PostgresEventLogStorage):
        url = database(postgres)
        with open_instance(tmp_path / kind.__name__, kind, url) as instance:
            instance.report_runless_asset_event(dg.AssetMaterialization("first"))
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(asset_key=dg.AssetKey("first"), check_name="holds", passed=True)
            )
            instance.report_runless_asset_event(
                FreshnessStateChange(
                    key=dg.AssetKey("aged"),
                    new_state=FreshnessState.FAIL,
                    previous_state=FreshnessState.PASS,
                    state_change_timestamp=1.0,
                )
            )
            left.append({table: len(rows) for table, rows in rows_of(url).items()})
    assert left[0] == left[1]
    assert (left[0]["asset_check_executions"], left[0]["asset_keys"]) == (1, 2)


def open_instance(folder: Path, kind: type[PostgresEventLogStorage], url: str) -> dg.DagsterInstance:
    """An instance whose log is of this class, its runs in SQLite."""
    folder.mkdir()
    said = (
        f"event_log_storage: {{module: {kind.__module__}, class: {kind.__name__}, config: {{postgres_url: '{url}'}}}}"
    )
    (folder / "dagster.yaml").write_text(f"{said}\ntelemetry: {{enabled: false}}\n")
    return dg.DagsterInstance.from_config(str(folder))


def test_who_watches_a_run_sees_all_of_it(
    postgres: servers.Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The web server watches over its own connection what another process writes."""
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "10000")
    url = database(postgres)
    watching, seen = PostgresEventLog(url), []
    with open_instance(tmp_path / "home", PostgresEventLog, url) as instance:
        assert isinstance(instance.event_log_storage, PostgresEventLog)
        watching.watch(RUN, None, lambda event, _cursor: seen.append(event))
        job = dg.Definitions(assets=[both], jobs=[dg.define_asset_job("made")]).resolve_job_def("made")
        job.execute_in_process(instance=instance, run_id=RUN)
        told = instance.event_log_storage.get_logs_for_run(RUN)
    servers.wait_for(lambda: len(seen) >= len(told), "the watcher to see every event", 60)
    assert seen == list(told)
    watching.dispose()


def test_all_of_what_is_planned_is_stored_or_nothing(
    postgres: servers.Postgres, told: list[list[dg.EventLogEntry]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database(postgres)
    storage = PostgresEventLog(url)

    def refuse(*_given: object) -> None:
        raise ConnectionError("gone in between")

    with monkeypatch.context() as patch:
        patch.setattr(PostgresEventLog, "_store_assets", refuse)
        with pytest.raises(ConnectionError):
            storage.store_event_batch(told[0])
    assert not rows_of(url)["event_logs"]
    storage.store_event_batch(told[0])
    assert len(rows_of(url)["event_logs"]) == len(told[0])


def _write(url: str, number: int, begin: "multiprocessing.synchronize.Event", batches: int, assets: int) -> None:
    """A process that plans runs of the same assets, every second one from the last to the first."""
    storage = PostgresEventLog(url)
    begin.wait()
    for batch in range(batches):
        names = [f"asset{place:03}" for place in range(assets)]
        run_id = f"run{number}_{batch}"
        events = [planned(run_id, name) for name in (names if number % 2 else reversed(names))]
        storage.store_event_batch(events)


def planned(run_id: str, asset: str) -> dg.EventLogEntry:
    event = dg.DagsterEvent(
        event_type_value="ASSET_MATERIALIZATION_PLANNED",
        job_name="job",
        event_specific_data=dg._core.events.AssetMaterializationPlannedData(dg.AssetKey(asset)),
    )
    return dg.EventLogEntry(
        error_info=None, level=20, user_message="", run_id=run_id, timestamp=time.time(), dagster_event=event
    )


def test_processes_that_write_the_same_assets_do_not_wait_for_each_other_for_ever(postgres: servers.Postgres) -> None:
    """In the order of their events two of them deadlocked within seconds, and PostgreSQL refused one."""
    url = database(postgres)
    PostgresEventLog(url)
    context = multiprocessing.get_context("spawn")
    begin = context.Event()
    writers = [context.Process(target=_write, args=(url, number, begin, 20, 300)) for number in range(4)]
    for writer in writers:
        writer.start()
    time.sleep(1)
    begin.set()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * 4
    rows = rows_of(url)
    assert len(rows["event_logs"]) == 4 * 20 * 300
    assert len(rows["asset_keys"]) == 300
