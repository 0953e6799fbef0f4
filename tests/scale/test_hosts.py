"""Workers, and all of deploy/compose.yaml, on hosts of their own: it works over a network, and when cables are pulled.

A process that is killed tells its peers; a host that is cut off tells nobody, and what waits for it waits as long as
it was told to.
"""

from __future__ import annotations

import os
import time
import urllib.error
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from pipelines.sample import write_sample
from pipelines.warehouse.builds import BUILDING
from tests.scale import servers
from tests.scale.composed import Composed
from tests.scale.deployment import deployment, staging_process
from tests.scale.hosts import Host, name_of_host, network
from tests.scale.test_compose_start import PATIENCE_SECONDS, PIPELINE, STAGING, ended, records

servers.needs("dagster_celery", "dagster_postgres", "dagster_webserver", "redis", "duckdb_extension_ducklake")

if not os.environ.get("TRIALMART_LONG_TESTS"):
    pytest.skip("minutes of eight hosts: set TRIALMART_LONG_TESTS=1 to run them", allow_module_level=True)

HOSTS = ("postgres", "redis", "minio", "code", "webserver", "daemon", "worker", "worker2")

CUT_OFF_SECONDS = 90.0
"""Longer than anything is patient with a silent peer here: the catalog's and the instance's connections wait for 60."""


@dataclass
class Deployed:
    composed: Composed
    hosts: dict[str, Host]

    def without(self, name: str, seconds: float = CUT_OFF_SECONDS) -> None:
        """Cut a host off for a while."""
        self.hosts[name].cut_off()
        time.sleep(seconds)
        self.hosts[name].plug_in()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with ExitStack() as stack:
        hosts = stack.enter_context(network(*HOSTS))
        postgres = stack.enter_context(servers.postgres(hosts["postgres"]))
        redis = stack.enter_context(servers.redis(hosts["redis"]))
        storage = stack.enter_context(servers.object_storage(hosts["minio"]))
        made = Composed(tmp_path_factory.mktemp("composed"), postgres, redis, storage, hosts)
        stack.callback(made.stop)
        made.start("code")
        servers.wait_for(lambda: made.is_healthy("code"), "the code location to be healthy", 180)
        for service in ("webserver", "daemon", "worker"):
            made.start(service)
        made.start("worker", 2)
        servers.wait_for(made.is_up, "the web server to answer", 180)
        yield Deployed(made, hosts)


def _begun(home: Path) -> list[Path]:
    """Portions that workers are staging right now."""
    return [study.parent.parent for study in (home / "shards").rglob(".*.part/parts/study")]


def test_worker_cut_off_in_mid_portion(tmp_path: Path) -> None:
    """Its portion goes to another worker; when the cable is back it ends its own attempt, and nothing is doubled."""
    with ExitStack() as stack:
        hosts = stack.enter_context(network("postgres", "redis", "minio", "run", "worker0", "worker1"))
        postgres = stack.enter_context(servers.postgres(hosts["postgres"]))
        redis = stack.enter_context(servers.redis(hosts["redis"]))
        storage = stack.enter_context(servers.object_storage(hosts["minio"]))
        made = deployment(tmp_path / "deployment", postgres, "redis", redis, storage)
        stack.callback(made.stop_workers)
        write_sample(800, made.home / "landing", formats=("ctgov_zip",), seed=11)
        for number in range(2):
            made.start_worker(hosts[f"worker{number}"])
        staging = made.job("stage_landing", hosts["run"])
        servers.wait_for(lambda: bool(_begun(made.home)), "a worker to be in the middle of a portion", 180)
        name = name_of_host(staging_process(_begun(made.home)[0]))
        (cut_off,) = [host for host in hosts.values() if host.name == name]
        cut_off.cut_off()

        output, _ = staging.communicate(timeout=600)
        assert staging.returncode == 0, output[-5000:]
        cut_off.plug_in()
        servers.wait_for(lambda: not _begun(made.home), "the worker that was cut off to be done with its attempt", 180)
        (plan,) = (made.home / "shards").rglob("plan.json")
        done = list(plan.parent.glob("*/done.json"))
        assert len(done) == len(orjson.loads(plan.read_bytes())) > 2


def test_files_that_land_are_staged_on_other_hosts_and_published(deployed: Deployed) -> None:
    composed = deployed.composed
    write_sample(40, composed.landing, formats=("mixed",))

    assert ended(composed, STAGING, 1) == ["SUCCESS"], composed.log("code").read_text()[-5000:]
    assert ended(composed, PIPELINE, 1) == ["SUCCESS"], composed.log("code").read_text()[-5000:]
    assert records(composed) > 30


def test_broker_cut_off_while_workers_stage(deployed: Deployed) -> None:
    """Whether the staging run lives through it or is begun anew, its files are published in the end, without a hand."""
    composed = deployed.composed
    before, pipelines = records(composed), len(composed.runs(PIPELINE))
    write_sample(400, composed.landing / "bulk", formats=("ctgov_zip",), seed=11)
    data = composed.folder / "data"
    servers.wait_for(lambda: bool(_begun(data)), "a worker to be in the middle of a portion", PATIENCE_SECONDS)

    deployed.without("redis")

    assert ended(composed, PIPELINE, pipelines + 1)[0] == "SUCCESS", composed.log("code").read_text()[-5000:]
    assert composed.runs(STAGING)[0][1] == "SUCCESS"
    assert records(composed) > before + 350


def test_database_cut_off_while_the_pipeline_runs(deployed: Deployed) -> None:
    """Instance and catalog are away at once: the run ends, is begun anew, and publishes."""
    composed = deployed.composed
    before, pipelines = records(composed), len(composed.runs(PIPELINE))
    write_sample(60, composed.landing / "later", formats=("ctgov_ndjson",), seed=5)
    builds = composed.folder / "data" / "builds"
    servers.wait_for(lambda: bool(list(builds.glob(f"{BUILDING}*"))), "a build to be under way", PATIENCE_SECONDS)

    deployed.without("postgres")

    def has_succeeded() -> bool:
        """The web server's first answer is an error: it keeps a connection, which did not outlive the cut."""
        try:
            later = composed.runs(PIPELINE)[: -pipelines or None]
        except urllib.error.HTTPError:
            return False
        return any(status == "SUCCESS" for _, status in later)

    servers.wait_for(has_succeeded, "a run of the pipeline to succeed after all", PATIENCE_SECONDS)
    assert records(composed) > before
