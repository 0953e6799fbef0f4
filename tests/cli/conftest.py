"""One finished run to look at, and no settings but those that a test gives."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.warehouse.connect import connect_read_only
from tests.pipeline_run import FinishedRun, finished_run


@pytest.fixture(scope="session")
def done() -> FinishedRun:
    return finished_run()


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRIALMART_HOME", "TRIALMART_LANDING", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def connection(done: FinishedRun) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_read_only(done.home / "warehouse.duckdb") as connection:
        yield connection
