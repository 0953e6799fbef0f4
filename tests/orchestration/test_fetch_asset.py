"""Fetching from Dagster and from the command line: the same plain function, against a server on loopback."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipelines.orchestration.assemble import build_definitions
from pipelines.orchestration.fetch_asset import CTGOV_FETCH, ON_WEEKDAYS
from pipelines.orchestration.keys import FETCH_JOB, JOB_NAME
from pipelines.orchestration.resources import WarehouseRun
from tests.pipeline_run import trialmart
from tests.sources.registry_server import Answer, Registry, serving


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("TRIALMART_FETCH_INTERVAL_SECONDS", "0")
    monkeypatch.setenv("TRIALMART_FETCH_ATTEMPTS", "1")
    registry = Registry()
    registry.post("NCT00000001", "2026-11-01")
    return registry


def test_the_asset_says_what_came(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    definitions = build_definitions(run=WarehouseRun(home=str(tmp_path)), models={}, rules=())
    with serving(registry) as base_url, dg.DagsterInstance.ephemeral() as instance:
        monkeypatch.setenv("TRIALMART_CTGOV_BASE_URL", base_url)
        result = definitions.resolve_job_def(FETCH_JOB).execute_in_process(instance=instance)
        (event,) = result.get_asset_materialization_events()
        assert event.asset_key == CTGOV_FETCH
        assert event.materialization.metadata["records"].value == 1
        assert len(list((tmp_path / "landing" / "ctgov").glob("*.zip"))) == 1
        registry.trouble = lambda *_: Answer(503)
        failed = definitions.resolve_job_def(FETCH_JOB).execute_in_process(instance=instance, raise_on_error=False)
        assert not failed.success


def test_the_pipeline_never_fetches() -> None:
    definitions = build_definitions(models={}, rules=())
    keys = definitions.resolve_job_def(JOB_NAME).asset_layer.executable_asset_keys
    assert CTGOV_FETCH not in keys
    assert len(keys) > 50


def test_nothing_is_expected_at_the_weekend() -> None:
    assert ON_WEEKDAYS.deadline_cron == "0 12 * * 1-5"
    schedule = build_definitions(models={}, rules=()).resolve_schedule_def("fetch_on_weekdays")
    assert schedule.cron_schedule == "30 10 * * 1-5"
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED


def test_the_command_fetches_and_says_where(registry: Registry, tmp_path: Path) -> None:
    with serving(registry) as base_url:
        settings = {"TRIALMART_CTGOV_BASE_URL": base_url, "TRIALMART_FETCH_INTERVAL_SECONDS": "0"}
        first = trialmart("fetch", "ctgov", home=tmp_path, **settings)
        again = trialmart("fetch", "ctgov", home=tmp_path, **settings)
    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert "1 study as of 2026-11-20 09:00 UTC landed in" in " ".join(first.stdout.split())
    assert "nothing new" in again.stdout


def test_a_server_that_is_not_there_and_a_registry_without_interface(tmp_path: Path) -> None:
    settings = {"TRIALMART_CTGOV_BASE_URL": "http://127.0.0.1:9/api/v2", "TRIALMART_FETCH_ATTEMPTS": "1"}
    gone = trialmart("fetch", "ctgov", home=tmp_path, **settings)
    assert gone.returncode == 1
    assert "127.0.0.1:9" in gone.stderr
    other = trialmart("fetch", "ictrp", home=tmp_path)
    assert other.returncode == 2
    assert "docs/fetching.md" in " ".join(other.stderr.split())
