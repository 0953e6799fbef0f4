"""A reader's connection reaches the warehouse and nothing else."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
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


SECRET = "secret.csv"
FILES = {
    "read_csv": "FROM read_csv('{folder}/secret.csv')",
    "replacement scan": "FROM '{folder}/secret.csv'",
    "sniff_csv": "FROM sniff_csv('{folder}/secret.csv')",
    "read_text": "FROM read_text('{folder}/secret.csv')",
    "read_blob": "FROM read_blob('/proc/self/environ')",
    "glob": "FROM glob('{folder}/*')",
    "read_json": "FROM read_json('{folder}/x.json')",
    "read_parquet": "FROM read_parquet('{folder}/x.parquet')",
    "parquet_metadata": "FROM parquet_metadata('{folder}/x.parquet')",
    "query": "FROM query('SELECT * FROM read_csv(''{folder}/secret.csv'')')",
    "query_table": "FROM query_table('{folder}/secret.csv')",
    "serialised": "FROM json_execute_serialized_sql(json_serialize_sql('FROM read_csv(''{folder}/secret.csv'')'))",
    "getenv": "SELECT getenv('HOME')",
    "polars frame": "FROM a_polars_frame",
    "arrow table": "FROM an_arrow_table",
    "relation": "FROM a_relation",
    "frame by query_table": "FROM query_table('a_polars_frame')",
    "copy": "COPY (SELECT 1) TO '{folder}/out.csv'",
    "copy explained": "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/out.csv'",
    "copy from": "COPY raw.file FROM '{folder}/secret.csv'",
    "export": "EXPORT DATABASE '{folder}/out'",
    "import": "IMPORT DATABASE '{folder}/out'",
    "pragma import": "PRAGMA import_database('{folder}/out')",
    "attach": "ATTACH '{folder}/other.duckdb'",
    "attach itself": "ATTACH '{build}' AS again",
    "log beside the build": "COPY (SELECT 'x') TO '{build}.wal'",
    "log beside the build, explained": "EXPLAIN ANALYZE COPY (SELECT 'x') TO '{build}.wal.recovery'",
    "checkpoint beside the build": "COPY (SELECT 'x') TO '{build}.wal.checkpoint'",
    "over the build": "COPY (SELECT 'x') TO '{build}'",
    "folder to spill into": "EXPORT DATABASE '{build}.tmp'",
    "file logging": "CALL enable_logging(storage='file', storage_config={{'path': '{folder}/log'}})",
    "file logging, as a query": "FROM enable_logging(storage := 'file', storage_config := {{'path': '{build}.wal'}})",
    "log of queries": "SET log_query_path = '{folder}/log'",
    "profile": "PRAGMA profiling_output = '{folder}/profile.json'",
    "install": "INSTALL httpfs",
    "load": "LOAD '{folder}/x.duckdb_extension'",
    "update extensions": "UPDATE EXTENSIONS",
    "http": "FROM 'http://127.0.0.1:9/x.csv'",
    "s3": "FROM 's3://bucket/x.parquet'",
    "postgres": "FROM postgres_scan('host=127.0.0.1', 'public', 't')",
    "sqlite": "FROM sqlite_scan('{folder}/x.db', 't')",
    "secret": "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "kept secret": "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'a')",
    "secrets": "FROM duckdb_secrets()",
    "allowed folders": "SET allowed_directories = ['/']",
    "spill elsewhere": "SET temp_directory = '{folder}'",
    "filesystems": "SET disabled_filesystems = ''",
    "reset": "RESET enable_external_access",
    "threads": "PRAGMA threads = 64",
}
"""Ways to a file, the network, a setting or the caller's memory."""


@pytest.mark.parametrize("second", [False, True], ids=["first", "second"])
def test_no_way_leads_to_a_file_or_out(settings: Settings, tmp_path: Path, second: bool) -> None:
    """EXPORT DATABASE into the folder to spill into wrote the whole database beside the builds, and COPY to the build's
    own name with .wal behind it a file that kept everybody from opening the warehouse: DuckDB allows a locked reader
    both. `second`: a further connection of the process, which finds the file open."""
    a_polars_frame, an_arrow_table = pl.DataFrame({"a": [1]}), pa.table({"a": [1]})  # noqa: F841 (must not be found)
    a_relation = duckdb.sql("SELECT 1")  # noqa: F841
    (tmp_path / SECRET).write_text("a\n1\n")
    build = settings.warehouse_path.resolve()
    before = sorted(settings.home_dir.rglob("*")), build.read_bytes()
    opened = []
    with connect_read_only(settings.warehouse_path) as first:
        connection = connect_read_only(settings.warehouse_path) if second else first
        for name, sql in FILES.items():
            with contextlib.suppress(duckdb.Error):
                rows = connection.execute(sql.format(folder=tmp_path, build=build)).fetchall()
                if rows or name != "secrets":  # which DuckDB 2.0 lists: there are none
                    opened.append((name, rows))
        assert connection.execute("SELECT run_id FROM meta.build").fetchall() == [("run",)]
        if second:
            connection.close()
    assert opened == []
    assert (sorted(settings.home_dir.rglob("*")), build.read_bytes()) == before
    assert [path.name for path in tmp_path.iterdir()] == [SECRET]


def test_many_threads_open_it_at_once_all_locked(settings: Settings) -> None:
    def opened(_: int) -> bool:
        with connect_read_only(settings.warehouse_path) as connection:
            with pytest.raises(duckdb.Error):
                connection.execute("FROM glob('/*')").fetchall()
            return connection.execute("SELECT current_setting('lock_configuration')").fetchone() == (True,)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(opened, range(40)))


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
