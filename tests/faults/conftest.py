"""The server that starts commands and the builds of undisturbed runs, made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.fork_server import ForkServer
from tests.faults.worlds import World, prepare, write_synthetic


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    """`trialmart` with few models and rules."""
    with ForkServer(few=True) as started:
        yield started


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, server: ForkServer) -> World:
    """The synthetic world: a home with nothing published, one with a first build, both with files to read."""
    folder = tmp_path_factory.mktemp("world")
    write_synthetic(folder / "first", folder / "second")
    return prepare("sample", folder / "first", folder / "second", folder, server)
