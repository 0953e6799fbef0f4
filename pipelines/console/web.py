"""`trialmart ui`: Dagster's web server and daemon on this home.

Belongs here: their command line and environment, what is said before they start. Does not: what they show
(pipelines/definitions.py).
"""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from pipelines.console.terminal import stderr
from pipelines.settings import Settings
from pipelines.warehouse.errors import WarehouseError

ROOT = Path(__file__).resolve().parents[2]


def announce(settings: Settings, host: str, port: int) -> None:
    """Say on stderr where the UI will be, who reaches it, and what is on."""
    stderr().print(f"Dagster UI on http://{host}:{port} for {settings.home_dir}; Ctrl-C ends it")
    if not is_loopback(host):
        stderr().print(
            f"Whoever reaches {host}:{port} can see everything and start runs: there is no login "
            "(docs/security.md says how to put one in front)",
            style="red",
        )
    stderr().print("The daily schedule and the landing sensor are on; Automation in the UI switches them off.")


def serve(settings: Settings, host: str, port: int) -> NoReturn:
    """Become the Dagster process. WarehouseError where the port is taken, or the history of runs cannot be kept."""
    _refuse_taken_port(host, port)
    from pipelines.orchestration.instance import open_instance, telling_of_run_history

    settings.landing_dir.mkdir(parents=True, exist_ok=True)
    with telling_of_run_history(settings):
        open_instance(settings).dispose()
    environment = {
        **os.environ,
        "TRIALMART_HOME": str(settings.home_dir),
        "TRIALMART_LANDING": str(settings.landing_dir),
        "DAGSTER_HOME": str(settings.dagster_home),
    }
    os.chdir(ROOT if (ROOT / "workspace.yaml").exists() else settings.home_dir)
    # A shell that starts us in the background lets us ignore Ctrl-C; Dagster ends its processes with that very signal.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(sys.executable, command(host, port), environment)  # noqa: S606 (our own interpreter, no shell)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def command(host: str, port: int) -> list[str]:
    """`dagster dev` on workspace.yaml, or on the module where trialmart is installed without its checkout."""
    workspace = ROOT / "workspace.yaml"
    target = ["-w", str(workspace)] if workspace.exists() else ["-m", "pipelines.definitions"]
    # `dagster dev` prints that `dg dev` supersedes it; dg is a package of its own that nothing here needs (2026-11).
    python = [sys.executable, "-W", "ignore"]
    return [*python, "-m", "dagster", "dev", *target, "-h", host, "-p", str(port), "--log-level", "warning"]


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WarehouseError(
                f"{host}:{port} cannot be used ({error.strerror}); choose another port with --port"
            ) from error
