"""The services of deploy/compose.yaml as processes, on loopback or on a host each, without a container runtime.

Belongs here: reading the compose file, the Dockerfile's words and the example's passwords, and starting trialmart's own
services by the commands and environments that stand there; PostgreSQL, Redis and the object storage are those of
servers.py. Names of hosts become addresses, ports free ones, /opt/dagster and /data folders: nothing else is changed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import REPO_ROOT
from tests.environment import clean_environment
from tests.scale import servers
from tests.scale.hosts import LOOPBACK, Host

DEPLOY = REPO_ROOT / "deploy"


class Composed:
    """A deployment as compose.yaml describes it; `folder` gets what would be its volumes.

    `hosts`: where services run, by name (worker, worker2); all others on loopback.
    """

    def __init__(
        self,
        folder: Path,
        postgres: servers.Postgres,
        redis: servers.Server,
        storage: servers.ObjectStorage,
        hosts: Mapping[str, Host] | None = None,
    ) -> None:
        self.folder, self._hosts = folder, hosts or {}
        self.ui_port, self.code_port = servers.free_port(), servers.free_port()
        self._given = dict(line.split("=", 1) for line in _lines("example.env") if "=" in line and line[0] != "#")
        self._compose = yaml.safe_load(self._filled_in((DEPLOY / "compose.yaml").read_text()))
        self._places = {
            "@postgres:5432": f"@{postgres.host.address}:{postgres.port}",
            "host=postgres ": f"host={postgres.host.address} port={postgres.port} ",
            "redis://redis:6379": f"redis://{redis.host.address}:{redis.port}",
            "minio:9000": f"{storage.host.address}:{storage.port}",
            "/opt/dagster": str(folder / "dagster"),
            "/data": str(folder / "data"),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lay_out(postgres, storage)

    def _filled_in(self, text: str) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda found: self._given[found[1]], text)

    def _lay_out(self, postgres: servers.Postgres, storage: servers.ObjectStorage) -> None:
        """What the servers' images, `bucket` and the Dockerfile do at the start."""
        services = self._compose["services"]
        postgres.create(services["postgres"]["environment"]["POSTGRES_DB"])
        for mount in services["postgres"]["volumes"]:
            source, _, target = mount.partition(":")
            if target.startswith("/docker-entrypoint-initdb.d/"):
                postgres.run((DEPLOY / source).read_text())
        storage.create(services["bucket"]["command"][-1].split("/")[-1])
        (self.folder / "data").mkdir()
        copied = re.search(r"&& cp (.*) /opt/dagster/", (DEPLOY / "Dockerfile").read_text())
        assert copied is not None
        (self.folder / "dagster").mkdir()
        for name in copied[1].split():
            text = (REPO_ROOT / name).read_text().replace("port: 4000", f"port: {self.code_port}")
            (self.folder / "dagster" / Path(name).name).write_text(text)

    def environment(self, service: str) -> dict[str, str]:
        """What the image and compose give to a service, and where this machine has its programs."""
        said = re.search(r"^ENV (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
        assert said is not None
        image = dict(word.split("=", 1) for word in shlex.split(said[1]))
        named = image | self._compose["services"][service]["environment"]
        named["TRIALMART_CODE_HOST"] = self._host("code").address
        clean = clean_environment()
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        placed = {name: self._placed(str(value)) for name, value in named.items()}
        return clean | placed | {"PATH": path, "PYTHONPATH": str(REPO_ROOT)}

    def _placed(self, text: str) -> str:
        for there, here in self._places.items():
            text = text.replace(there, here)
        return text

    def _host(self, service: str, number: int = 1) -> Host:
        return self._hosts.get(service if number == 1 else f"{service}{number}", LOOPBACK)

    def start(self, service: str, number: int = 1) -> None:
        """Start a service by its own command. `number` tells several of one service apart."""
        ports = {"4000": str(self.code_port), "3000": str(self.ui_port)}
        host = self._host(service, number)
        changed = ports | {"0.0.0.0": host.address}
        command = [self._placed(changed.get(word, word)) for word in self._compose["services"][service]["command"]]
        if number > 1:  # in containers the host's name tells them apart
            command[command.index("--") : command.index("--")] = ["-n", f"{service}{number}"]
        with self.log(service, number).open("wb") as log:
            self._processes[f"{service}{number}"] = subprocess.Popen(
                host.command(command),
                env=self.environment(service),
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, service: str, number: int = 1) -> Path:
        """What a service printed."""
        return self.folder / f"{service}{number}.log"

    def is_healthy(self, service: str) -> bool:
        """Whether the service's own health check passes."""
        host = self._host(service)
        command = [word.replace("4000", str(self.code_port)) for word in self._healthcheck(service)]
        if host is not LOOPBACK:
            command += ["--host", host.address]  # there the service listens on 0.0.0.0
        done = subprocess.run(command, env=self.environment(service), capture_output=True, check=False)
        return done.returncode == 0

    def _healthcheck(self, service: str) -> list[str]:
        test: list[str] = self._compose["services"][service]["healthcheck"]["test"]
        assert test[0] == "CMD"
        return test[1:]

    def asked(self, query: str) -> Any:
        """The web server's answer to a GraphQL query."""
        request = urllib.request.Request(
            f"http://{self._host('webserver').address}:{self.ui_port}/graphql",
            data=json.dumps({"query": query}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["data"]

    def runs(self, job: str) -> list[tuple[str, str]]:
        """Id and status of a job's runs, the newest first."""
        found = self.asked(
            f'{{runsOrError(filter: {{pipelineName: "{job}"}}) {{... on Runs {{results {{runId status}}}}}}}}'
        )
        return [(run["runId"], run["status"]) for run in found["runsOrError"]["results"]]

    def is_up(self) -> bool:
        """Whether the web server answers."""
        try:
            return bool(self.asked("{version}"))
        except OSError:
            return False

    @property
    def landing(self) -> Path:
        """Where new files go."""
        return self.folder / "data" / "landing"

    def started_by(self, service: str, words: str) -> list[int]:
        """Process ids of a service's children whose command has these words."""
        parent = self._processes[f"{service}1"].pid
        listed = subprocess.run(
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True, check=True
        )
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if words in line]

    def stop(self) -> None:
        """End everything, what the services started included."""
        for process in self._processes.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait(20)


def _lines(name: str) -> list[str]:
    return [line for line in (DEPLOY / name).read_text().splitlines() if line.strip()]
