"""Catalog or object storage going away: a clear failure, the former snapshot still served, a way on from there."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings, Storage
from pipelines.warehouse import lake_publish as lake_publish_module
from pipelines.warehouse import publish as publish_module
from pipelines.warehouse.build import Build, abandon, begin_build
from pipelines.warehouse.builds import build_id_of, current_build
from pipelines.warehouse.connect import published_for_reading
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.publish import RunFigures, publish
from tests.scale import servers
from tests.scale.hosts import Host, network

servers.needs("duckdb_extension_ducklake", "duckdb_extension_postgres_scanner", "duckdb_extension_httpfs")
from pipelines.warehouse.lake import LakeUnavailableError  # noqa: E402
from pipelines.warehouse.lake_publish import lake_build  # noqa: E402


@pytest.fixture(scope="module")
def storage(
    postgres: servers.Postgres, object_storage: servers.ObjectStorage
) -> Iterator[tuple[servers.Postgres, servers.ObjectStorage]]:
    """A lake on both servers, with the impatience of a test."""
    postgres.create("outage")
    object_storage.create("outage")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in object_storage.environment.items():
            patch.setenv(name, value)
        patch.setenv("TRIALMART_S3_TIMEOUT_SECONDS", "1")
        patch.setenv("TRIALMART_STORAGE", postgres.lake("outage"))
        patch.setenv("TRIALMART_STORAGE_DATA", "s3://outage/warehouse")
        yield postgres, object_storage


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


def begun(settings: Settings, run_id: str) -> Build:
    """A build without models that adds enough rows for a Parquet file."""
    build = begin_build(settings, run_id)
    build.connection.execute(
        "INSERT INTO staging.keyword (version_id, position, keyword) "
        "SELECT (SELECT count(*) FROM staging.keyword), range, ? FROM range(1000)",
        [run_id],
    )
    return build


def served(settings: Settings) -> list[str]:
    """The runs whose rows a reader is given."""
    with published_for_reading(settings) as connection:
        rows = connection.execute("SELECT DISTINCT keyword FROM staging.keyword ORDER BY 1").fetchall()
    return [run_id for (run_id,) in rows]


Servers = tuple[servers.Postgres, servers.ObjectStorage]


def test_outages_end_in_a_clear_failure_or_a_correct_build(storage: Servers, settings: Settings) -> None:
    postgres, objects = storage
    publish(begun(settings, "run1"), RunFigures(), ())
    assert served(settings) == ["run1"]

    build = begun(settings, "run2")
    postgres.stop(signal.SIGQUIT)  # as a crash ends it
    with pytest.raises(LakeUnavailableError, match=r"(?s)cannot be reached.*What was published before stands"):
        publish(build, RunFigures(), ())
    abandon(build)
    with pytest.raises(LakeUnavailableError):
        begin_build(settings, "run3")
    postgres.start()
    assert served(settings) == ["run1"]
    assert build_id_of(current_build(settings)) == lake_build(Storage())

    build = begun(settings, "run4")
    postgres.stop(signal.SIGQUIT)
    postgres.start()
    publish(build, RunFigures(), ())  # it was away while nobody needed it
    assert served(settings) == ["run1", "run4"]

    build = begun(settings, "run5")
    objects.send(signal.SIGSTOP)  # connections hang, as with a storage that is down behind its balancer
    with pytest.raises(LakeUnavailableError):
        publish(build, RunFigures(), ())
    objects.send(signal.SIGCONT)
    assert served(settings) == ["run1", "run4"]
    publish(build, RunFigures(), ())  # the step's own retry: the same build once more
    assert served(settings) == ["run1", "run4", "run5"]


@pytest.fixture
def far_storage(tmp_path: Path) -> Iterator[tuple[dict[str, Host], Settings]]:
    """A lake whose servers are hosts of their own, and a home that publishes into it."""
    with (
        network("catalog", "objects") as hosts,
        servers.postgres(hosts["catalog"]) as catalog,
        servers.object_storage(hosts["objects"]) as objects,
        pytest.MonkeyPatch.context() as patch,
    ):
        catalog.create("far")
        objects.create("far")
        for name, value in objects.environment.items():
            patch.setenv(name, value)
        patch.setenv("TRIALMART_S3_TIMEOUT_SECONDS", "2")
        patch.setenv("TRIALMART_STORAGE", catalog.lake("far"))
        patch.setenv("TRIALMART_STORAGE_DATA", "s3://far/warehouse")
        yield hosts, Settings(home=tmp_path / "home")


@pytest.mark.parametrize("name", ["catalog", "objects"])
def test_server_cut_off_while_publishing(
    far_storage: tuple[dict[str, Host], Settings], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host whose cable is pulled tells nobody: publishing waited for the catalog for hours, until TCP gave up."""
    hosts, settings = far_storage
    publish(begun(settings, "run1"), RunFigures(), ())
    # while tables are still to be written; when all but the commit is done
    step = {"objects": "_bring_in", "catalog": "_copy_views"}[name]
    goes_on = getattr(lake_publish_module, step)

    def cut_off(*arguments: Any) -> Any:
        hosts[name].cut_off()
        return goes_on(*arguments)

    build = begun(settings, "run2")
    with monkeypatch.context() as patch:
        patch.setattr(lake_publish_module, step, cut_off)
        with pytest.raises(LakeUnavailableError, match="What was published before stands"):
            publish(build, RunFigures(), ())
    hosts[name].plug_in()
    assert served(settings) == ["run1"]
    publish(build, RunFigures(), ())
    assert served(settings) == ["run1", "run2"]


def test_a_home_that_is_behind_its_lake_catches_up(
    storage: Servers, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the lake's commit and the switch of the link; and a home that is new."""
    build = begun(settings, "run6")

    def killed(*_: object) -> None:
        raise OSError("the machine is gone")

    with monkeypatch.context() as patch:
        patch.setattr(publish_module, "switch_link", killed)
        with pytest.raises(OSError, match="gone"):
            publish(build, RunFigures(), ())
    abandon(build)
    committed = lake_build(Storage())
    assert committed == build.build_id
    for home in (settings, Settings(home=tmp_path / "new")):
        following = begin_build(home, "run7")
        assert build_id_of(following.base) == committed
        rows = following.connection.execute("SELECT count(*) FROM staging.keyword WHERE keyword = 'run6'").fetchall()
        assert rows == [(1000,)]
        abandon(following)


@pytest.mark.parametrize("secret", ["geheim", "'ge heim'"])
def test_an_error_does_not_tell_the_password(tmp_path: Path, secret: str) -> None:
    nobody = f"ducklake:postgres:dbname=lake host=127.0.0.1 port=1 user=me password={secret} connect_timeout=1"
    with pytest.raises(LakeUnavailableError, match="cannot be reached") as raised:
        lake_build(Storage(storage=nobody, storage_data=str(tmp_path)))
    assert "heim" not in str(raised.value)
    assert "port=1" in str(raised.value)


def test_a_lake_needs_a_place_for_its_data() -> None:
    with pytest.raises(WarehouseError, match="TRIALMART_STORAGE_DATA"):
        lake_build(Storage(storage="ducklake:postgres:dbname=lake", storage_data=None))
