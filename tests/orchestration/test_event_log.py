"""The event log with its files kept open: as Dagster's own in everything but the time it takes."""

# no `from __future__ import annotations`: Dagster 1.13 reads annotations as types (2026-11)

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import pytest
from dagster._check import CheckError
from dagster._core.storage.event_log.base import EventLogStorage
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage

from pipelines.orchestration import batched_log, event_log
from pipelines.orchestration.event_log import KeptOpenEventLog
from pipelines.orchestration.instance import open_instance
from pipelines.settings import Settings
from tests.orchestration.told import told_by_runs


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DAGSTER_HOME", "")
    return Settings(home=tmp_path)


@dg.asset(check_specs=[dg.AssetCheckSpec("is_there", asset="thing")])
def thing():  # type: ignore[no-untyped-def]
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(check_name="is_there", passed=True)])


def run_once(instance: dg.DagsterInstance) -> str:
    return dg.materialize([thing], instance=instance).run_id


def events_of(storage: EventLogStorage, run_id: str) -> list[str]:
    return [entry.get_dagster_event().event_type_value for entry in storage.get_logs_for_run(run_id)
            if entry.is_dagster_event]  # fmt: skip


def test_home_uses_it_and_dagsters_own_class_reads_the_same(settings: Settings) -> None:
    with open_instance(settings) as instance:
        assert isinstance(instance.event_log_storage, KeptOpenEventLog)
        run_id = run_once(instance)
        written = events_of(instance.event_log_storage, run_id)
    folder = settings.dagster_home / "history" / "runs"
    plain = SqliteEventLogStorage(str(folder))
    assert events_of(plain, run_id) == written
    assert "ASSET_CHECK_EVALUATION" in written
    assert plain.get_latest_materialization_events([thing.key])[thing.key] is not None


def test_reads_what_dagsters_own_class_wrote(settings: Settings, tmp_path: Path) -> None:
    """Homes made before 2026-11-21 have Dagster's class in their dagster.yaml, or none."""
    folder = tmp_path / "dagster"
    folder.mkdir()
    (folder / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        run_id = run_once(instance)
        written = events_of(instance.event_log_storage, run_id)
    assert events_of(KeptOpenEventLog(str(folder / "history" / "runs")), run_id) == written != []


def test_few_files_stay_open(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "OPEN_SHARDS", 2)
    with open_instance(settings) as instance:
        storage = instance.event_log_storage
        assert isinstance(storage, KeptOpenEventLog)
        runs = [run_once(instance) for _ in range(3)]
        assert all(events_of(storage, run_id) for run_id in runs)
        assert len(storage._engines) == 2
    assert not storage._engines, "the instance has been closed"


def test_log_that_was_wiped_is_begun_anew(settings: Settings) -> None:
    with open_instance(settings) as instance:
        first = run_once(instance)
        shutil.rmtree(settings.dagster_home / "history" / "runs")
        (settings.dagster_home / "history" / "runs").mkdir()
        second = run_once(instance)
        assert not events_of(instance.event_log_storage, first)
        assert events_of(instance.event_log_storage, second)


def test_instance_is_found_without_the_environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other programs open the instance by its folder; DAGSTER_HOME is then not set."""
    with open_instance(settings) as instance:
        run_id = run_once(instance)
    monkeypatch.delenv("DAGSTER_HOME")
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        assert instance.get_run_by_id(run_id) is not None
        assert instance.get_latest_materialization_event(thing.key) is not None


def test_what_a_run_plans_is_stored_together_or_not_at_all(settings: Settings) -> None:
    with open_instance(settings) as instance:
        storage = instance.event_log_storage
        assert isinstance(storage, KeptOpenEventLog)
        stored = storage.get_logs_for_run(run_once(instance))
        assert "ASSET_CHECK_EVALUATION_PLANNED" in events_of(storage, stored[0].run_id)
        ours = [entry for entry in stored if entry.is_dagster_event and entry.get_dagster_event().is_step_event]
        ours = [entry for entry in ours if entry.get_dagster_event().event_type_value.startswith("STEP_")]
        storage.store_event_batch(ours)
        assert len(storage.get_logs_for_run(stored[0].run_id)) == len(stored) + len(ours)
        with pytest.raises(CheckError):
            storage.store_event_batch([*ours, None])  # type: ignore[list-item]
        assert len(storage.get_logs_for_run(stored[0].run_id)) == len(stored) + len(ours)
        assert events_of(storage, run_once(instance)), "the next ones are stored as ever"


def test_batches_are_asked_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = []
    store = KeptOpenEventLog.store_event_batch

    def watched(log: KeptOpenEventLog, events: Sequence[dg.EventLogEntry]) -> None:
        batches.append(len(events))
        store(log, events)

    monkeypatch.setattr(KeptOpenEventLog, "store_event_batch", watched)
    with open_instance(settings) as instance:
        run_once(instance)
    assert batches == [2], "one asset and its check are planned"


def test_what_a_step_yields_waits_for_its_end_or_a_reader(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    together = []
    store = KeptOpenEventLog._store_together

    def watched(log: KeptOpenEventLog, events: Sequence[dg.EventLogEntry]) -> None:
        together.append([entry.get_dagster_event().event_type_value for entry in events if entry.is_dagster_event])
        store(log, events)

    monkeypatch.setattr(KeptOpenEventLog, "_store_together", watched)
    with open_instance(settings) as instance:
        storage = instance.event_log_storage
        assert isinstance(storage, KeptOpenEventLog)
        run_id = run_once(instance)
        assert any({"ASSET_CHECK_EVALUATION", "STEP_OUTPUT"} <= set(kinds) for kinds in together)
        yielded = [
            entry
            for entry in storage.get_logs_for_run(run_id)
            if entry.is_dagster_event and entry.get_dagster_event().event_type_value == "STEP_OUTPUT"
        ]
        before = len(storage.get_logs_for_run(run_id))
        storage.store_event(yielded[0])
        assert len(storage._waiting) == 1
        assert len(storage.get_logs_for_run(run_id)) == before + 1, "whoever reads sees all"
        storage.store_event(yielded[0])
    with open_instance(settings) as instance:
        assert len(instance.event_log_storage.get_logs_for_run(run_id)) == before + 2, "closed, it has stored all"


def test_few_wait(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batched_log, "MOST_WAITING", 3)
    with open_instance(settings) as instance:
        storage = instance.event_log_storage
        assert isinstance(storage, KeptOpenEventLog)
        logs = [entry for entry in storage.get_logs_for_run(run_once(instance)) if entry.is_dagster_event]
        outputs = [entry for entry in logs if entry.get_dagster_event().event_type_value == "STEP_OUTPUT"]
        for waiting in (1, 2, 0, 1):
            storage.store_event(outputs[0])
            assert len(storage._waiting) == waiting


def test_what_is_reported_without_a_run_waits_for_nothing(settings: Settings) -> None:
    with open_instance(settings) as instance:
        storage = instance.event_log_storage
        assert isinstance(storage, KeptOpenEventLog)
        instance.report_runless_asset_event(dg.AssetMaterialization(thing.key))
        assert not storage._waiting
        assert instance.get_latest_materialization_event(thing.key) is not None


def rows_of(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables of the log, but for when SQLite wrote them."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for path in sorted(folder.glob("*.db")):
        with sqlite3.connect(path) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            for (table,) in tables:
                names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                columns = ", ".join(
                    f'"{name}"' for name in names if name not in ("create_timestamp", "migration_completed")
                )
                found[f"{path.name} {table}"] = connection.execute(
                    f"SELECT {columns} FROM {table} ORDER BY 1"
                ).fetchall()
    return found


def test_events_stored_together_leave_the_rows_that_dagster_leaves_one_by_one(tmp_path: Path) -> None:
    """Each run twice: a check evaluated again has one row; what was not planned is left to Dagster, which adds one."""
    ours, plain = KeptOpenEventLog(str(tmp_path / "ours")), SqliteEventLogStorage(str(tmp_path / "plain"))
    for events in told_by_runs():
        ours.store_event_batch(events)
        for event in events:
            plain.store_event(event)
    ours.dispose()
    rows = rows_of(tmp_path / "plain")
    assert rows_of(tmp_path / "ours") == rows
    checks = rows["index.db asset_check_executions"]
    assert {check[5] for check in checks} == {"PLANNED", "SUCCEEDED", "FAILED"}
    assert len(checks) == 5 + 5 + 1 + 4


def test_temporary_tables_need_no_room_in_tmp(tmp_path: Path) -> None:
    """SQLite puts them into the folder for temporary files: where /tmp was full, a run in a home with a history ended
    with "Free some space, or move TRIALMART_HOME to a larger disk"."""
    log = KeptOpenEventLog(str(tmp_path))
    with log.run_connection("some-run") as connection:
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2, "2 is MEMORY"
    log.dispose()
