"""`trialmart run --allow-gate`: a loss against the published build stops publishing until a person allows it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.sample import write_sample
from pipelines.settings import Settings
from tests.pipeline_run import copy_home, trialmart


def query(home: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def pretend_more_records(home: Path) -> None:
    """Let the published build say that it had more records than it has."""
    published = (home / "warehouse.duckdb").resolve()
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("UPDATE quality.profile SET row_count = row_count + 1000 WHERE table_name = 'core.record'")
    published.chmod(0o444)


def test_delta_is_no_drift_and_a_loss_is_published_only_when_allowed(tmp_path: Path) -> None:
    home = copy_home(tmp_path / "home")
    landing = Settings(home=home).landing_dir
    write_sample(10, landing / "delta", seed=11, formats=("ctgov_ndjson",))
    done = trialmart("run", home=home)
    assert done.returncode == 0, done.stderr
    drift = "'row_count_reconcile', 'null_rate_drift', 'null_rate_shift', 'delta_weekday'"
    failed = f"SELECT rule FROM quality.expectation_result WHERE rule IN ({drift}) AND NOT success"
    assert query(home, failed) == []
    assert query(home, "SELECT count(DISTINCT run_id) FROM quality.profile") == [(2,)]

    pretend_more_records(home)
    before = (home / "warehouse.duckdb").resolve()
    refused = trialmart("run", "--rebuild", home=home)
    assert refused.returncode == 1
    assert "row_count_reconcile on quality.profile: 1 rows" in refused.stderr + refused.stdout
    assert (home / "warehouse.duckdb").resolve() == before

    allowed = trialmart(
        "run", "--rebuild", "--allow-gate", "row_count_reconcile", "--reason", "test records removed", home=home
    )
    assert allowed.returncode == 0, allowed.stderr
    assert "overridden" in allowed.stdout
    assert query(home, "SELECT rule, rows_failed, reason FROM quality.gate_override") == [
        ("row_count_reconcile", 1, "test records removed")
    ]
    assert "gate row_count_reconcile allowed on" in trialmart("status", home=home).stdout
    again = trialmart("run", "--rebuild", home=home)
    assert again.returncode == 0, "the next build is compared with the one that was published"
    assert "overridden" not in again.stdout + trialmart("status", home=home).stdout


def test_names_that_are_no_gate_are_a_usage_error(tmp_path: Path) -> None:
    for arguments in (("--allow-gate", "no_such_rule"), ("--allow-gate", "start_le_cd"), ("--reason", "because")):
        done = trialmart("run", *arguments, home=tmp_path / "home")
        assert done.returncode == 2, done.stderr
        assert "gate" in done.stderr
    assert not (tmp_path / "home").exists()
