"""What killed runs leave in the home, and that it goes: each test tells of a fault that the campaign found."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.quality.data_docs import ABANDONED_SECONDS, build_data_docs
from pipelines.settings import Settings
from pipelines.warehouse.build import abandon, begin_build
from pipelines.warehouse.builds import list_builds
from pipelines.warehouse.errors import UnknownBuildError
from pipelines.warehouse.publish import RunFigures, publish, rollback
from tests.faults.fork_server import REPO_ROOT


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def killed_at(settings: Settings, function: str) -> None:
    """A process that publishes a build and is killed as it comes to this function of pipelines.warehouse.publish."""
    script = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from pipelines.settings import Settings
        from pipelines.warehouse import publish as module
        from pipelines.warehouse.build import begin_build
        settings = Settings(home=Path({str(settings.home_dir)!r}))
        module.{function} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        module.publish(begin_build(settings, "killed"), module.RunFigures(), [])
    """)
    done = subprocess.run([sys.executable, "-c", script], cwd=REPO_ROOT, check=False)
    assert done.returncode == -9


def test_build_that_was_never_linked_is_no_build_to_go_back_to(settings: Settings) -> None:
    """Killed between giving the build its name and switching the link, a run left a build that readers never had.
    `trialmart rollback` took it for the one before the current build, and it took a kept build's place.
    """
    first = publish(begin_build(settings, "first"), RunFigures(), [])
    killed_at(settings, "switch_link")
    assert len(list(settings.builds_dir.glob("*/warehouse.duckdb"))) == 2
    assert [build.build_id for build in list_builds(settings)] == [first.build_id]
    with pytest.raises(UnknownBuildError, match="no build older"):
        rollback(settings)
    second = publish(begin_build(settings, "second"), RunFigures(), [])
    assert {path.name for path in settings.builds_dir.iterdir()} == {first.build_id, second.build_id}
    assert rollback(settings).build_id == first.build_id


def test_build_that_was_linked_stays_when_the_run_is_killed_right_after(settings: Settings) -> None:
    publish(begin_build(settings, "first"), RunFigures(), [])
    killed_at(settings, "prune")
    killed = list_builds(settings)[0]
    assert killed.is_current
    assert killed.build_id.endswith("_killed")
    abandon(begin_build(settings, "next"))
    assert list_builds(settings)[0] == killed


def test_build_of_older_code_that_was_never_linked_goes_too(settings: Settings) -> None:
    """Builds of older code lie beside their mark, not in a folder: a killed one would have been one to go back to."""
    first = publish(begin_build(settings, "first"), RunFigures(), [])
    left = settings.builds_dir / "warehouse_20260101T000000_killed.duckdb"
    left.write_bytes(first.path.read_bytes())
    mark = settings.builds_dir / ".publishing_20260101T000000_killed"
    mark.touch()
    abandon(begin_build(settings, "next"))
    assert not left.exists()
    assert not mark.exists()
    assert [build.build_id for build in list_builds(settings)] == [first.build_id]


@pytest.mark.parametrize("name", ["archive/ab/.copying_x", ".warehouse_link_x", "work/x/parts/y.parquet"])
def test_unfinished_files_go_with_the_next_build(settings: Settings, name: str) -> None:
    """Half copies in the archive stayed for ever: of a registry's whole download gigabytes for each killed run."""
    left = settings.home_dir / name
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    whole = settings.archive_dir / "ab" / "whole"
    whole.parent.mkdir(parents=True, exist_ok=True)
    whole.write_bytes(b"whole")
    abandon(begin_build(settings, "next"))
    assert not left.exists()
    assert whole.exists()


def test_half_made_sites_go_once_nobody_can_be_making_them(tmp_path: Path) -> None:
    """A run killed while it wrote its Data Docs left a folder in the home for ever. The step may come after publishing,
    when the next run has begun, so only an old one is surely nobody's.
    """
    old, young = tmp_path / ".data_docs-old", tmp_path / ".data_docs-young"
    for folder in (old, young):
        (folder / "site").mkdir(parents=True)
    long_ago = time.time() - 2 * ABANDONED_SECONDS
    os.utime(old, (long_ago, long_ago))
    build_data_docs([], [], tmp_path / "data_docs", "run", datetime.now(UTC))
    assert not old.exists()
    assert young.exists()
