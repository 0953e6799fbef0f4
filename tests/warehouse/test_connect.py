"""A reader's connection reaches the warehouse and nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse.build import begin_build
from pipelines.warehouse.connect import connect_read_only, connect_writer
from pipelines.warehouse.errors import NoWarehouseError, WarehouseError
from pipelines.warehouse.publish import RunFigures, publish


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("connect") / "home")
    publish(begin_build(settings, "run"), RunFigures(), [])
    return settings


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("INSERT INTO raw.file SELECT * FROM raw.file", id="insert"),
        pytest.param("CREATE TABLE core.mine (a INTEGER)", id="create"),
        pytest.param("DROP TABLE raw.file", id="drop"),
        pytest.param("SELECT * FROM read_csv('/etc/hosts')", id="read-file"),
        pytest.param("SELECT * FROM read_text('/etc/hosts')", id="read-text"),
        pytest.param("SELECT * FROM glob('/etc/*')", id="glob"),
        pytest.param("COPY raw.file TO 'stolen.csv'", id="copy-to-file"),
        pytest.param("EXPORT DATABASE 'stolen'", id="export"),
        pytest.param("ATTACH 'other.duckdb'", id="attach"),
        pytest.param("INSTALL httpfs", id="install"),
        pytest.param("LOAD httpfs", id="load"),
        pytest.param("SELECT * FROM 'https://example.org/a.parquet'", id="network"),
        pytest.param("SET enable_external_access = true", id="undo-lock"),
        pytest.param("SET lock_configuration = false", id="undo-configuration-lock"),
        pytest.param("SET memory_limit = '1TB'", id="settings"),
    ],
)
def test_reader_can_do_nothing_but_read(settings: Settings, sql: str, tmp_path: Path) -> None:
    with connect_read_only(settings.warehouse_path) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql).fetchall()
    assert not list(tmp_path.glob("*stolen*"))


def test_reader_reads(settings: Settings) -> None:
    with connect_read_only(settings.warehouse_path) as connection:
        assert connection.execute("SELECT run_id FROM meta.build").fetchall() == [("run",)]


def test_no_warehouse_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouseError, match=r"does not exist.*trialmart run.*trialmart demo"):
        connect_read_only(tmp_path / "warehouse.duckdb")


def test_broken_link_is_named(tmp_path: Path) -> None:
    link = tmp_path / "warehouse.duckdb"
    link.symlink_to("builds/gone.duckdb")
    with pytest.raises(NoWarehouseError, match="points to a build that is gone"):
        connect_read_only(link)


def test_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(WarehouseError, match=r"cannot be opened.*trialmart rollback"):
        connect_read_only(path)


def test_writer_keeps_to_the_settings(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, threads=1, memory_limit_mb=512)
    with connect_writer(tmp_path / "b.duckdb", settings, tmp_path / "spill") as connection:
        row = connection.execute(
            "SELECT current_setting('threads'), current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchone()
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'b'").fetchone()
    assert row == (1, "512.0 MiB", str(tmp_path / "spill"))
    assert tags is not None
    assert "v1.5" in tags[0]["storage_version"], "DuckDB 1.5 must open what is published"
