"""The Dagster instance of a home: written once, no telemetry, no run that is for ever going on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.orchestration import instance as instance_module
from pipelines.orchestration.instance import close_orphans, open_instance, prepare_dagster_home
from pipelines.orchestration.keys import JOB_NAME
from pipelines.settings import Settings
from pipelines.warehouse.build import abandon, begin_build


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


def started_run(instance: dg.DagsterInstance) -> str:
    @dg.op
    def nothing() -> None: ...

    @dg.job(name=JOB_NAME)
    def job() -> None:
        nothing()

    return instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED).run_id


def test_run_of_a_killed_process_is_closed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process leaves its run "started"; with one run at a time the queue would wait for it for ever."""
    with open_instance(settings) as instance:
        run_id = started_run(instance)
        assert close_orphans(instance, settings) == [], "it may just be starting"
        monkeypatch.setattr(instance_module, "START_UP", timedelta(seconds=-1))
        build = begin_build(settings, run_id)
        assert close_orphans(instance, settings) == [], "somebody is writing: it may be this run"
        abandon(build)
        assert close_orphans(instance, settings) == [run_id]
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.status is dg.DagsterRunStatus.FAILURE
