"""Every statement that README.md and docs/ show runs on a warehouse as `trialmart run` makes it."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse.connect import connect_read_only
from tests.pipeline_run import FinishedRun

ROOT = Path(__file__).parents[2]
PAGES = {
    str(page.relative_to(ROOT)): blocks
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if (blocks := re.findall(r"```sql\n(.*?)```", page.read_text(), re.DOTALL))
}
NEEDS_AN_EXTENSION = "LOAD fts"
"""An extension that is no part of DuckDB, and of no warehouse."""


def test_there_are_statements_to_run() -> None:
    assert len(PAGES) > 10
    assert len(PAGES["README.md"]) == 1


@pytest.mark.parametrize("page", PAGES)
def test_documented_statements_run(done: FinishedRun, page: str) -> None:
    """The README asked marts.cross_registry_discrepancy for columns that it has had no more for a day."""
    ran = 0
    with connect_read_only(done.home / "warehouse.duckdb") as connection:
        for block in PAGES[page]:
            if NEEDS_AN_EXTENSION in block:
                continue
            for statement in connection.extract_statements(block):
                assert isinstance(connection.execute(statement), duckdb.DuckDBPyConnection)
                ran += 1
    assert ran or NEEDS_AN_EXTENSION in "".join(PAGES[page])
