"""deploy/compose.yaml service by service on loopback: files go in, a warehouse is served; lost runs begin anew."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from pipelines.sample import write_sample
from pipelines.warehouse.builds import BUILDING
from tests.pipeline_run import trialmart
from tests.scale import servers
from tests.scale.composed import Composed

servers.needs("dagster_celery", "dagster_postgres", "dagster_webserver", "redis", "duckdb_extension_ducklake")

if not os.environ.get("TRIALMART_LONG_TESTS"):
    pytest.skip(
        "minutes of seven services, as compose would start them: set TRIALMART_LONG_TESTS=1 to run them",
        allow_module_level=True,
    )

PATIENCE_SECONDS = 900.0
"""Of a machine with other work: sensors look every half minute, run monitoring as well."""

STAGING, PIPELINE = "stage_landing", "trialmart_pipeline"


@pytest.fixture(scope="module")
def composed(
    tmp_path_factory: pytest.TempPathFactory,
    postgres: servers.Postgres,
    redis: servers.Server,
    object_storage: servers.ObjectStorage,
) -> Iterator[Composed]:
    made = Composed(tmp_path_factory.mktemp("composed"), postgres, redis, object_storage)
    try:
        made.start("code")
        servers.wait_for(lambda: made.is_healthy("code"), "the code location to be healthy", 180)
        for service in ("webserver", "daemon", "worker"):
            made.start(service)
        made.start("worker", 2)
        servers.wait_for(made.is_up, "the web server to answer", 180)
        yield made
    finally:
        made.stop()


def ended(composed: Composed, job: str, runs: int) -> list[str]:
    """The states of a job's runs, newest first, once so many have been begun and the newest has ended."""

    def has_ended() -> bool:
        found = composed.runs(job)
        return len(found) >= runs and found[0][1] in ("SUCCESS", "FAILURE", "CANCELED")

    servers.wait_for(has_ended, f"run {runs} of {job} to end", PATIENCE_SECONDS)
    return [status for _, status in composed.runs(job)]


def records(composed: Composed) -> int:
    environment = {
        name: word
        for name, word in composed.environment("code").items()
        if name.startswith(("TRIALMART", "AWS", "PGPASSWORD"))
    }
    said = trialmart("sql", "SELECT count(*) AS n FROM core.record", "-f", "csv", **environment)
    assert said.returncode == 0, said.stderr
    return int(said.stdout.split()[1])


def _kill_the_run(composed: Composed) -> None:
    """What executes the run of the pipeline is killed, as with its machine, once there is something to lose. Pages of
    the build before may be made by another process then, which ends by itself.
    """

    def executing() -> list[int]:
        is_under_way = any((composed.folder / "data" / "builds").glob(f"{BUILDING}*"))
        return composed.started_by("code", "spawn_main") if is_under_way else []

    servers.wait_for(lambda: len(executing()) == 1, "a build to be under way, and nothing else", PATIENCE_SECONDS)
    os.kill(composed.started_by("code", "spawn_main")[0], signal.SIGKILL)


def test_files_that_land_are_staged_by_workers_and_published(composed: Composed) -> None:
    write_sample(40, composed.landing, formats=("mixed",))
    write_sample(200, composed.landing / "bulk", formats=("ctgov_zip",), seed=11)

    assert ended(composed, STAGING, 1) == ["SUCCESS"], composed.log("code").read_text()[-5000:]
    assert ended(composed, PIPELINE, 1) == ["SUCCESS"], composed.log("code").read_text()[-5000:]
    assert records(composed) > 200
    assert "stage_portions" in composed.log("worker").read_text() + composed.log("worker", 2).read_text()


def test_run_that_is_lost_with_its_process_is_begun_anew(composed: Composed) -> None:
    """Run monitoring finds that it is gone, the daemon begins all of it anew; the former build is served meanwhile."""
    before = records(composed)
    write_sample(60, composed.landing / "later", formats=("ctgov_ndjson",), seed=5)

    ended(composed, STAGING, 2)
    _kill_the_run(composed)
    assert records(composed) == before
    assert ended(composed, PIPELINE, 3)[:2] == ["SUCCESS", "FAILURE"]
    assert records(composed) > before
