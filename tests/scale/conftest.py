"""The servers, once for all tests of this folder; every one of these tests is slow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scale import servers

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    with servers.postgres() as running:
        yield running


@pytest.fixture(scope="session")
def redis() -> Iterator[servers.Server]:
    with servers.redis() as running:
        yield running


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[servers.Server]:
    with servers.rabbitmq() as running:
        yield running


@pytest.fixture(scope="session")
def object_storage() -> Iterator[servers.ObjectStorage]:
    with servers.object_storage() as running:
        yield running
