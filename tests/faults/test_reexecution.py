"""A run that failed half-way and is executed again from the step that failed, as the button of the Dagster UI does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from expectations import Severity, load_rules
from pipelines.orchestration import model_assets
from pipelines.orchestration.assemble import build_definitions
from pipelines.orchestration.keys import JOB_NAME
from pipelines.orchestration.resources import WarehouseRun
from pipelines.orchestration.watch import Watcher, watching
from pipelines.sample import write_sample
from pipelines.settings import Settings
from pipelines.warehouse.connect import connect_read_only
from tests.faults.small_build import few_models

pytestmark = pytest.mark.slow


def few_job() -> dg.JobDefinition:
    """The job with few models and rules; home and landing come from the environment."""
    rules = [rule for rule in load_rules() if rule.table == "raw.file" and rule.severity is Severity.GATE]
    run = WarehouseRun(wait_seconds=0)
    return build_definitions(models=few_models(), rules=rules, run=run).resolve_job_def(JOB_NAME)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    home = tmp_path / "home"
    monkeypatch.setenv("TRIALMART_HOME", str(home))
    write_sample(3, home / "landing", formats=("ctgov_ndjson",), defects=False)
    return Settings(home=home)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def execute(
    instance: dg.DagsterInstance, options: dg.ReexecutionOptions | None = None
) -> tuple[dg.JobExecutionResult, Watcher]:
    watcher = Watcher()
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with watching(watcher):
        job = dg.reconstructable(few_job)
        result = dg.execute_job(job, instance, quiet, reexecution_options=options, raise_on_error=False)
    return result, watcher


def test_from_failure_says_that_a_build_is_one_unit_and_all_steps_again_end_right(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps that had succeeded filled a build that went with its run. Those executed again began a new one, in
    which the new files were missing, and published it; the sensor took the files for done.
    """
    assert execute(instance)[0].success
    before = settings.warehouse_path.resolve()
    write_sample(5, settings.landing_dir / "more", formats=("ctgov_ndjson",), defects=False, seed=8)
    with monkeypatch.context() as broken:
        broken.setattr(model_assets, "make", lambda *_: (_ for _ in ()).throw(RuntimeError("out of memory")))
        failed, _ = execute(instance)
    assert not failed.success
    assert settings.warehouse_path.resolve() == before

    again, watcher = execute(instance, dg.ReexecutionOptions.from_failure(failed.run_id, instance))
    assert not again.success
    assert any("Re-execute all" in said for said in watcher.outcome.errors.values()), watcher.outcome.errors
    assert settings.warehouse_path.resolve() == before

    whole, _ = execute(instance, dg.ReexecutionOptions(failed.run_id))
    assert whole.success
    with connect_read_only(settings.warehouse_path) as connection:
        assert connection.execute("SELECT count(*) FROM raw.record_version").fetchall() == [(8,)]
        assert connection.execute("SELECT count(*) FROM meta.build").fetchall() == [(2,)]
