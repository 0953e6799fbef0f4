"""A process that processes batches: the same results, the same errors, no silence when it is killed, no orphan."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.readers import ctgov_v2
from pipelines.sample import write_sample
from pipelines.settings import Limits
from pipelines.staging import ingest, worker
from pipelines.staging.batch import Item
from pipelines.staging.helper import Helper, HelperLostError, Setting, can_be_sent, staged
from tests.conftest import REPO_ROOT
from tests.staging.build import empty_build, ingest_landing
from tests.staging.studies import item, study

pytestmark = pytest.mark.slow


def _setting(parts: Path) -> Setting:
    return Setting(np.empty(0, dtype=np.int64), Limits(), parts)


def _items() -> list[Item]:
    contents = [study("NCT01000001"), study("NCT01000002", colours=["red"]), b"{]", study("NCT01000001")]
    return [item(content, place, reader=ctgov_v2.READER) for place, content in enumerate(contents)]


@pytest.fixture
def helper(tmp_path: Path) -> Iterator[Helper]:
    helper = Helper(_setting(tmp_path / "theirs"))
    yield helper
    helper.end()


def test_it_gives_and_writes_what_this_process_would(helper: Helper, tmp_path: Path) -> None:
    assert can_be_sent(_items())
    ours, theirs = staged(_setting(tmp_path / "ours"), 7, _items()), helper.stage(7, _items())
    assert theirs.versions.equals(ours.versions)
    assert (theirs.rows, theirs.unchanged, theirs.refused, theirs.frames) == (
        ours.rows,
        ours.unchanged,
        ours.refused,
        {},
    )
    written = sorted(path.relative_to(tmp_path / "ours") for path in (tmp_path / "ours").rglob("*.parquet"))
    assert written
    for path in written:
        assert pl.read_parquet(tmp_path / "theirs" / path).equals(pl.read_parquet(tmp_path / "ours" / path))


def test_its_errors_are_raised_here_and_it_goes_on(helper: Helper, tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("in the way")
    with pytest.raises(OSError, match="theirs"):
        helper.stage(1, _items())
    (tmp_path / "theirs").unlink()
    assert helper.stage(1, _items()).rows["study"] == 2


def test_a_killed_one_is_no_silence(helper: Helper) -> None:
    os.kill(helper.pid, signal.SIGKILL)
    with pytest.raises(HelperLostError, match=r"killed by signal 9 \(Killed\); too little memory"):
        helper.stage(1, _items())


def test_it_does_not_outlive_a_killed_walk() -> None:
    script = (
        "import time, numpy, pathlib; from pipelines.staging.helper import Helper, Setting\n"
        "from pipelines.settings import Limits\n"
        "print(Helper(Setting(numpy.empty(0), Limits(), pathlib.Path('x'))).pid, flush=True); time.sleep(60)"
    )
    walk = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=REPO_ROOT)
    assert walk.stdout is not None
    pid = int(walk.stdout.readline())
    walk.kill()
    walk.wait()
    walk.stdout.close()
    deadline = time.monotonic() + 10
    while _is_alive(pid):
        assert time.monotonic() < deadline, "the process is still there"
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    """Whether it runs; one that nobody has reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    names = connection.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
    return {f"{s}.{t}": connection.execute(f'FROM "{s}"."{t}" ORDER BY ALL').fetchall() for s, t in names}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    write_sample(300, folder, formats=("ctgov_zip", "page_text"))
    return folder


def test_an_ingest_gives_the_same_with_processes_as_with_threads(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "BATCH_RECORDS", 40)
    contents = []
    for bound in (1 << 60, 0):
        monkeypatch.setattr(ingest, "PROCESSES_FROM_BYTES", bound)
        with empty_build(tmp_path / f"{bound}.duckdb") as connection:
            report = ingest_landing(connection, landing, tmp_path / str(bound))
            contents.append((report.rows, report.quarantine_reasons, _tables(connection)))
    assert contents[0] == contents[1]
    assert len(contents[0][2]["raw.record_version"]) > 200


def test_a_killed_process_fails_the_ingest_and_leaves_the_build_empty(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Helper] = []

    class Doomed(Helper):
        def __init__(self, setting: Setting) -> None:
            super().__init__(setting)
            if not started:
                os.kill(self.pid, signal.SIGKILL)
            started.append(self)

    monkeypatch.setattr(worker, "Helper", Doomed)
    monkeypatch.setattr(ingest, "PROCESSES_FROM_BYTES", 0)
    monkeypatch.setattr(ingest, "BATCH_RECORDS", 40)
    with empty_build(tmp_path / "build.duckdb") as connection:
        with pytest.raises(HelperLostError, match="killed by signal 9"):
            ingest_landing(connection, landing, tmp_path)
        assert all(rows == [] for rows in _tables(connection).values())
    assert not any(_is_alive(helper.pid) for helper in started)
