"""The command as users meet it, but for `run` and `sql`: real exit codes, one finished run to look at, usage errors."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse.build import begin_build
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.publish import RunFigures, publish
from pipelines.warehouse.versions import code_version
from tests.cli.calling import call
from tests.pipeline_run import FinishedRun, copy_home, trialmart

# what is answered without Dagster


@pytest.mark.parametrize("arguments", [["status"], ["run"], ["sql", "SELECT 1"]], ids=["status", "run", "sql"])
def test_quick_commands_import_nothing_heavy(done: FinishedRun, arguments: list[str]) -> None:
    """A person who asks for the status does not wait six seconds for libraries that only a run needs."""
    import os
    import subprocess
    import sys

    code = (
        "import sys; from pipelines.cli import app\n"
        f"try: app({arguments!r})\n"
        "except SystemExit as done: code = done.code\n"
        "heavy = {'dagster', 'great_expectations', 'polars', 'sqlglot', 'pandas'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy or code else 0)"
    )
    environment = {**os.environ, "TRIALMART_HOME": str(done.home)}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 0, ran.stderr


def test_help_lists_the_commands_that_exist() -> None:
    output = call("--help").output
    commands = ("demo", "run", "fetch", "ui", "sql", "status", "sample", "raw", "rollback", "docs", "report", "verify")
    assert all(re.search(rf"^.? {name} ", output, re.MULTILINE) for name in commands)


# status, raw, rollback, docs


def test_status_tells_what_is_published(done: FinishedRun) -> None:
    result = call("status", home=done.home)
    assert result.exit_code == 0
    for words in (
        r"build +\d{8}T\d{6}_\w{8}, published ",
        r"no run is going on",
        rf"files +{done.files} read; landing .*: nothing new",
        rf"records +{done.accepted} in {done.accepted} versions: CTGOV",
        rf"quarantine +{done.quarantined} entries",
        r"failing rules +gate 0, error",
    ):
        assert re.search(words, result.output), (words, result.output)


def test_status_as_json_is_for_programs(done: FinishedRun) -> None:
    facts = json.loads(call("status", "--json", home=done.home).output)
    assert facts["landing_new_files"] == 0
    assert facts["published"]["records_accepted"] == done.accepted
    assert sum(entry["open"] for entry in facts["published"]["quarantine"]) == done.quarantined
    assert facts["published"]["library_versions"]["duckdb"] == duckdb.__version__
    assert facts["published"]["published_at"][10] == "T", "as in sql --format json"


def test_status_before_anything_is_published(tmp_path: Path) -> None:
    result = call("status", home=tmp_path / "new")
    assert result.exit_code == 0
    assert "Nothing is published" in result.output
    assert not (tmp_path / "new").exists(), "looking leaves no trace"


@pytest.mark.parametrize("name", ["what?", "a%20b", "all *", "[x]"])
def test_a_home_that_dagster_would_misread_is_refused(name: str, tmp_path: Path) -> None:
    """Behind a question mark its history of runs was written beside the home; behind * or [ it did not find its
    settings, and so telemetry was on."""
    result = call("run", home=tmp_path / name)
    assert result.exit_code != 0
    assert "choose another folder" in result.stderr.replace("\n", " ")
    assert not list(tmp_path.iterdir())


def test_status_of_a_warehouse_of_another_version_says_what_to_do(tmp_path: Path) -> None:
    build = begin_build(Settings(home=tmp_path), "old")
    build.connection.execute("ALTER TABLE meta.build DROP COLUMN published_at; DROP TABLE raw.record_version")
    build.connection.execute("ALTER TABLE meta.build ADD COLUMN published_at TIMESTAMP")
    build.connection.execute("COMMENT ON COLUMN meta.build.published_at IS 'When.'")
    publish(build, RunFigures(), [])
    result = call("status", home=tmp_path)
    assert result.exit_code == 1
    assert "another version of trialmart" in result.stderr.replace("\n", " ")
    assert "run --rebuild" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["sql", "SELECT 1"], ["raw", "CTGOV:NCT00000001"], ["docs", "-o", "docs-of-nothing"]],
    ids=["sql", "raw", "docs"],
)
def test_without_a_warehouse_commands_say_how_to_get_one(tmp_path: Path, arguments: list[str]) -> None:
    result = call(*arguments, home=tmp_path)
    assert result.exit_code == 1
    assert "`trialmart run` builds one" in result.stderr.replace("\n", " ")


def test_raw_gives_the_exact_bytes_of_every_record(done: FinishedRun, connection: duckdb.DuckDBPyConnection) -> None:
    versions = connection.execute(
        "SELECT record_key, version_no, raw_sha256, source_format FROM raw.record_version "
        "QUALIFY row_number() OVER (PARTITION BY source_format, file_id ORDER BY record_key) = 1"
    ).fetchall()
    assert {row[3] for row in versions} >= {"ctgov_v2"}
    for record_key, version_no, raw_sha256, _ in versions[:12]:
        result = call("raw", record_key, "--version", str(version_no), home=done.home)
        assert result.exit_code == 0, result.output
        assert hashlib.sha256(result.stdout_bytes).hexdigest() == raw_sha256


def test_raw_of_an_unknown_record_names_the_nearest(done: FinishedRun, connection: duckdb.DuckDBPyConnection) -> None:
    (key,) = connection.execute("SELECT min(record_key) FROM core.record").fetchone() or ("",)
    result = call("raw", key.removeprefix("CTGOV:").lower(), home=done.home)
    assert result.exit_code == 1
    assert key in result.stderr
    assert result.stdout == ""
    result = call("raw", key, "--version", "9", home=done.home)
    assert result.exit_code == 1
    assert "no version 9; its versions are 1" in result.stderr


def test_raw_notices_a_changed_archive(done: FinishedRun, tmp_path: Path) -> None:
    home = copy_home(tmp_path / "home")
    with connect_read_only(home / "warehouse.duckdb") as connection:
        key, sha256 = connection.execute(
            "SELECT record_key, sha256 FROM raw.record_version JOIN raw.file USING (file_id) "
            "WHERE source_format LIKE 'page_text%' LIMIT 1"
        ).fetchone() or ("", "")
    archived = home / "archive" / sha256[:2] / sha256
    archived.chmod(0o644)
    archived.write_bytes(archived.read_bytes() + b"\nTampered")
    assert "another hash" in call("raw", key, home=home).stderr
    archived.unlink()
    assert "is gone from the archive" in call("raw", key, home=home).stderr


def test_rollback_and_forward(done: FinishedRun, tmp_path: Path) -> None:
    home = copy_home(tmp_path / "home")
    first = (home / "warehouse.duckdb").resolve().parent.name
    second = publish(begin_build(Settings(home=home), "zzzzzzzz"), RunFigures(), []).build_id
    assert call("rollback", home=home).output.startswith(f"{home}/warehouse.duckdb is build {first} again")
    assert call("rollback", second, home=home).exit_code == 0
    assert (home / "warehouse.duckdb").resolve().parent.name == second
    unknown = call("rollback", "nonsense", home=home)
    assert unknown.exit_code == 1
    assert "no build nonsense" in unknown.stderr


def test_docs_describe_every_table_column_and_rule(
    done: FinishedRun, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    assert call("docs", "--output", tmp_path, home=done.home).exit_code == 0
    page = (tmp_path / "index.html").read_text()
    tables = connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
    rules = connection.execute("SELECT rule FROM quality.expectation").fetchall()
    assert all(f'<section id="{name}">' in page for (name,) in tables)
    assert all(f'<section id="rule-{name}">' in page for (name,) in rules)
    assert "core.record" in (tmp_path / "core.md").read_text()
    metrics = connection.execute("SELECT metric, value_from FROM meta.metric").fetchall()
    assert metrics
    assert all(f'<section id="metric-{name}"' in page for name, _ in metrics)
    whole = (tmp_path / "metrics.md").read_text()
    assert all(f"### {name}\n" in whole for name, _ in metrics)
    assert all(f"`{column}`" in whole for _, columns in metrics for column in columns)
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page), "the page loads nothing from elsewhere"


# usage and trouble


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["run", "--landing", "/does/not/exist"], id="landing"),
        pytest.param(["run", "--landing", ""], id="landing-of-an-unset-variable"),
        pytest.param(["run", "--home", ""], id="home-of-an-unset-variable"),
        pytest.param(["status", "--home", __file__], id="home-that-is-a-file"),
        pytest.param(["nonsense"], id="command"),
        pytest.param(["sql"], id="no-query"),
        pytest.param(["sql", "SELECT 1", "--format", "xml"], id="format"),
        pytest.param(["sample", "0", "x"], id="no-records"),
        pytest.param(["sample", "1", "x", "--format", "fax"], id="sample-format"),
        pytest.param(["sample", "1", "x", "ctgov_xml"], id="sample-word-too-many"),
        pytest.param(["sample", "40", "x", "--as-of", "2025-13-01"], id="sample-day"),
        pytest.param(["ui", "--port", "70000"], id="port"),
    ],
)
def test_usage_errors_exit_2(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*arguments).exit_code == 2


def test_an_empty_setting_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`TRIALMART_HOME=` in a .env file meant the current folder: a home was made there, and whatever lay there read."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "LANDING", "KEEP_BUILDS"):
        monkeypatch.setenv(f"TRIALMART_{name}", "")
    result = call("status")
    assert result.exit_code == 0
    assert f"in {tmp_path / 'trialmart-home'} yet" in result.stdout.replace("\n", " ")


@pytest.mark.parametrize("name", ["KEEP_BUILDS", "LIMIT_JSON_DEPTH", "STORAGE"])
@pytest.mark.parametrize("command", ["status", "run"])
def test_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, name: str) -> None:
    """Limits and storage were looked at half a minute into a run, which ended in the words of a library."""
    monkeypatch.setenv(f"TRIALMART_{name}", "none")
    result = call(command, "--home", str(tmp_path))
    assert result.exit_code == 2
    assert f"environment TRIALMART_{name}" in result.stderr.replace("\n", " ")
    assert list(tmp_path.iterdir()) == []


def test_unreadable_home_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = trialmart("run", home=tmp_path / "file" / "home")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("error: ")
    assert "choose another with --home" in result.stderr.replace("\n", " ")


def test_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        result = call("sample", "5", tmp_path / name, "--seed", "3", "--format", "ctgov_ndjson")
        assert result.exit_code == 0
        assert "5 records in 1 file" in result.output
    a, b = ([p.read_bytes() for p in sorted((tmp_path / n).rglob("*")) if p.is_file()] for n in ("a", "b"))
    assert a == b


@pytest.mark.parametrize(
    "formats",
    [
        pytest.param(["--format", "ctgov_xml", "--format", "euctr_text"], id="repeated"),
        pytest.param(["--format", "ctgov_xml,euctr_text"], id="commas"),
        pytest.param(["--format", "ctgov_xml", "euctr_text"], id="words"),
    ],
)
def test_sample_takes_several_formats_in_each_way_they_are_written(tmp_path: Path, formats: list[str]) -> None:
    """The help says "several"; only the first way was understood."""
    result = call("sample", "3", tmp_path / "x", *formats)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "x").glob("*/")) == ["ctgov_xml", "euctr_text"]


def test_sample_of_two_days_gives_versions_of_the_same_records(tmp_path: Path) -> None:
    shown: list[dict[str, str]] = []
    for day in ("2025-06-01", "2026-11-01"):
        result = call("sample", "40", tmp_path / day, "--format", "ctgov_ndjson", "--no-defects", "--as-of", day)
        assert result.exit_code == 0, result.output
        lines = (tmp_path / day / "studies.ndjson").read_text(encoding="utf-8").splitlines()
        studies = [json.loads(line)["protocolSection"] for line in lines]
        shown.append({one["identificationModule"]["nctId"]: json.dumps(one["statusModule"]) for one in studies})
    assert shown[0].keys() == shown[1].keys()
    assert any(shown[0][key] != shown[1][key] for key in shown[0])
    refused = call("sample", "4", tmp_path / "x", "--format", "ctgov_ndjson", "--as-of", "June 2025")
    assert refused.exit_code == 2
    assert "June 2025" in refused.output


def test_ui_refuses_a_port_that_is_taken(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = call("ui", "--port", str(taken.getsockname()[1]), home=tmp_path)
    assert result.exit_code == 1
    assert "choose another port with --port" in result.stderr


def test_ui_listens_on_loopback_unless_told() -> None:
    from pipelines.console.web import command

    line = command("127.0.0.1", 3000)
    assert line[line.index("-h") + 1] == "127.0.0.1"
    assert Path(line[line.index("-w") + 1]).name == "workspace.yaml"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("machine.example", False),
    ],
)
def test_ui_knows_what_others_reach(host: str, expected: bool) -> None:
    from pipelines.console.web import is_loopback

    assert is_loopback(host) is expected


# demo


def test_demo_does_not_mix_with_files_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "mine.json").write_text("{}")
    result = call("demo", home=tmp_path)
    assert result.exit_code == 1
    assert "does not mix sample records with them" in result.stderr
    assert [path.name for path in (tmp_path / "landing").iterdir()] == ["mine.json"]


def test_demo_answers_three_questions_the_second_time_too(done: FinishedRun, tmp_path: Path) -> None:
    """On a home whose sample is known already the demo has nothing to build and goes on to the answers."""
    home = copy_home(tmp_path / "home")
    sample = home / "landing" / "sample"
    sample.mkdir()
    shutil.copy(home / "landing" / ".trialmart-sample.json", sample)
    result = call("demo", home=home)
    assert result.exit_code == 0, result.output
    assert "nothing new" in result.output
    assert result.output.count("?\n") == 3
    assert f"The warehouse: {home}/warehouse.duckdb" in result.output


def test_rollback_makes_no_home(tmp_path: Path) -> None:
    """A mistyped home was made, with a lock in it."""
    home = tmp_path / "mistyped"
    result = call("rollback", home=home)
    assert result.exit_code == 1
    assert not home.exists()


def test_version_is_that_of_the_package() -> None:
    result = call("--version")
    assert (result.exit_code, result.output.split()[0]) == (0, "trialmart")
    assert result.output.split()[1] == code_version()
