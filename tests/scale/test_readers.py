"""Reading a lake from elsewhere: as docs/scaling.md says, and from a storage that an own authority vouches for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings, Storage
from pipelines.warehouse.errors import WarehouseError
from tests.conftest import REPO_ROOT
from tests.scale import servers

servers.needs("duckdb_extension_ducklake", "duckdb_extension_postgres_scanner", "duckdb_extension_httpfs")
from pipelines.warehouse.lake import LakeUnavailableError, lake_reader  # noqa: E402
from pipelines.warehouse.lake_publish import publish_to_lake  # noqa: E402

RECORDS = 500
"""Enough for a Parquet file: DuckLake keeps a few rows in the catalog."""


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that looks like a build to the lake."""
    path = tmp_path_factory.mktemp("build") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA meta; CREATE SCHEMA core")
        connection.execute(
            "CREATE TABLE meta.build AS SELECT 'first' AS build_id, TIMESTAMP '2026-11-22' AS published_at"
        )
        connection.execute(
            f"CREATE TABLE core.record AS SELECT i AS record_key, 'COMPLETED' AS overall_status "
            f"FROM range({RECORDS}) AS r(i)"
        )
    return path


def _python_of(page: Path) -> str:
    found = re.search(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_page_on_scaling_says_how_to_read(
    postgres: servers.Postgres,
    object_storage: servers.ObjectStorage,
    build: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its words were `ATTACH …; USE lake` alone: DuckDB wanted to download its extension, and had no key. The role that
    reads is the one of the page, and reads what was published after it was made."""
    said = _python_of(REPO_ROOT / "docs" / "scaling.md")
    role = re.search(r"`CREATE ROLE reader [^`]*`", (REPO_ROOT / "docs" / "scaling.md").read_text())
    assert role is not None
    postgres.create("lake_of_the_page")
    for statement in role[0].strip("`").split("; "):
        postgres.run(statement, "lake_of_the_page")
    object_storage.create("page")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    lake = Storage(
        storage=postgres.lake("lake_of_the_page"),
        storage_data="s3://page/warehouse",
        s3_endpoint=f"127.0.0.1:{object_storage.port}",
        s3_use_ssl=False,
    )
    publish_to_lake(lake, Settings(home=tmp_path), build, "first", None)
    for there, here in {
        "s3.example.org": f"127.0.0.1:{object_storage.port}",
        "USE_SSL true": "USE_SSL false",
        "dbname=lake": "dbname=lake_of_the_page",
        "host=db.example.org port=5432": f"host=127.0.0.1 port={postgres.port}",
    }.items():
        assert there in said
        said = said.replace(there, here)
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert str(RECORDS) in done.stdout


def test_storage_with_a_certificate_of_an_own_authority(
    postgres: servers.Postgres, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hospital's storage: there was no word by which DuckDB could be told to trust its authority."""
    postgres.create("lake_over_tls")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with servers.object_storage(tls=True) as storage:
        storage.create("tls")
        assert storage.trusted is not None
        given = {
            "TRIALMART_STORAGE": postgres.lake("lake_over_tls"),
            "TRIALMART_STORAGE_DATA": "s3://tls/warehouse",
            "TRIALMART_S3_ENDPOINT": f"127.0.0.1:{storage.port}",
            "TRIALMART_S3_CA_FILE": str(storage.trusted),
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        publish_to_lake(Storage(), Settings(home=tmp_path), build, "first", None)
        with lake_reader(Storage()) as connection:
            assert connection.execute("SELECT count(overall_status) FROM core.record").fetchall() == [(RECORDS,)]
        monkeypatch.setenv("TRIALMART_S3_CA_FILE", os.devnull + "/none")
        with pytest.raises(WarehouseError, match="TRIALMART_S3_CA_FILE: there is no file"), lake_reader(Storage()):
            pass
        monkeypatch.delenv("TRIALMART_S3_CA_FILE")
        with pytest.raises(LakeUnavailableError, match="certificate"), lake_reader(Storage()) as connection:
            connection.execute("SELECT count(overall_status) FROM core.record WHERE record_key > 3")
