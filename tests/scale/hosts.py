"""Several hosts on one machine: network namespaces with an address each, on a bridge; their cable can be pulled.

Belongs here: making hosts, running commands on them, cutting them off. Does not: what runs there (servers.py,
deployment.py). They share files, as hosts with a shared folder do, and nothing of the network but the bridge: what
listens on 127.0.0.1 of one is not there for another.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

_NETWORK = f"198.18.{os.getpid() % 256}"
"""Of the addresses that are kept for tests of networks (RFC 2544); tests in other processes have others."""


@dataclass(frozen=True)
class Host:
    """`address` reaches it; `name` is its namespace, empty for this machine itself."""

    address: str
    name: str = ""

    def command(self, command: list[str], user: str | None = None) -> list[str]:
        """What runs `command` there, as `user`, in the process that is started (nothing in between remains)."""
        if user is not None:
            command = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", *command]
        return ["ip", "netns", "exec", self.name, *command] if self.name else command

    def cut_off(self) -> None:
        """Pull its cable: what it sends and what is sent to it is lost, and nobody is told."""
        _ip("link", "set", self.name, "nomaster")

    def plug_in(self) -> None:
        """Put the cable back."""
        _ip("link", "set", self.name, "master", _bridge())


LOOPBACK = Host("127.0.0.1")


@contextlib.contextmanager
def network(*names: str) -> Iterator[dict[str, Host]]:
    """Hosts by name on a network of their own; this machine stands on it too. Skips where that may not be made."""
    if os.geteuid() != 0 or shutil.which("ip") is None or shutil.which("setpriv") is None:
        pytest.skip("network namespaces need root, ip (Debian: iproute2) and setpriv (util-linux)")
    with contextlib.ExitStack() as stack:
        try:
            _ip("link", "add", _bridge(), "type", "bridge")
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network of its own may be made here: {error.stderr}")
        stack.callback(_ip, "link", "delete", _bridge())
        _ip("address", "add", f"{_NETWORK}.1/24", "dev", _bridge())
        _ip("link", "set", _bridge(), "up")
        hosts = {}
        for number, name in enumerate(names, 10):
            host = Host(f"{_NETWORK}.{number}", f"tm{os.getpid()}{name}"[:15])
            _ip("netns", "add", host.name)
            stack.callback(_ip, "netns", "delete", host.name)
            _ip("link", "add", host.name, "type", "veth", "peer", "name", "eth0", "netns", host.name)
            # Deleting the namespace takes the cable away some time later; the next network has the same names.
            stack.callback(_ip, "link", "delete", host.name)
            _ip("link", "set", host.name, "master", _bridge(), "up")
            _ip("-n", host.name, "address", "add", f"{host.address}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                _ip("-n", host.name, "link", "set", device, "up")
            hosts[name] = host
        yield hosts


def name_of_host(process: int) -> str:
    """The name of the host on which a process runs; empty for this machine itself."""
    return subprocess.run(
        ["ip", "netns", "identify", str(process)], check=True, capture_output=True, text=True
    ).stdout.strip()


def _bridge() -> str:
    return f"tm{os.getpid()}"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
