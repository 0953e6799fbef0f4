"""The identity step inside a run: trials last from build to build, a person's links count, a bad file stops the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from expectations import load_rules
from pipelines.orchestration.assemble import build_definitions, source_columns
from pipelines.orchestration.keys import JOB_NAME, table_key
from pipelines.orchestration.resources import WarehouseRun
from pipelines.orchestration.watch import RunOutcome, Watcher, watching
from pipelines.sample import write_sample
from pipelines.settings import Settings
from pipelines.warehouse.intake import changed_code
from pipelines.warehouse.models import load_models

NEEDED = (
    "core.country_spelling",
    "core.location",
    "core.organisation_use",
    "core.organisation_name",
    "core.identity_key",
    "core.own_id_group",
    "core.identity_feature",
    "core.link_candidate",
    "core.record_link",
    "core.trial_member",
    "core.trial",
    "core.record",
)


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    write_sample(3, folder, formats=("ctgov_ndjson",), defects=False)
    return folder


def _run(home: Path, landing: Path) -> tuple[dg.ExecuteInProcessResult, RunOutcome]:
    models = load_models(sources=source_columns())
    defs = build_definitions(
        run=WarehouseRun(home=str(home), landing=str(landing), wait_seconds=0),
        rules=[rule for rule in load_rules() if rule.table == "raw.file"],
        models={name: models[name] for name in models if name in NEEDED},
    )
    config: dict[str, Any] = {
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        "ops": {"landing_files": {"config": {"rebuild": True}}},
    }
    watcher = Watcher()
    with watching(watcher), dg.DagsterInstance.ephemeral() as instance:
        job = defs.resolve_job_def(JOB_NAME)
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=config)
    return result, watcher.outcome


def test_pinned_links_make_a_trial_that_lasts_and_a_bad_file_publishes_nothing(
    tmp_path: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    settings = Settings(home=home, landing=landing)
    result, outcome = _run(home, landing)
    assert result.success, outcome.errors
    assert "links" not in changed_code(settings)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        first, second, third = (
            key for (key,) in connection.execute("SELECT record_key FROM core.trial_member ORDER BY 1").fetchall()
        )

    links = tmp_path / "mine.yaml"
    links.write_text(
        f"pin:\n- {{records: [{first}, {second}], reason: one protocol}}\n"
        f"forbid:\n- {{records: [{third}, X:unknown], reason: not in here}}\n"
    )
    monkeypatch.setenv("TRIALMART_LINKS", str(links))
    assert "links" in changed_code(Settings(home=home, landing=landing)), "a new file is a reason for a run"
    result, outcome = _run(home, landing)
    assert result.success, outcome.errors
    events = {e.asset_key: e.materialization.metadata for e in result.get_asset_materialization_events()}
    assert events[table_key("core.link_decision")]["instructions_not_applied"].value == 1
    assert events[table_key("core.trial_assignment")]["records_merged"].value == 1
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        trials = dict(connection.execute("SELECT record_key, trial_id FROM core.trial_member").fetchall())
        logged = connection.execute("SELECT kind, record_key, why FROM core.trial_event").fetchall()
    assert trials == {first: f"TRIAL:{first}", second: f"TRIAL:{first}", third: f"TRIAL:{third}"}
    assert logged == [("merge", second, f"{second} – {first}: pinned: one protocol")]

    before = settings.warehouse_path.resolve()
    links.write_text("pinned: []\n")
    result, outcome = _run(home, landing)
    assert not result.success
    assert f"{links}: unknown word pinned" in outcome.errors["identity_tables"]
    assert settings.warehouse_path.resolve() == before
