"""Words and figures on the terminal, and progress with and without one."""

from __future__ import annotations

import contextlib
import io
import re
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
import typer
from rich.console import Console
from rich.progress import Progress, TextColumn
from rich.table import Table

from pipelines.console.faults import fail, plainly
from pipelines.console.progress import BarWatcher, LineWatcher
from pipelines.console.query import Format, write_query
from pipelines.console.status import collect, print_status
from pipelines.console.terminal import age, counted, pairs, print_unpadded, size, stderr, stdout, visible
from pipelines.settings import Settings
from pipelines.staging.ingest import IngestProgress
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.errors import WarehouseError
from tests.pipeline_run import FinishedRun


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (536_576, "537 kB"),
        (2_500_000_000, "2.5 GB"),
        (3 * 10**12, "3.0 TB"),
    ],
)
def test_size(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=61), "1 h 1 min"),
        (timedelta(days=1, hours=2, minutes=3), "1 d 2 h"),
    ],
)
def test_age(span: timedelta, words: str) -> None:
    assert age(span) == words


def test_counted() -> None:
    assert [counted(1, "file"), counted(1200, "file"), counted(0, "entry", "entries")] == [
        "1 file",
        "1,200 files",
        "0 entries",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü ≥ 漢", "plain ü ≥ 漢"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\u202eright", "\\u202eright"),
        ("\x9b31m", "\\x9b31m"),
        ("\u200f\udcff", "\\u200f\\udcff"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_nothing_printed_steers_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths and messages were printed as they came: a file named with an escape sequence could set the window's title,
    hide lines, or make a terminal answer."""
    hostile = "a\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\r[bold]b"
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    stdout().print(hostile, style="red")
    print_unpadded(stdout(), pairs([("name", hostile)]))
    with stderr().status(hostile) as status:
        status.update(hostile)
        stderr().print(f"{hostile}\nsecond line\tand more")
    fail(hostile)
    with contextlib.suppress(typer.Exit), plainly():
        raise WarehouseError(hostile)
    said = out.getvalue() + err.getvalue()
    assert said.count("a\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\u202e\\r[bold]b") >= 5
    assert not re.search("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u202e]", said)
    assert "\nsecond line" in said


def test_a_query_that_needs_too_much_memory_is_told_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """DuckDB advises to set a folder to spill into, which a reader may not."""
    connection = duckdb.connect(config={"memory_limit": "20MB", "temp_directory": ""})
    with pytest.raises(typer.Exit), plainly():
        connection.execute("SELECT list(range) FROM range(10000000)")
    said = capsys.readouterr().err
    assert "fewer rows" in said
    assert "temp_directory" not in said


@pytest.mark.parametrize("form", ["csv", "json"])
def test_rows_on_a_terminal_are_spelt_out_and_elsewhere_exact(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    sql = "SELECT 'a' || chr(27) || ']0;t' || chr(155) || chr(8238) AS t"
    for is_terminal in (True, False):
        out = io.StringIO()
        out.isatty = lambda is_terminal=is_terminal: is_terminal  # type: ignore[method-assign, misc]
        monkeypatch.setattr("sys.stdout", out)
        write_query(duckdb.connect(), sql, Format(form), None)
        assert ("\x9b" in out.getvalue()) is not is_terminal
        assert ("\x1b" in out.getvalue()) is (form == "csv" and not is_terminal)


def test_tables_in_a_pipe_have_no_padding() -> None:
    table = Table(box=None)
    table.add_column("a")
    table.add_row("short")
    table.add_row("much longer than that")
    stream = io.StringIO()
    print_unpadded(Console(file=stream, width=200), table)
    assert all(line == line.rstrip() for line in stream.getvalue().splitlines())


def test_lines_come_once_for_each_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    watcher = LineWatcher(Console(file=stream, width=200))
    for name, detail in (("landing", "looking"), ("core", "core.record"), ("core", "core.trial"), ("marts", "marts.x")):
        watcher.stage(name, detail)
    watcher.reading(IngestProgress(1, 2, 10, 100, 200))
    assert [line.split("] ")[1] for line in stream.getvalue().splitlines()] == [
        "landing: looking",
        "models: building SQL models",
    ]
    monkeypatch.setattr("pipelines.console.progress.LINE_SECONDS", 0.0)
    watcher.reading(IngestProgress(1, 2, 10_000, 100, 200))
    assert stream.getvalue().splitlines()[-1].endswith("staging: 1 of 2 files, 10,000 records, 100 B of 200 B")


def test_bar_of_the_last_file_does_not_pretend_to_be_done() -> None:
    """Bytes count when their file begins: one bulk archive would else show a full bar from its first second."""
    progress = Progress(TextColumn("{task.description}"), console=Console(file=io.StringIO()))
    watcher = BarWatcher(progress)
    watcher.stage("staging", "reading 2 files")
    watcher.reading(IngestProgress(1, 2, 5, 100, 200))
    assert (progress.tasks[0].completed, progress.tasks[0].total) == (100, 200)
    watcher.reading(IngestProgress(2, 2, 6, 200, 200))
    assert progress.tasks[0].total is None
    watcher.stage("core", "core.record")
    assert progress.tasks[0].finished
    watcher.finish()
    assert all(task.finished for task in progress.tasks)


def test_status_is_as_fresh_as_the_newest_date_that_can_be_true() -> None:
    """One record of the sample is dated 2029: "newest registry date 2029-01-09, -779 d ago" was no freshness. A home
    that was copied had 35 new files for ever, though every run found their content known."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    totals = {"files": 2, "records": 2, "record_versions": 2, "newest_load": now.replace(tzinfo=None)}
    totals |= {"newest_registry_date": date(2026, 10, 28), "versions_dated_after_loading": 1}
    totals |= {"files_read_by_other_code": 1}
    failing = [{"severity": "warn", "rule": f"rule_{n}", "rows_failed": 1, "error": None} for n in range(22)]
    published = {"build_id": "b", "run_id": "r", "published_at": now.replace(tzinfo=None), "bytes": 1, "totals": totals}
    published |= {"registries": [], "quarantine": [], "failing_rules": failing, "gate_overrides": []}
    published |= {"unknown_fields": 0}
    home = {"home": "h", "warehouse": "w", "landing": "l", "run_going_on": False, "builds_kept": ["b"]}
    written = io.StringIO()
    facts = {**home, "published": published, "landing_new_files": 35}
    print_status(Console(file=written, width=200), facts, now)
    assert "newest registry date 2026-10-28, 25 d ago (1 version dated after being read)" in written.getvalue()
    assert "landing l: 35 files of which name, size or time is new" in written.getvalue()
    assert "1 file read by another version of the readers; trialmart run --read-again has" in written.getvalue()
    assert "… and 2 more: SELECT * FROM marts.data_quality_rule_trend WHERE is_newest_run AND" in written.getvalue()


def test_status_reads_freshness_from_a_real_warehouse(done: FinishedRun) -> None:
    totals = collect(Settings(home=done.home))["published"]["totals"]
    with connect_read_only(done.home / "warehouse.duckdb") as connection:
        dates = connection.execute("SELECT registry_updated_on, loaded_at FROM raw.record_version").fetchall()
    true = [day for day, loaded in dates if day is not None and day <= loaded.date()]
    assert totals["newest_registry_date"] == max(true)
    assert totals["versions_dated_after_loading"] == len([day for day, _ in dates if day is not None]) - len(true)
