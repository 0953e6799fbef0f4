"""A deployment on one machine, of the real parts: PostgreSQL, Redis or RabbitMQ, an S3 server, Celery workers, one
shared home.

Belongs here: its environment, starting workers, running jobs as Dagster's launcher would. Does not: the servers
(servers.py).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.conftest import REPO_ROOT
from tests.environment import clean_environment
from tests.scale.hosts import LOOPBACK, Host
from tests.scale.servers import ObjectStorage, Postgres, Server

DEPLOY = REPO_ROOT / "deploy"
BROKERS = {
    "redis": ("redis://{host}:{port}/0", "redis://{host}:{port}/1"),
    "rabbitmq": ("amqp://guest:guest@{host}:{port}//", "rpc://"),
}
"""By kind of broker, where work is handed out and where results come back."""

LOST_AFTER_SECONDS = 20
"""When Redis gives the work of a worker that is gone to another one: short, so that the test need not wait long."""


@dataclass
class Deployment:
    """`folder` holds the shared home and Dagster's files; `environment` is what every process gets."""

    folder: Path
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def start_worker(self, host: Host = LOOPBACK) -> subprocess.Popen[bytes]:
        """One more worker, of one process, in a process group of its own."""
        name = f"worker{len(self.workers)}"
        command = [sys.executable, "-m", "dagster_celery.cli", "worker", "start", "-A", "dagster_celery.app"]
        command += ["-y", str(self.folder / "celery.yaml"), "-n", name, "--", "--concurrency", "1"]
        with (self.folder / f"{name}.log").open("wb") as log:
            worker = subprocess.Popen(
                host.command(command),
                env=self.environment,
                cwd=REPO_ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def stop_workers(self) -> None:
        """Kill them: their work is idempotent."""
        for worker in self.workers:
            try:
                os.killpg(worker.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            worker.wait(10)

    def job(self, name: str, host: Host = LOOPBACK) -> subprocess.Popen[str]:
        """Start a job of the deployment in a process of its own."""
        command = [sys.executable, "-m", "dagster", "job", "execute", "-m", "pipelines.orchestration.scaled"]
        return subprocess.Popen(
            host.command([*command, "-j", name]),
            env=self.environment,
            cwd=REPO_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def staging_process(part: Path) -> int:
    """The process that writes a portion under this name, which is nobody else's (stage_portion)."""
    return int(part.name.rsplit(".", 2)[-2].rsplit("-", 2)[-2])


def deployment(folder: Path, postgres: Postgres, kind: str, broker: Server, storage: ObjectStorage) -> Deployment:
    """Databases, bucket and files of a new deployment; no worker yet. `kind` of broker: of BROKERS."""
    for database in (f"instance_{kind}", f"lake_{kind}"):
        postgres.create(database)
    storage.create(f"trialmart-{kind}")
    handed_out, results = (address.format(host=broker.host.address, port=broker.port) for address in BROKERS[kind])
    (folder / "dagster").mkdir(parents=True)
    (folder / "dagster" / "dagster.yaml").write_text((DEPLOY / "dagster.yaml").read_text())
    said = yaml.safe_load((DEPLOY / "celery.yaml").read_text())
    said["execution"]["config"]["config_source"]["broker_transport_options"]["visibility_timeout"] = LOST_AFTER_SECONDS
    (folder / "celery.yaml").write_text(yaml.safe_dump(said))
    clean = clean_environment()
    environment = clean | {
        **storage.environment,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(REPO_ROOT),
        "POLARS_MAX_THREADS": "1",
        "DAGSTER_HOME": str(folder / "dagster"),
        "TRIALMART_HOME": str(folder / "home"),
        "TRIALMART_EXECUTOR": "celery",
        "TRIALMART_BROKER": handed_out,
        "TRIALMART_RESULTS": results,
        "TRIALMART_INSTANCE_DB": postgres.url(f"instance_{kind}"),
        "TRIALMART_STORAGE": postgres.lake(f"lake_{kind}"),
        "TRIALMART_STORAGE_DATA": f"s3://trialmart-{kind}/warehouse",
        "TRIALMART_SHARD_MIB": "2",
    }
    return Deployment(folder, environment)
