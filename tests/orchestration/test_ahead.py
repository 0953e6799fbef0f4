"""A build begun before the first step: taken once, given up where nobody takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.orchestration.ahead import begun_ahead
from pipelines.settings import Settings
from pipelines.warehouse.build import abandon, begin_build
from pipelines.warehouse.errors import WriterBusyError
from pipelines.warehouse.lock import writer_is_active


def test_a_build_begun_ahead_is_taken_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with begun_ahead(settings, "run", 0.0) as beginning:
        build = beginning.take()
        assert build is not None
        assert beginning.take() is None
    assert build.path.is_file()
    assert writer_is_active(settings)
    abandon(build)


def test_a_build_that_nobody_takes_is_given_up(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(KeyboardInterrupt), begun_ahead(settings, "run", 0.0):
        raise KeyboardInterrupt
    assert not writer_is_active(settings)
    assert not list(settings.builds_dir.iterdir())
    assert not list(settings.work_dir.iterdir())


def test_who_needs_a_build_that_could_not_be_begun_learns_why(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    other = begin_build(settings, "another run")
    with begun_ahead(settings, "run", 0.0) as beginning:
        beginning.wait()
        assert beginning.take() is None
        with pytest.raises(WriterBusyError, match="another run"):
            begin_build(settings, "run")
    assert other.path.is_file()
    abandon(other)
