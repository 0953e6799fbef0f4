"""The Dagster instance of a home: written once, no telemetry, no run that is for ever going on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.orchestration import instance as instance_module
from pipelines.orchestration.instance import RunHistoryError, close_orphans, open_instance, prepare_dagster_home
from pipelines.orchestration.keys import FETCH_JOB, JOB_NAME, REPORT_JOB
from pipelines.settings import Settings
from pipelines.sources.ctgov import fetch_folder
from pipelines.sources.cursor import only_fetcher
from pipelines.warehouse.build import abandon, begin_build
from pipelines.warehouse.lock import acquire_report_lock
from tests.orchestration.aged import begun_long_ago


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "")
    return Settings(home=tmp_path)


def test_instance_is_made_without_telemetry_and_with_one_writer(settings: Settings) -> None:
    with open_instance(settings) as instance:
        assert not instance.telemetry_enabled
        assert instance.run_monitoring_enabled
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
    assert (settings.dagster_home / "dagster.yaml").exists()


def test_settings_a_person_has_edited_stay(settings: Settings) -> None:
    prepare_dagster_home(settings)
    config = settings.dagster_home / "dagster.yaml"
    said = yaml.safe_load(config.read_text())
    said["concurrency"]["runs"]["max_concurrent_runs"] = 3
    config.write_text(yaml.safe_dump(said))
    with open_instance(settings) as instance:
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 3


def started_run(instance: dg.DagsterInstance, job_name: str = JOB_NAME) -> str:
    @dg.op
    def nothing() -> None: ...

    @dg.job(name=job_name)
    def job() -> None:
        nothing()

    return instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED).run_id


def test_run_of_a_killed_process_is_closed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process leaves its run "started"; with one run at a time the queue would wait for it for ever."""
    with open_instance(settings) as instance:
        run_id = started_run(instance)
        assert close_orphans(instance, settings) == [], "it may just be starting"
        monkeypatch.setattr(instance_module, "SILENCE", timedelta(seconds=-1))
        build = begin_build(settings, run_id)
        assert close_orphans(instance, settings) == [], "somebody is writing: it may be this run"
        abandon(build)
        assert close_orphans(instance, settings) == [run_id]
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.status is dg.DagsterRunStatus.FAILURE


def test_run_that_has_released_its_lock_and_still_tells_of_itself_is_no_orphan(settings: Settings) -> None:
    """Between the end of the last step and "success" a run holds no lock. On PostgreSQL that took seconds; the sensor
    looked just then, called the run failed, and the daemon made all of it once more."""
    with open_instance(settings) as instance:
        telling, silent = (begun_long_ago(instance, started_run(instance)) for _ in range(2))
        (run,) = instance.get_runs(dg.RunsFilter(run_ids=[telling]))
        instance.report_engine_event("Finished steps in process", run)
        assert close_orphans(instance, settings) == [silent]


def test_killed_report_and_fetch_are_closed_each_by_the_lock_of_its_own_work(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the pipeline's runs were looked at: a killed report or fetch said "started" for ever, and with its slot of
    the one run at a time everything after it waited."""
    monkeypatch.setattr(instance_module, "SILENCE", timedelta(seconds=-1))
    with open_instance(settings) as instance:
        report, fetch = started_run(instance, REPORT_JOB), started_run(instance, FETCH_JOB)
        build = begin_build(settings, "a run of the pipeline")
        writing = acquire_report_lock(settings, report)
        with only_fetcher(fetch_folder(settings)):
            assert close_orphans(instance, settings) == [], "both are at work"
        writing.release()
        assert sorted(close_orphans(instance, settings)) == sorted([report, fetch]), "the pipeline's lock is not theirs"
        abandon(build)
        runs = [instance.get_run_by_id(run_id) for run_id in (report, fetch)]
        assert [run.status for run in runs if run] == [dg.DagsterRunStatus.FAILURE] * 2


@pytest.mark.parametrize("text", ["garbage: [", "no_key_of_dagster: 3"])
def test_a_configuration_that_dagster_refuses_is_named(settings: Settings, text: str) -> None:
    """It is the user's to edit; a slip of theirs gave a traceback, and a page of all keys that Dagster knows."""
    prepare_dagster_home(settings)
    config = settings.dagster_home / "dagster.yaml"
    config.write_text(text)
    with pytest.raises(RunHistoryError, match="Correct it, or move it away") as told:
        open_instance(settings)
    assert str(config) in str(told.value)
    assert len(str(told.value)) < 1000
    assert config.read_text() == text


def test_an_empty_configuration_is_written_again(settings: Settings) -> None:
    """A full disk left it empty, and Dagster then went by its own defaults: telemetry, other logs."""
    settings.dagster_home.mkdir(parents=True)
    (settings.dagster_home / "dagster.yaml").touch()
    with open_instance(settings) as instance:
        assert not instance.telemetry_enabled
