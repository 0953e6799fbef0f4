"""`trialmart run` as users meet it: what it says, what it leaves behind, when it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse.build import abandon, begin_build
from pipelines.warehouse.publish import RunFigures, publish
from tests.cli.calling import call
from tests.pipeline_run import FinishedRun, copy_home, trialmart


def test_run_publishes_and_sums_up(done: FinishedRun) -> None:
    assert done.returncode == 0, done.stderr
    assert re.search(rf"files +{done.files:,} read of {done.files:,} in ", done.stdout)
    fates = f"{done.accepted} accepted + {done.unchanged} unchanged + {done.quarantined} quarantined"
    assert f"{done.seen} seen = {fates}" in done.stdout
    assert re.search(r"quarantined +.*unknown_format 1", done.stdout)
    assert re.search(r"rules +\d+ of \d+ failed: gate 0, error \d+, warn \d+, info \d+", done.stdout)
    assert f"published    yes, {done.home}/warehouse.duckdb" in done.stdout
    assert re.search(r"seconds +\d", done.stdout)


def test_run_without_a_terminal_says_plain_lines(done: FinishedRun) -> None:
    lines = done.stderr.strip().splitlines()
    assert all(re.match(r"\[ *\d+\.\d s\] [a-z]+: ", line) for line in lines), done.stderr
    stages = [line.split("] ")[1].split(":")[0] for line in lines]
    assert [name for i, name in enumerate(stages) if name not in stages[:i]] == [
        "start",
        "landing",
        "staging",
        "models",
        "quality",
        "publish",
    ]


def test_counts_in_the_warehouse_add_up(done: FinishedRun, connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.execute(
        "SELECT sum(records_seen), sum(records_accepted), sum(records_unchanged), sum(records_quarantined), count(*) "
        "FROM raw.file"
    ).fetchone()
    assert row == (done.seen, done.accepted, done.unchanged, done.quarantined, done.files)
    assert connection.execute("SELECT count(*) FROM quality.quarantine").fetchone() == (done.quarantined,)


def test_every_table_and_column_has_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    bare = connection.execute(
        "SELECT table_name, NULL FROM duckdb_tables() WHERE comment IS NULL AND NOT internal "
        "UNION ALL SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
    ).fetchall()
    assert bare == []


def test_run_is_in_the_dagster_instance(done: FinishedRun) -> None:
    """`trialmart ui` shows the run that `trialmart run` made, with its materialisations and checks."""
    import dagster as dg

    from pipelines.orchestration.keys import JOB_NAME

    with dg.DagsterInstance.from_config(str(done.home / "dagster")) as instance:
        (run,) = instance.get_runs()
        assert (run.job_name, run.status) == (JOB_NAME, dg.DagsterRunStatus.SUCCESS)
        assert run.tags["trialmart/launched_by"] == "command line"
        record = instance.get_asset_records([dg.AssetKey(["publish", "warehouse"])])
        assert record[0].asset_entry.last_materialization is not None


def test_second_run_changes_nothing_and_says_so(done: FinishedRun) -> None:
    before = (done.home / "warehouse.duckdb").readlink()
    again = trialmart("run", home=done.home)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith(f"nothing new: the content of all {done.files} files in ")
    first = dict(re.findall(r"^(\w+) {2,}(.+)$", done.stdout, re.MULTILINE))
    told = dict(re.findall(r"^(\w+) {2,}(.+)$", again.stdout, re.MULTILINE))
    assert told["files"].startswith(f"0 read of {done.files} in ")
    assert told["records"] == "0 seen = 0 accepted + 0 unchanged + 0 quarantined"
    assert told["rules"] == first["rules"]
    assert told["published"] == first["published"].replace("yes, ", "stands as it was, ")
    assert (done.home / "warehouse.duckdb").readlink() == before
    assert len(list((done.home / "builds").iterdir())) == 1


def test_run_on_a_fresh_home_makes_landing_and_has_nothing_to_do(tmp_path: Path) -> None:
    result = call("run", home=tmp_path / "new")
    assert result.exit_code == 0
    assert "no files in" in result.output
    assert (tmp_path / "new" / "landing").is_dir()
    assert not (tmp_path / "new" / "builds").exists()


def test_run_while_another_writes_fails_with_its_name(tmp_path: Path) -> None:
    """Another process holds the lock: this run leaves at once, says who, and publishes nothing."""
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "a.json").write_text("{}")
    build = begin_build(Settings(home=tmp_path), "other-run")
    try:
        result = trialmart("run", home=tmp_path)
    finally:
        abandon(build)
    assert result.returncode == 1
    assert "is being written by run other-run" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_failed_gate_exits_1_and_the_former_warehouse_stays(done: FinishedRun, tmp_path: Path) -> None:
    """A fault in the code is played by a build in which a version stands twice: the next run must not publish."""
    home = copy_home(tmp_path / "home")
    build = begin_build(Settings(home=home), "faulty")
    build.connection.execute("INSERT INTO raw.record_version FROM raw.record_version LIMIT 3")
    publish(build, RunFigures(), [])
    before = (home / "warehouse.duckdb").readlink()
    (home / "landing" / "new.json").write_text("nothing that any reader knows")
    run = trialmart("run", home=home)
    assert run.returncode == 1
    assert "Traceback" not in run.stdout + run.stderr
    assert re.search(
        r"error in gates: \d+ failed, so nothing is published:\n  unique_\w+ of model \w+\.\w+: \d+ rows", run.stdout
    )
    assert "Error: " not in run.stdout, "no exception class where a gate did its work"
    assert "published    no; the former warehouse stays as it was" in run.stdout
    assert f"The rejected build is kept for a look: {home}/builds/rejected.duckdb" in run.stdout
    assert (home / "warehouse.duckdb").readlink() == before
    again = trialmart("run", home=home)
    assert again.returncode == 1, "what was not published is still new"
