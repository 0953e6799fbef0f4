"""Builds in the making: what begins, what is left after a crash, who may write."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.build import SCHEMAS, abandon, begin_build, copy_file
from pipelines.warehouse.errors import WarehouseError, WriterBusyError
from pipelines.warehouse.lock import writer_is_active
from pipelines.warehouse.publish import RunFigures, publish

REPO_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def publish_file(settings: Settings, run_id: str, file_id: str) -> None:
    """Publish a build that holds one more raw.file row than the one before."""
    build = begin_build(settings, run_id)
    build.connection.execute(
        "INSERT INTO raw.file BY NAME SELECT $1 AS file_id, $1 AS path, $1 AS sha256, 1 AS bytes, "
        "now()::TIMESTAMP AS first_seen_at, 1 AS records_seen, 1 AS records_accepted, 0 AS records_unchanged, "
        "0 AS records_quarantined",
        [file_id],
    )
    publish(build, RunFigures(files=1), [])


def test_first_build_has_every_source_table_with_comments(settings: Settings) -> None:
    build = begin_build(settings, "run-1")
    try:
        tables = build.connection.execute(
            "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables()"
        ).fetchall()
        uncommented = build.connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        ).fetchall()
        names = build.connection.execute("SELECT schema_name FROM duckdb_schemas()").fetchall()
    finally:
        abandon(build)
    assert {name for name, _ in tables} == set(SOURCE_TABLES)
    assert all(comment for _, comment in tables)
    assert uncommented == []
    assert set(SCHEMAS) <= {name for (name,) in names}


def test_next_build_goes_on_from_the_published_one(settings: Settings) -> None:
    publish_file(settings, "aaaa", "one")
    build = begin_build(settings, "bbbb")
    try:
        assert build.connection.execute("SELECT file_id FROM raw.file").fetchall() == [("one",)]
        assert build.base == settings.warehouse_path.resolve()
    finally:
        abandon(build)


def test_table_of_older_code_gets_the_missing_columns(settings: Settings) -> None:
    """A build of older code lacks columns: they are added, old rows hold NULL there, the comments are complete."""
    build = begin_build(settings, "old-code")
    build.connection.execute("ALTER TABLE staging.study DROP COLUMN acronym")
    build.connection.execute("INSERT INTO staging.study (version_id) VALUES (7)")
    publish(build, RunFigures(), [])
    build = begin_build(settings, "new-code")
    try:
        rows = build.connection.execute("SELECT version_id, acronym FROM staging.study").fetchall()
        comment = build.connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'study' AND column_name = 'acronym'"
        ).fetchone()
    finally:
        abandon(build)
    assert rows == [(7, None)]
    assert comment
    assert comment[0]


def test_second_writer_is_told_who_writes(settings: Settings) -> None:
    build = begin_build(settings, "first-run")
    try:
        assert writer_is_active(settings)
        with pytest.raises(WriterBusyError, match=r"is being written by run first-run \(process \d+ on .*Wait until"):
            begin_build(settings, "second-run")
        with pytest.raises(WriterBusyError):
            begin_build(settings, "patient-run", wait_seconds=0.6)
    finally:
        abandon(build)
    assert not writer_is_active(settings)
    abandon(begin_build(settings, "third-run"))


def test_abandoned_build_leaves_nothing(settings: Settings) -> None:
    build = begin_build(settings, "gone")
    (build.work_dir / "scratch.parquet").write_bytes(b"x")
    abandon(build)
    assert list(settings.builds_dir.iterdir()) == []
    assert list(settings.work_dir.iterdir()) == []
    assert not settings.warehouse_path.is_symlink()


def test_rejected_build_can_be_looked_into(settings: Settings) -> None:
    for run_id in ("rejected-1", "rejected-2"):
        build = begin_build(settings, run_id)
        build.connection.execute("CREATE TABLE core.seen AS SELECT $1 AS run_id", [run_id])
        kept = abandon(build, keep_for_inspection=True)
        assert kept is not None
    assert [path.name for path in settings.builds_dir.iterdir()] == ["rejected.duckdb"]
    with duckdb.connect(str(kept), read_only=True) as connection:
        assert connection.execute("SELECT run_id FROM core.seen").fetchone() == ("rejected-2",)


def test_failed_begin_releases_the_lock_and_leaves_nothing(settings: Settings) -> None:
    settings.home_dir.mkdir(parents=True)
    settings.warehouse_path.symlink_to("builds/gone.duckdb")
    with pytest.raises(WarehouseError, match=r"points to .*gone\.duckdb, which is gone.*trialmart rollback"):
        begin_build(settings, "run")
    assert not writer_is_active(settings)
    assert list(settings.builds_dir.iterdir()) == []


def test_file_in_place_of_the_link_is_not_overwritten(settings: Settings) -> None:
    settings.home_dir.mkdir(parents=True)
    settings.warehouse_path.write_bytes(b"somebody's own database")
    with pytest.raises(WarehouseError, match="is a file, not the link"):
        begin_build(settings, "run")
    assert settings.warehouse_path.read_bytes() == b"somebody's own database"


def test_copy_is_equal_and_independent(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(bytes(range(256)) * 1000)
    source.chmod(0o444)
    copy_file(source, target)
    assert target.read_bytes() == source.read_bytes()
    with target.open("r+b") as stream:
        stream.write(b"changed")
    assert source.read_bytes()[:4] == bytes(range(4))


def test_killed_build_leaves_the_warehouse_and_the_next_build_works(settings: Settings) -> None:
    """A child process is killed in the middle of writing a build, with its lock held and its file half full."""
    publish_file(settings, "good", "before")
    script = textwrap.dedent(f"""
        from pathlib import Path
        from pipelines.settings import Settings
        from pipelines.warehouse.build import begin_build
        build = begin_build(Settings(home=Path({str(settings.home_dir)!r})), "doomed")
        (build.work_dir / "part.parquet").write_bytes(b"x" * 100000)
        build.connection.execute("CREATE TABLE core.big AS SELECT repeat('x', 100) AS t FROM range(300000)")
        print("writing", flush=True)
        while True:
            build.connection.execute("INSERT INTO core.big SELECT repeat('y', 100) FROM range(10000)")
    """)
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=REPO_ROOT, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        with pytest.raises(WriterBusyError):
            begin_build(settings, "meanwhile")
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    assert list(settings.builds_dir.glob(".building_*"))
    publish_file(settings, "next", "after")
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        files = connection.execute("SELECT file_id FROM raw.file ORDER BY 1").fetchall()
        tables = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'big'").fetchone()
    assert files == [("after",), ("before",)]
    assert tables == (0,)
    assert list(settings.builds_dir.glob(".building_*")) == []
    assert list(settings.work_dir.iterdir()) == []
