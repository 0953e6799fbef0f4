"""The command as users meet it: real processes, real exit codes, one finished run to look at."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.settings import Settings
from pipelines.tables import literal
from pipelines.warehouse.build import abandon, begin_build
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.publish import RunFigures, publish
from tests.pipeline_run import FinishedRun, copy_home, finished_run, trialmart


@pytest.fixture(scope="session")
def done() -> FinishedRun:
    return finished_run()


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRIALMART_HOME", "TRIALMART_LANDING", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)


def call(*arguments: str | Path, home: Path | None = None) -> Result:
    """A command in this process."""
    more = ["--home", str(home)] if home is not None else []
    return CliRunner().invoke(app, [*map(str, arguments), *more])


@pytest.fixture(scope="session")
def connection(done: FinishedRun) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_read_only(done.home / "warehouse.duckdb") as connection:
        yield connection


# run


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


# sql


def test_sql_table_shows_values_and_null(done: FinishedRun) -> None:
    result = call("sql", "SELECT 1 AS one, NULL AS none, 'x' AS text", home=done.home)
    assert result.exit_code == 0
    assert [cell.strip() for cell in re.split("[│|]", result.output.splitlines()[-1])] == ["1", "NULL", "x"]


def test_sql_csv_for_programs_is_true_to_the_values(done: FinishedRun) -> None:
    query = (
        "SELECT '=1+1' AS formula, 'a\nb,\"c\"' AS text, NULL AS none, DATE '2026-02-01' AS day, true AS yes, [1] AS l"
    )
    result = call("sql", query, "--format", "csv", "--raw", home=done.home)
    assert list(csv.reader(io.StringIO(result.output))) == [
        ["formula", "text", "none", "day", "yes", "l"],
        ["=1+1", 'a\nb,"c"', "", "2026-02-01", "true", "[1]"],
    ]


def test_sql_csv_holds_no_formula_and_spoils_no_number(done: FinishedRun) -> None:
    """A title like =HYPERLINK("http://…"&A1) was run by the spreadsheet that opened the file; a carriage return in a
    text, which was not quoted, began a row whose first cell could be one."""
    formulas = [
        "=1+1",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "-",
        "--",
        "=",
        "-1-1",
    ]
    plain = ["-5", "+3.2", "-1.5e3", "-1,5", "a=b", "'=1", " =1", "1-2", "(-)", "", "2026-02-01", "a\r=1"]
    values = " UNION ALL BY NAME ".join(f"SELECT {literal(text)} AS t" for text in [*formulas, *plain])
    numbers = "-5::INTEGER AS i, -1.5::DECIMAL(5, 2) AS d, '-inf'::DOUBLE AS f, INTERVAL '-1 day' AS span, 1 AS \"=x\""
    result = call("sql", f"SELECT t, {numbers} FROM ({values})", "-f", "csv", home=done.home)
    header, *rows = list(csv.reader(io.StringIO(result.output, newline="")))
    assert [row[0] for row in rows] == ["'" + text for text in formulas] + plain
    assert header[-1] == "'=x"
    assert rows[0][1:] == ["-5", "-1.50", "-inf", "'-1 day, 0:00:00", "1"]


def test_sql_json_is_json_whatever_the_values(done: FinishedRun) -> None:
    query = (
        "SELECT 1 AS a, 2 AS a, 'NaN'::DOUBLE AS nan, 1.50::DECIMAL(5, 2) AS half, {'d': DATE '2026-02-01'} AS s, "
        "'\\x00ff'::BLOB AS b, INTERVAL 1 DAY AS span, 'ü' AS text FROM range(3)"
    )
    rows = json.loads(call("sql", query, "-f", "json", home=done.home).output)
    assert len(rows) == 3
    assert {name: rows[0][name] for name in ("a", "a_2", "nan", "half", "s", "text")} == {
        "a": 1,
        "a_2": 2,
        "nan": None,
        "half": 1.5,
        "s": {"d": "2026-02-01"},
        "text": "ü",
    }
    assert json.loads(call("sql", "SELECT 1 WHERE false", "-f", "json", home=done.home).output) == []


def test_sql_parquet_goes_to_a_file(done: FinishedRun, tmp_path: Path) -> None:
    output = tmp_path / "records.parquet"
    assert call("sql", "FROM core.record", "-f", "parquet", home=done.home).exit_code == 2
    assert call("sql", "FROM core.record", "-f", "parquet", "-o", output, home=done.home).exit_code == 0
    count = duckdb.connect().execute(f"SELECT count(DISTINCT record_key) FROM '{output}'").fetchone()
    assert count == (done.accepted,)
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_sql_output_file_holds_what_stdout_would(done: FinishedRun, tmp_path: Path, form: str) -> None:
    query = "SELECT registry, count(*) AS n FROM core.record GROUP BY registry"
    said = call("sql", query, "-f", form, home=done.home)
    assert call("sql", query, "-f", form, "-o", tmp_path / "out", home=done.home).exit_code == 0
    assert (tmp_path / "out").read_text() == said.stdout


def test_sql_error_has_its_caret_and_exit_code(done: FinishedRun) -> None:
    result = call("sql", "SELECT nct FROM core.record", home=done.home)
    assert result.exit_code == 1
    assert 'Referenced column "nct" not found' in result.stderr
    assert re.search(r"LINE 1: SELECT nct FROM core\.record\n +\^", result.stderr)
    assert result.stdout == ""


def test_sql_error_leaves_no_output_file(done: FinishedRun, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        result = call("sql", "SELECT error('no')", "-f", form, "-o", tmp_path / "out", home=done.home)
        assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "query", ["DELETE FROM core.record", "COPY core.record TO 'x.csv'", "SELECT * FROM read_text('/etc/hosts')"]
)
def test_sql_only_reads_the_warehouse(done: FinishedRun, query: str) -> None:
    assert call("sql", query, home=done.home).exit_code == 1


def test_sql_from_stdin_and_empty(done: FinishedRun) -> None:
    piped = CliRunner().invoke(app, ["sql", "-", "-f", "csv", "--home", str(done.home)], input="SELECT 7 AS n")
    assert piped.output == "n\n7\n"
    assert call("sql", "  ", home=done.home).exit_code == 2


def test_sql_spells_out_what_could_steer_the_terminal(done: FinishedRun) -> None:
    result = call("sql", "SELECT 'a' || chr(27) || '[2J' || chr(8238) || '[bold]x' AS t", home=done.home)
    assert "a\\x1b[2J\\u202e[bold]x" in result.output
    assert "\x1b" not in result.output


def test_sql_says_when_it_shows_only_the_first_rows(done: FinishedRun) -> None:
    result = call("sql", "SELECT * FROM range(501)", home=done.home)
    assert "the first 500 rows; for all of them use --format" in result.stderr


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


def test_status_before_anything_is_published(tmp_path: Path) -> None:
    result = call("status", home=tmp_path / "new")
    assert result.exit_code == 0
    assert "Nothing is published" in result.output
    assert not (tmp_path / "new").exists(), "looking leaves no trace"


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
    first = (home / "warehouse.duckdb").resolve().stem.removeprefix("warehouse_")
    second = publish(begin_build(Settings(home=home), "zzzzzzzz"), RunFigures(), []).build_id
    assert call("rollback", home=home).output.startswith(f"{home}/warehouse.duckdb is build {first} again")
    assert call("rollback", second, home=home).exit_code == 0
    assert (home / "warehouse.duckdb").resolve().stem == f"warehouse_{second}"
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
        pytest.param(["nonsense"], id="command"),
        pytest.param(["sql"], id="no-query"),
        pytest.param(["sql", "SELECT 1", "--format", "xml"], id="format"),
        pytest.param(["sample", "0", "x"], id="no-records"),
        pytest.param(["sample", "1", "x", "--format", "fax"], id="sample-format"),
        pytest.param(["ui", "--port", "70000"], id="port"),
    ],
)
def test_usage_errors_exit_2(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*arguments).exit_code == 2


def test_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALMART_KEEP_BUILDS", "none")
    result = call("status")
    assert result.exit_code == 2
    assert "environment TRIALMART_KEEP_BUILDS" in result.stderr


def test_unreadable_home_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = trialmart("run", home=tmp_path / "file" / "home")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("error: ")


def test_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        result = call("sample", "5", tmp_path / name, "--seed", "3", "--format", "ctgov_ndjson")
        assert result.exit_code == 0
        assert "5 records in 1 file" in result.output
    a, b = ([p.read_bytes() for p in sorted((tmp_path / n).rglob("*")) if p.is_file()] for n in ("a", "b"))
    assert a == b


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
