"""Closed streams, full disks, bytes that are no text: what a command is given besides its arguments' meaning."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.orchestration import run as run_module
from pipelines.orchestration.watch import Watcher
from pipelines.settings import Settings
from pipelines.warehouse.errors import system_trouble
from pipelines.warehouse.publish import PublishedBuild
from tests.cli.calling import call
from tests.environment import clean_environment
from tests.pipeline_run import FinishedRun

NO_TEXT = "Gr\udcf6\udcdfe"
"""What Python makes of Latin-1 on a command line."""


def shell(line: str, *arguments: str | Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command by way of a shell, for its redirections."""
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
    return subprocess.run(
        ["sh", "-c", f'"$@" {line}', "sh", *command], input=data, capture_output=True, env=clean_environment()
    )


@pytest.mark.parametrize("line", [">&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_traceback(done: FinishedRun, line: str) -> None:
    """A service that closes them had its run published and then ended with code 1: there was no stdout to print to."""
    ended = shell(line, "status", "--home", done.home)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_closed_stdin_is_an_empty_query(done: FinishedRun) -> None:
    ended = shell("<&-", "sql", "-", "--home", done.home)
    assert ended.returncode == 2
    assert b"the query is empty" in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full here")
@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_a_full_disk_is_told_by_what_is_no_command_too(argument: str) -> None:
    ended = shell(">/dev/full", argument)
    assert ended.returncode == 1
    assert b"no space left" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["sql", f"SELECT '{NO_TEXT}'"],
        ["raw", NO_TEXT],
        ["report", "--sponsor", NO_TEXT],
        ["report", "--trial", NO_TEXT],
        ["run", "--reason", NO_TEXT],
    ],
)
def test_arguments_that_are_no_utf8_are_refused(done: FinishedRun, arguments: list[str]) -> None:
    """DuckDB's client said "incompatible function arguments", or "Unable to cast", with a traceback."""
    result = call(*arguments, home=done.home)
    assert result.exit_code == 2, result.output
    assert "not UTF-8" in " ".join(result.stderr.split())


def test_a_query_from_a_file_in_latin1_is_refused(done: FinishedRun) -> None:
    ended = shell("", "sql", "-", "--home", done.home, data="SELECT 'Größe'".encode("latin-1"))
    assert ended.returncode == 2
    assert b"UTF-8" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_home_that_is_no_utf8_is_refused_before_it_is_made(tmp_path: Path) -> None:
    """dagster.yaml could not be written there, which was told by a traceback and half a home."""
    home = tmp_path / NO_TEXT
    result = call("run", home=home)
    assert result.exit_code == 2
    assert "not UTF-8" in result.stderr
    assert not home.exists()


def test_a_pipe_named_as_output_is_written_into(done: FinishedRun, tmp_path: Path) -> None:
    """A plain file was put in its place, and whoever read it waited for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for form, begins in (("csv", b"n\n1\n"), ("parquet", b"PAR1")):
        with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
            try:
                result = call("sql", "SELECT 1 AS n", "--format", form, "--output", pipe, home=done.home)
                assert result.exit_code == 0, result.output
                assert reader.communicate(timeout=20)[0].startswith(begins)
            finally:
                reader.kill()
    assert pipe.is_fifo()


def test_raw_bytes_come_whole_or_not_at_all(done: FinishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that was full left the beginning of the record in the place of the former file."""
    output = tmp_path / "record.json"
    output.write_text("former")
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        write(path, content[:10])
        raise OSError(28, "No space left on device")

    key = call("sql", "SELECT min(record_key) FROM core.record", "--format", "csv", home=done.home).stdout.split()[-1]
    monkeypatch.setattr(Path, "write_bytes", full)
    assert call("raw", key, "--output", output, home=done.home).exit_code == 1
    assert output.read_text() == "former"
    assert list(tmp_path.iterdir()) == [output]


def test_an_interruption_after_publishing_does_not_deny_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal while Dagster wrote down the end: "the published warehouse is as it was", though it was the new one."""

    def interrupted(settings: Settings, watcher: Watcher, **_: object) -> None:
        watcher.outcome.published = PublishedBuild("20260101T000000_a", settings.home_dir, 1, None, ())  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(run_module, "run_pipeline", interrupted)
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "a.txt").write_text("x")
    result = call("run", "--landing", landing, home=tmp_path / "home")
    assert result.exit_code == 130
    assert "is the new build 20260101T000000_a already" in result.stderr
    assert "as it was" not in result.stderr


def test_a_folder_that_is_gone_and_a_limit_of_the_shell_have_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ulimit -f" in system_trouble(OSError(27, "File too large"))
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    result = call("status")
    assert result.exit_code == 1
    assert "the folder that you are in is gone" in result.stderr
