"""Publishing is one step for readers; a build that fails its audit changes nothing; earlier builds come back."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse import publish as publish_module
from pipelines.warehouse.build import Build, abandon, begin_build
from pipelines.warehouse.builds import list_builds, switch_link
from pipelines.warehouse.errors import AuditError, UnknownBuildError, WarehouseError, WriterBusyError
from pipelines.warehouse.lock import writer_is_active
from pipelines.warehouse.publish import PublishedBuild, RunFigures, publish, rollback

REPO_ROOT = Path(__file__).resolve().parents[2]
ROWS = 2000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", keep_builds=3)


@pytest.fixture(autouse=True)
def distinct_build_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build ids hold seconds; tests publish several a second, so each gets a number for its run id."""
    from pipelines.warehouse import build as build_module

    counter = iter(range(100_000_000))
    monkeypatch.setattr(build_module, "new_build_id", lambda run_id, now: f"20260101T000000_{next(counter):08d}")


def fill(build: Build, number: int) -> Build:
    """A mart of ROWS rows that all hold `number`: a reader that sees two numbers has seen half a build."""
    build.connection.execute(f"CREATE OR REPLACE TABLE marts.number AS SELECT {number} AS n FROM range({ROWS})")
    build.connection.execute("COMMENT ON TABLE marts.number IS 'One number, often.'")
    build.connection.execute("COMMENT ON COLUMN marts.number.n IS 'The number.'")
    return build


def publish_number(settings: Settings, number: int) -> PublishedBuild:
    return publish(fill(begin_build(settings, f"run-{number}"), number), RunFigures(records_seen=number), [])


def number_in(path: Path) -> list[tuple[int, int]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("SELECT n, count(*) FROM marts.number GROUP BY n").fetchall()


def test_published_build_stands_alone_and_names_itself(settings: Settings) -> None:
    done = publish_number(settings, 1)
    assert settings.warehouse_path.is_symlink()
    assert not settings.warehouse_path.readlink().is_absolute(), "the home folder can be moved"
    assert settings.warehouse_path.resolve() == done.path
    assert not done.path.with_name(done.path.name + ".wal").exists()
    assert done.path.stat().st_mode & 0o222 == 0
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        row = connection.execute(
            "SELECT build_id, run_id, published_at >= started_at, records_seen, code_version, settings FROM meta.build"
        ).fetchone()
    assert row is not None
    assert row[:4] == (done.build_id, "run-1", True, 1)
    assert row[4]
    assert "home" not in json.loads(row[5]), "no path of this machine in the data"
    assert not writer_is_active(settings)


def test_home_folder_can_be_moved(settings: Settings, tmp_path: Path) -> None:
    publish_number(settings, 1)
    settings.home_dir.rename(tmp_path / "elsewhere")
    assert number_in(tmp_path / "elsewhere" / "warehouse.duckdb") == [(1, ROWS)]


def test_database_keeps_its_name_from_build_to_build(settings: Settings) -> None:
    """Tools store names in full. DuckDB calls a database after the file that a link leads to: it was called
    warehouse_20260101T000000_…, and every stored query failed after the next run.
    """
    for number in (1, 2):
        publish_number(settings, number)
        with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
            assert connection.execute("SELECT current_database()").fetchall() == [("warehouse",)]
            assert connection.execute("SELECT min(n) FROM warehouse.marts.number").fetchall() == [(number,)]


def test_build_that_older_code_published_is_read_gone_back_to_and_pruned(settings: Settings) -> None:
    first = publish_number(settings, 1)
    older = settings.builds_dir / f"warehouse_{first.build_id}.duckdb"
    first.path.rename(older)
    first.path.parent.rmdir()
    switch_link(settings, older)
    publish_number(settings, 2)
    assert [build.path for build in list_builds(settings)][1:] == [older]
    assert rollback(settings).build_id == first.build_id
    assert number_in(settings.warehouse_path) == [(1, ROWS)]
    for number in (3, 4, 5):
        publish_number(settings, number)
    assert not older.exists()
    assert sorted(path.name for path in settings.builds_dir.iterdir()) == sorted(
        build.build_id for build in list_builds(settings)
    ), "a pruned build leaves no empty folder"


def test_same_process_sees_the_new_build_with_an_old_handle_open(settings: Settings) -> None:
    publish_number(settings, 1)
    old = duckdb.connect(str(settings.warehouse_path), read_only=True)
    publish_number(settings, 2)
    assert number_in(settings.warehouse_path) == [(2, ROWS)]
    assert old.execute("SELECT DISTINCT n FROM marts.number").fetchall() == [(1,)]
    old.close()


def test_readers_in_other_processes_never_wait_and_never_see_half(settings: Settings) -> None:
    """One reader holds its connection through all publishes, one opens anew for each of 20 or more reads."""
    publish_number(settings, 1)
    script = textwrap.dedent(f"""
        import duckdb, sys, time
        path = {str(settings.warehouse_path)!r}
        held = duckdb.connect(path, read_only=True)
        seen, slowest, reads = [], 0.0, 0
        print("ready", flush=True)
        deadline = time.monotonic() + 30
        while (reads < 20 or seen[-1] < 8) and time.monotonic() < deadline:
            begin = time.monotonic()
            with duckdb.connect(path, read_only=True) as fresh:
                rows = fresh.execute("SELECT n, count(*) FROM marts.number GROUP BY n").fetchall()
            slowest = max(slowest, time.monotonic() - begin)
            assert len(rows) == 1 and rows[0][1] == {ROWS}, rows
            seen.append(rows[0][0])
            old = held.execute("SELECT min(n), max(n), count(*) FROM marts.number").fetchall()
            assert old == [(1, 1, {ROWS})], old
            reads += 1
        print(reads, seen == sorted(seen), len(set(seen)) > 1, seen[-1], flush=True)
    """)
    reader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    for number in range(2, 9):
        publish_number(settings, number)
        time.sleep(0.02)
    output, _ = reader.communicate(timeout=40)
    assert reader.returncode == 0
    reads, in_order, several, last = output.split()
    assert int(reads) >= 20
    assert (in_order, several, last) == ("True", "True", "8")


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        pytest.param("COMMENT ON TABLE marts.number IS NULL", "table marts.number has no comment", id="table"),
        pytest.param("COMMENT ON COLUMN marts.number.n IS NULL", r"column\(s\) n have no comment", id="column"),
        pytest.param("CREATE VIEW marts.v AS SELECT 1 AS one", "table marts.v has no comment", id="view"),
    ],
)
def test_undocumented_build_is_not_published(settings: Settings, damage: str, finding: str) -> None:
    publish_number(settings, 1)
    build = fill(begin_build(settings, "bad"), 2)
    build.connection.execute(damage)
    with pytest.raises(AuditError, match=finding):
        publish(build, RunFigures(), [])
    abandon(build)
    assert number_in(settings.warehouse_path) == [(1, ROWS)]


def add_result(build: Build, rule: str, run_id: str, success: bool, error: str | None = None) -> None:
    build.connection.execute(
        "INSERT INTO quality.expectation_result VALUES (?, ?, 'raw.file', 'gate', 5, 4, 1, 0, ?, ?, now()::TIMESTAMP)",
        [run_id, rule, success, error],
    )


def test_failed_missing_and_broken_gates_stop_publishing(settings: Settings) -> None:
    """A result of another run does not count, and a gate without a result is as bad as a failed one."""
    publish_number(settings, 1)
    build = fill(begin_build(settings, "bad"), 2)
    add_result(build, "holds", "bad", True)
    add_result(build, "fails", "bad", False)
    add_result(build, "breaks", "bad", False, "no such column")
    add_result(build, "only_earlier", "another-run", True)
    with pytest.raises(AuditError) as caught:
        publish(build, RunFigures(), ["holds", "fails", "breaks", "only_earlier"])
    assert [finding.split(":")[0] for finding in caught.value.findings] == [
        "gate breaks failed",
        "gate fails failed",
        "gate only_earlier has no result in this run; it must run and hold",
    ]
    assert "The former warehouse stays" in str(caught.value)
    abandon(build)
    assert number_in(settings.warehouse_path) == [(1, ROWS)]
    assert not writer_is_active(settings)


def test_publish_can_be_tried_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch of the link fails once, as on a full disk; the same build is then published by a second call."""
    publish_number(settings, 1)
    build = fill(begin_build(settings, "again"), 2)
    real = publish_module.switch_link

    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publish_module, "switch_link", full_disk)
    with pytest.raises(OSError, match="No space"):
        publish(build, RunFigures(), [])
    assert number_in(settings.warehouse_path) == [(1, ROWS)]
    monkeypatch.setattr(publish_module, "switch_link", real)
    publish(build, RunFigures(), [])
    assert number_in(settings.warehouse_path) == [(2, ROWS)]
    abandon(build)
    assert number_in(settings.warehouse_path) == [(2, ROWS)], "a published build cannot be abandoned"


def test_older_builds_are_pruned_but_never_the_linked_one(settings: Settings) -> None:
    first = publish_number(settings, 1)
    for number in (2, 3):
        publish_number(settings, number)
    rollback(settings, first.build_id)
    fourth = publish_number(settings, 4)
    kept = list_builds(settings)
    assert len(kept) == 3
    assert [build.build_id for build in kept if build.is_current] == [fourth.build_id]
    rollback(settings, kept[-1].build_id)
    publish_module.prune(settings.model_copy(update={"keep_builds": 2}))
    assert [build.is_current for build in list_builds(settings)] == [False, True]
    assert number_in(settings.warehouse_path)


def test_rollback_goes_back_step_by_step_and_forward_by_name(settings: Settings) -> None:
    ids = [publish_number(settings, number).build_id for number in (1, 2, 3)]
    assert rollback(settings).build_id == ids[1]
    assert number_in(settings.warehouse_path) == [(2, ROWS)]
    assert rollback(settings).build_id == ids[0]
    with pytest.raises(UnknownBuildError, match="no build older than the current one"):
        rollback(settings)
    assert rollback(settings, ids[2]).is_current
    assert number_in(settings.warehouse_path) == [(3, ROWS)]


def test_rollback_to_an_unknown_build_lists_the_kept_ones(settings: Settings) -> None:
    done = publish_number(settings, 1)
    with pytest.raises(UnknownBuildError, match=rf"no build nonsense .*{done.build_id} \(current\)"):
        rollback(settings, "nonsense")


def test_rollback_does_not_switch_to_a_damaged_build(settings: Settings) -> None:
    first = publish_number(settings, 1)
    publish_number(settings, 2)
    first.path.chmod(0o644)
    first.path.write_bytes(b"rotten" * 5000)
    with pytest.raises(WarehouseError, match="cannot be opened"):
        rollback(settings)
    assert number_in(settings.warehouse_path) == [(2, ROWS)]


def test_rollback_waits_for_no_run(settings: Settings) -> None:
    publish_number(settings, 1)
    publish_number(settings, 2)
    build = begin_build(settings, "running")
    with pytest.raises(WriterBusyError, match="running"):
        rollback(settings)
    abandon(build)
