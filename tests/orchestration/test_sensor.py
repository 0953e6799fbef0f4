"""The landing sensor: one run for all that is new and complete, none for what is known."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines.landing.catalogue import LandingError, fingerprint, scan
from pipelines.orchestration import automation
from pipelines.orchestration.automation import evaluate, make_landing_sensor, pipeline_job
from pipelines.orchestration.resources import WarehouseRun
from pipelines.settings import Settings
from pipelines.warehouse.build import abandon, begin_build
from pipelines.warehouse.intake import KnownContent

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
OLD = NOW - timedelta(hours=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path, quiet_seconds=5)
    settings.landing_dir.mkdir()
    return settings


def drop(settings: Settings, name: str, text: str = "{}", at: datetime = OLD) -> Path:
    """A file in landing, last written at that moment."""
    path = settings.landing_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def tick(settings: Settings, cursor: str | None = None, known: KnownContent | None = None) -> dg.SensorResult:
    result = evaluate(settings, known or KnownContent(), cursor, NOW)
    assert isinstance(result, dg.SensorResult)
    return result


def requests(result: dg.SensorResult) -> list[dg.RunRequest]:
    return list(result.run_requests or [])


def reason(result: dg.SensorResult) -> str:
    assert isinstance(result.skip_reason, dg.SkipReason)
    return result.skip_reason.skip_message or ""


def known_of(settings: Settings) -> KnownContent:
    """As if everything in landing had been read."""
    files = scan(settings.landing_dir).files
    return KnownContent(
        stats=frozenset((f.relative_path, f.bytes, f.modified_at.replace(tzinfo=None)) for f in files),
        sha256=frozenset(fingerprint(f) for f in files),
        sizes=frozenset(f.bytes for f in files),
    )


def test_new_file_starts_one_run_and_the_same_file_none(settings: Settings) -> None:
    drop(settings, "a.json")
    first = tick(settings)
    assert len(requests(first)) == 1
    again = tick(settings, first.cursor)
    assert requests(again) == []
    assert reason(again) == "nothing new since the last tick"
    after = tick(settings, first.cursor, known_of(settings))
    assert requests(after) == []
    assert reason(after) == "nothing new in landing"


def test_many_new_files_are_one_run(settings: Settings) -> None:
    for number in range(50):
        drop(settings, f"sub/{number}.json", str(number))
    (request,) = requests(tick(settings))
    assert request.tags["trialmart/new_files"] == "50"


def test_run_key_is_made_of_content_alone(settings: Settings, tmp_path: Path) -> None:
    """The same two contents under other names and times have the same key, so Dagster refuses the second run."""
    drop(settings, "a.json", "1")
    drop(settings, "b.json", "2")
    other = Settings(home=tmp_path / "other", quiet_seconds=5)
    drop(other, "x/z.json", "1", OLD - timedelta(days=3))
    drop(other, "q.json", "2")
    drop(other, "again.json", "2")
    (one,), (two,) = requests(tick(settings)), requests(tick(other))
    assert one.run_key == two.run_key
    drop(other, "new.json", "3")
    assert requests(tick(other))[0].run_key != one.run_key


def test_known_content_under_a_new_name_starts_nothing(settings: Settings) -> None:
    drop(settings, "a.json", "same")
    known = known_of(settings)
    drop(settings, "copy.json", "same")
    result = tick(settings, None, known)
    assert requests(result) == []
    assert "their content is known" in reason(result)
    assert reason(tick(settings, result.cursor, known)) == "nothing new since the last tick"


@pytest.mark.parametrize("name", ["a.json.part", "b.tmp", ".hidden.json", ".partial/c.json"])
def test_names_that_are_not_ready_are_not_seen(settings: Settings, name: str) -> None:
    drop(settings, name)
    assert reason(tick(settings)) == "nothing new in landing"


def test_file_being_written_waits_until_it_stands_still(settings: Settings) -> None:
    """It grows between ticks, then stays: two ticks with the same size and time make it complete."""
    drop(settings, "big.json", "1", NOW - timedelta(seconds=1))
    first = tick(settings)
    assert reason(first) == "1 files are still being written"
    drop(settings, "big.json", "12", NOW - timedelta(seconds=0.5))
    second = tick(settings, first.cursor)
    assert requests(second) == []
    third = tick(settings, second.cursor)
    assert len(requests(third)) == 1


def test_clock_ahead_does_not_hide_a_file_for_ever(settings: Settings) -> None:
    """A file server's clock may run ahead: the file is taken once it stands still, whatever its time says."""
    drop(settings, "future.json", "1", NOW + timedelta(days=2))
    first = tick(settings)
    assert requests(first) == []
    assert len(requests(tick(settings, first.cursor))) == 1


def test_complete_files_do_not_wait_for_others(settings: Settings) -> None:
    drop(settings, "done.json", "1")
    drop(settings, "coming.json", "2", NOW)
    result = tick(settings)
    assert len(requests(result)) == 1
    assert list(json.loads(result.cursor or "")["waiting"]) == ["coming.json"]


def test_new_fault_starts_a_run_once(settings: Settings) -> None:
    """A symbolic link must end in the quarantine, which only a run can do; after that it is known."""
    (settings.landing_dir / "link.json").symlink_to("/nowhere")
    first = tick(settings)
    assert len(requests(first)) == 1
    assert requests(tick(settings, first.cursor)) == []
    noted = KnownContent(unreadable=frozenset({"link.json"}))
    assert reason(tick(settings, None, noted)) == "nothing new in landing"


def test_ten_thousand_files_are_one_run_within_a_tick(settings: Settings) -> None:
    settings.landing_dir.joinpath("many").mkdir()
    for number in range(10_000):
        path = settings.landing_dir / "many" / f"{number}.json"
        path.write_bytes(b"%d" % number)
        os.utime(path, (OLD.timestamp(), OLD.timestamp()))
    started = time.monotonic()
    result = tick(settings)
    seconds = time.monotonic() - started
    assert len(requests(result)) == 1
    assert len(result.cursor or "") < 1000, "the cursor does not grow with the files"
    assert seconds < 20, "a tick may take 60 s"
    known = known_of(settings)
    assert reason(tick(settings, result.cursor, known)) == "nothing new in landing"


def test_cursor_is_bounded_while_many_files_are_written(settings: Settings) -> None:
    for number in range(automation.WAITING_REMEMBERED + 100):
        drop(settings, f"{number}.json", str(number), NOW)
    result = tick(settings)
    assert len(json.loads(result.cursor or "")["waiting"]) == automation.WAITING_REMEMBERED


def test_work_of_a_tick_is_bounded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the byte budget a file is named by size and time, not read."""
    read: list[str] = []

    def counting(file: automation.LandingFile) -> str:
        read.append(file.relative_path)
        return fingerprint(file)

    monkeypatch.setattr(automation, "fingerprint", counting)
    monkeypatch.setattr(automation, "HASH_BYTES_PER_TICK", 10)
    drop(settings, "a_small.json", "12345")
    drop(settings, "b_large.json", "x" * 100)
    drop(settings, "c_small.json", "1234")
    assert len(requests(tick(settings))) == 1
    assert read == ["a_small.json", "c_small.json"]


def test_trouble_is_raised_not_skipped(settings: Settings) -> None:
    """A landing folder that cannot be read turns the tick red."""
    settings.landing_dir.rmdir()
    settings.landing_dir.write_text("a file")
    with pytest.raises(LandingError, match="cannot be read"):
        evaluate(settings, KnownContent(), None, NOW)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def evaluate_on(instance: dg.DagsterInstance, settings: Settings, cursor: str | None = None) -> object:
    sensor = make_landing_sensor(WarehouseRun(home=str(settings.home_dir)))
    return sensor(dg.build_sensor_context(instance=instance, cursor=cursor))


def test_sensor_asks_for_the_one_job(instance: dg.DagsterInstance, settings: Settings) -> None:
    drop(settings, "a.json")
    result = evaluate_on(instance, settings)
    assert isinstance(result, dg.SensorResult)
    assert len(requests(result)) == 1
    assert make_landing_sensor(WarehouseRun()).job_name == pipeline_job.name


def test_sensor_waits_while_a_run_writes(instance: dg.DagsterInstance, settings: Settings) -> None:
    drop(settings, "a.json")
    build = begin_build(settings, "other")
    try:
        result = evaluate_on(instance, settings)
    finally:
        abandon(build)
    assert isinstance(result, dg.SkipReason)
    assert "a run is going on" in (result.skip_message or "")


def test_sensor_waits_while_a_run_is_queued(instance: dg.DagsterInstance, settings: Settings) -> None:
    drop(settings, "a.json")

    @dg.op
    def nothing() -> None: ...

    @dg.job(name=pipeline_job.name)
    def queued() -> None:
        nothing()

    instance.create_run_for_job(queued, status=dg.DagsterRunStatus.STARTING)
    result = evaluate_on(instance, settings)
    assert isinstance(result, dg.SkipReason)
    assert "queued" in (result.skip_message or "")


def test_sensor_says_when_there_is_no_landing_yet(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    result = evaluate_on(instance, Settings(home=tmp_path / "fresh"))
    assert isinstance(result, dg.SkipReason)
    assert "does not exist yet" in (result.skip_message or "")


def test_a_tick_closes_a_run_whose_process_is_gone(
    instance: dg.DagsterInstance, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster's own launcher cannot tell that a run's process is gone, so the run kept its slot for ever."""
    monkeypatch.setattr("pipelines.orchestration.instance.SILENCE", timedelta(seconds=-1))

    @dg.op
    def nothing() -> None: ...

    @dg.job(name=pipeline_job.name)
    def lost() -> None:
        nothing()

    run_id = instance.create_run_for_job(lost, status=dg.DagsterRunStatus.STARTED).run_id
    drop(settings, "a.json")
    assert isinstance(evaluate_on(instance, settings), dg.SensorResult)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is dg.DagsterRunStatus.FAILURE
