"""Dagster's daemon killed in the middle of a run and started again, as `trialmart ui` runs it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from pipelines.orchestration.instance import prepare_dagster_home
from pipelines.orchestration.keys import JOB_NAME
from pipelines.settings import Settings
from pipelines.warehouse.lock import writer_is_active
from tests.conftest import REPO_ROOT
from tests.environment import clean_environment
from tests.faults.fork_server import ForkServer
from tests.faults.worlds import World, which_build, wrongs

pytestmark = pytest.mark.slow

WAIT_SECONDS = 400.0
"""For what hangs. Most of a wait are the intervals at which Dagster looks at its runs, some 100 s; 150 s were too few
beside other work (2026-11-23)."""


def environment(home: Path) -> dict[str, str]:
    clean = clean_environment()
    return clean | {
        "PYTHONPATH": str(REPO_ROOT),
        "OPENBLAS_NUM_THREADS": "1",
        "TRIALMART_HOME": str(home),
        "DAGSTER_HOME": str(home / "dagster"),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }


@contextmanager
def daemon(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Dagster's daemon in a process group of its own, with its code server and its runs; all are killed at the end."""
    command = [sys.executable, "-m", "dagster._daemon", "run", "-m", "tests.faults.few_definitions"]
    with (home.parent / "daemon.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=environment(home), cwd=REPO_ROOT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        kill_all(process)


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to everything the daemon has started, as a machine's end would be."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(30)


def wait_until(holds: Callable[[], object], what: str, log: Path) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"waited {WAIT_SECONDS:.0f} s for {what}: {log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.1)


def test_daemon_killed_in_mid_run_and_started_again(server: ForkServer, world: World, tmp_path: Path) -> None:
    """Dagster's monitoring of runs does not see that a process of its own launcher is gone. The lost run stayed
    "started" and, with one run at a time, kept every other waiting; and since a run of these files had been asked for,
    the sensor asked for none again."""
    home = Path(shutil.copytree(world.begun, tmp_path / "home", symlinks=True))
    shutil.rmtree(home / "dagster")
    settings, log = Settings(home=home), tmp_path / "daemon.log"
    prepare_dagster_home(settings)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:

        def runs(*statuses: dg.DagsterRunStatus) -> list[dg.DagsterRun]:
            return list(instance.get_runs(dg.RunsFilter(job_name=JOB_NAME, statuses=list(statuses))))

        with daemon(home) as first:
            wait_until(lambda: writer_is_active(settings), "the sensor's run to write", log)
            (lost,) = runs(dg.DagsterRunStatus.STARTED)
            kill_all(first)
        wait_until(lambda: not writer_is_active(settings), "the killed run's process to be gone", log)
        assert wrongs(home, at_rest=False) == []
        assert which_build(home, world.begun, world.after) == "before"

        with daemon(home):
            wait_until(lambda: runs(dg.DagsterRunStatus.SUCCESS), "another run to end well", log)
        told = instance.get_run_by_id(lost.run_id)
        assert told is not None
        assert told.status is dg.DagsterRunStatus.FAILURE
        assert [run.parent_run_id for run in runs(dg.DagsterRunStatus.SUCCESS)] == [lost.run_id], "begun anew by itself"
    assert which_build(home, world.begun, world.after) == "after"
    assert wrongs(home) == []
