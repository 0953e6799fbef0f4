"""Staging on Celery workers and publishing into DuckLake, with the real servers: the result of one machine."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.sample import write_sample
from pipelines.settings import Settings, Storage
from pipelines.warehouse.builds import current_build
from pipelines.warehouse.compare import RUN_COLUMNS, content_of, differences
from tests.pipeline_run import trialmart
from tests.scale import servers
from tests.scale.content import lake_differences
from tests.scale.deployment import BROKERS, Deployment, deployment, staging_process

servers.needs("dagster_celery", "dagster_postgres", "redis", "duckdb_extension_ducklake")

if not os.environ.get("TRIALMART_LONG_TESTS"):
    pytest.skip(
        "minutes of three workers, their servers and three whole builds: set TRIALMART_LONG_TESTS=1 to run them",
        allow_module_level=True,
    )

WORKERS = 3


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format with planted defects, and an archive large enough to be cut into many pieces of work."""
    folder = tmp_path_factory.mktemp("landing")
    write_sample(40, folder, formats=("mixed",))
    write_sample(800, folder / "bulk", formats=("ctgov_zip",), seed=11)
    return folder


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory, landing: Path) -> Path:
    """The warehouse that one machine builds of the same files."""
    home = tmp_path_factory.mktemp("single") / "home"
    shutil.copytree(landing, home / "landing")
    done = trialmart("run", home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    path = current_build(Settings(home=home))
    assert path is not None
    return path


@pytest.fixture(scope="module", params=BROKERS)
def deployed(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    landing: Path,
    postgres: servers.Postgres,
    object_storage: servers.ObjectStorage,
) -> Iterator[Deployment]:
    broker: servers.Server = request.getfixturevalue(request.param)
    made = deployment(tmp_path_factory.mktemp("deployment"), postgres, request.param, broker, object_storage)
    shutil.copytree(landing, made.home / "landing")
    try:
        yield made
    finally:
        made.stop_workers()


def _kill_in_mid_portion(made: Deployment) -> Path:
    """Kill the whole worker that is staging right now, and its process group; gives what its attempt left behind."""
    while True:
        found: list[Path] = []

        def someone_stages(found: list[Path] = found) -> bool:
            found[:] = sorted((made.home / "shards").rglob(".*.part/parts/study"))
            return bool(found)

        servers.wait_for(someone_stages, "a worker to be in the middle of a portion", 180)
        part = found[0].parent.parent
        group = os.getpgid(staging_process(part))
        os.killpg(group, signal.SIGSTOP)
        if part.is_dir():  # still at it, and now it cannot finish
            os.killpg(group, signal.SIGKILL)
            return part
        os.killpg(group, signal.SIGCONT)


def test_the_result_is_that_of_one_machine_though_a_worker_is_killed(
    deployed: Deployment, single: Path, postgres: servers.Postgres
) -> None:
    for _ in range(WORKERS):
        deployed.start_worker()
    staging = deployed.job("stage_landing")
    left = _kill_in_mid_portion(deployed)
    output, _ = staging.communicate(timeout=600)
    assert staging.returncode == 0, output[-5000:]
    assert left.is_dir(), "what the killed worker had begun is still there, and nobody took it for a result"
    deployed.stop_workers()
    environment = {name: word for name, word in deployed.environment.items() if name.startswith(("TRIALMART", "AWS"))}
    # the job of a deployment, on an instance in the home, whose log takes less time than one in PostgreSQL
    done = trialmart("run", **environment)
    assert done.returncode == 0, done.stdout + done.stderr

    path = current_build(Settings(home=deployed.home))
    assert path is not None
    assert differences(content_of(path), content_of(single)) == []
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        assert lake_differences(Storage(), single, leave_out=tuple(RUN_COLUMNS)) == []
    assert not list((deployed.home / "shards").rglob("*.parquet")), "what was taken up is let go of"
    said = trialmart("sql", "SELECT count(*) AS n FROM core.record", "-f", "csv", home=deployed.folder, **environment)
    assert said.returncode == 0, said.stderr
