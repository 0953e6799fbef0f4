"""What every test may use. Here: paths and tiny factories; a room's own fixtures live beside its tests."""

from __future__ import annotations

from pathlib import Path

import pytest

REPO_ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of real registry records beside the checkout; tests that need it are skipped where it is absent."""
    path = REPO_ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip(f"real registry records are not at hand ({path} does not exist)")
    return path


WHOLE_RUNS = ("orchestration", "cli")
"""Folders whose tests run the whole pipeline or the command in processes of its own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole runs are slow: `-m "not slow"` is the core run."""
    for item in items:
        if item.path.relative_to(REPO_ROOT / "tests").parts[0] in WHOLE_RUNS:
            item.add_marker(pytest.mark.slow)
