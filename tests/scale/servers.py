"""The servers that a deployment over many machines uses, started for tests on loopback or on hosts of a network:
PostgreSQL, Redis, RabbitMQ, S3.

Belongs here: finding, starting, stopping, freezing them. Each is a process of its own with a folder of its own, and the
tests that need one skip with a reason where its program is not installed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scale.hosts import LOOPBACK, Host

START_SECONDS = 30.0


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def needs(*modules: str) -> None:
    """Skip where an extra is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (requirements/scale-test.lock)", allow_module_level=True)


def program(name: str) -> str:
    """The path of a server's program; skips where there is none. Debian keeps PostgreSQL's out of PATH, and has a
    rabbitmq-server in it that gives up the environment.
    """
    folders = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join(["/usr/lib/rabbitmq/bin", os.environ.get("PATH", ""), *folders]))
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: apt-get install postgresql redis-server rabbitmq-server)")
    return found


class Server:
    """A server process in the foreground; its output goes to `folder`/log."""

    def __init__(
        self,
        command: list[str],
        folder: Path,
        port: int,
        user: str | None = None,
        environment: dict[str, str] | None = None,
        host: Host = LOOPBACK,
    ) -> None:
        self.command, self.folder, self.port, self.host = host.command(command, user), folder, port, host
        self.environment_of_process = os.environ | (environment or {})
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until the port answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=self.environment_of_process,
                start_new_session=True,
            )
        wait_for(self._answers, f"{self.command[0]} to listen on port {self.port}")

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.command} ended: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")
        with socket.socket() as probe:
            return probe.connect_ex((self.host.address, self.port)) == 0

    def send(self, number: signal.Signals) -> None:
        """Signal the process alone."""
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait; killed when it does not go."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.send(signal.SIGCONT)
            self.send(number)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process = None


def wait_for(holds: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Wait until something holds; fails, saying what, when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.05)


@contextlib.contextmanager
def server_folder(user: str | None = None) -> Iterator[Path]:
    """A folder that the server's user may enter, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="trialmart-server-"))
    if user is not None:
        shutil.chown(folder, user)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Postgres(Server):
    """PostgreSQL with the superuser `trialmart`, without a password for the hosts of a test."""

    def _answers(self) -> bool:
        """It listens before it has recovered from a crash, and then refuses: ask it for a connection."""
        import psycopg2

        if not super()._answers():
            return False
        try:
            psycopg2.connect(host=self.host.address, port=self.port, user="trialmart", dbname="postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """For SQLAlchemy and Dagster."""
        return f"postgresql+psycopg2://trialmart@{self.host.address}:{self.port}/{database}"

    def lake(self, database: str) -> str:
        """For TRIALMART_STORAGE."""
        address = f"host={self.host.address} port={self.port} user=trialmart connect_timeout=5 tcp_user_timeout=5000"
        return f"ducklake:postgres:dbname={database} {address}"

    def create(self, database: str) -> None:
        """Make an empty database."""
        self.run(f'CREATE DATABASE "{database}"')

    def run(self, sql: str, database: str = "postgres") -> None:
        """Run a statement of the superuser, in no transaction."""
        import psycopg2

        connection = psycopg2.connect(host=self.host.address, port=self.port, user="trialmart", dbname=database)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
        connection.close()


@contextlib.contextmanager
def postgres(host: Host = LOOPBACK) -> Iterator[Postgres]:
    """A cluster of its own. PostgreSQL refuses to run as root: then as postgres, or nobody."""
    needs("psycopg2")
    initdb, server = program("initdb"), program("postgres")
    user = None
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
    with server_folder(user) as folder:
        data, port = folder / "data", free_port()
        command = [initdb, "-D", str(data), "-A", "trust", "-U", "trialmart", "-E", "UTF8", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, user=user, cwd=folder)
        with (data / "pg_hba.conf").open("a") as trusted:
            trusted.write("host all all samenet trust\n")
        settings = ["-c", f"listen_addresses={host.address}", "-c", "fsync=off", "-k", str(folder)]
        running = Postgres([server, "-D", str(data), "-p", str(port), *settings], folder, port, user, host=host)
        running.start()
        try:
            yield running
        finally:
            running.stop(signal.SIGINT)


@contextlib.contextmanager
def redis(host: Host = LOOPBACK) -> Iterator[Server]:
    """A broker that forgets everything when it ends."""
    binary = program("redis-server")
    with server_folder() as folder:
        port = free_port()
        command = [binary, "--port", str(port), "--bind", host.address, "--protected-mode", "no", "--save", ""]
        running = Server(command, folder, port, host=host)
        running.start()
        try:
            yield running
        finally:
            running.stop()


@contextlib.contextmanager
def rabbitmq() -> Iterator[Server]:
    """A broker with the user guest, who may come from loopback alone; all it keeps is in its folder."""
    binary = program("rabbitmq-server")
    with server_folder() as folder:
        port = free_port()
        environment = {
            "HOME": str(folder),  # where Erlang keeps its cookie
            "RABBITMQ_NODENAME": f"trialmart{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(free_port()),
        }
        running = Server([binary], folder, port, environment=environment)
        running.start()
        try:
            yield running
        finally:
            running.stop()
            subprocess.run(["epmd", "-port", environment["ERL_EPMD_PORT"], "-kill"], check=False, capture_output=True)


def own_certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """A certificate for an address, signed by itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        program("openssl"),
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=storage",
    ]
    command += ["-addext", f"subjectAltName=IP:{address}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


class ObjectStorage(Server):
    """An S3-compatible server; it keeps its objects in memory, so freeze it (SIGSTOP) rather than stop it."""

    trusted: Path | None = None
    """The certificate that it shows, where it speaks TLS."""

    @property
    def environment(self) -> dict[str, str]:
        """The settings and credentials that reach it."""
        return {
            "TRIALMART_S3_ENDPOINT": f"{self.host.address}:{self.port}",
            "TRIALMART_S3_USE_SSL": "false",
            "AWS_ACCESS_KEY_ID": "trialmart",
            "AWS_SECRET_ACCESS_KEY": "trialmart",
        }

    def create(self, bucket: str) -> None:
        """Make an empty bucket."""
        scheme = "http" if self.trusted is None else "https"
        request = urllib.request.Request(f"{scheme}://{self.host.address}:{self.port}/{bucket}", method="PUT")
        trusted = None if self.trusted is None else ssl.create_default_context(cafile=self.trusted)
        urllib.request.urlopen(request, timeout=10, context=trusted).close()


@contextlib.contextmanager
def object_storage(host: Host = LOOPBACK, *, tls: bool = False) -> Iterator[ObjectStorage]:
    """moto's server process; `tls`: with a certificate that nobody knows but `trusted`."""
    needs("moto", "flask", "flask_cors")
    with server_folder() as folder:
        port = free_port()
        command = [sys.executable, "-m", "moto.server", "-H", host.address, "-p", str(port)]
        if tls:
            certificate, key = own_certificate(folder, host.address)
            command += ["-s", "-c", str(certificate), "-k", str(key)]
        running = ObjectStorage(command, folder, port, host=host)
        running.trusted = certificate if tls else None
        running.start()
        try:
            yield running
        finally:
            running.stop()
