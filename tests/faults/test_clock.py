"""The machine's clock is set back between two runs: builds and rows keep their order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.warehouse import build as build_module
from pipelines.warehouse.build import begin_build
from pipelines.warehouse.builds import dated_ahead, list_builds, published_path
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.intake import changed_code
from pipelines.warehouse.publish import RunFigures, publish, rollback
from pipelines.warehouse.versions import Versions, current_versions


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def set_back(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(UTC) - timedelta(days=days)

    monkeypatch.setattr(build_module, "datetime", Clock)


def test_a_build_after_the_clock_was_set_back_is_still_the_newest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids of builds and the rows of meta.build went by the clock alone: the newest build sorted as the oldest, so that
    `trialmart rollback` went the wrong way, and every run took the code for changed until the clock had caught up.
    """
    old_code = Versions("0", "old", "old", "old")
    first = publish(begin_build(settings, "first"), RunFigures(), [], old_code)
    set_back(monkeypatch, days=30)
    assert changed_code(settings) == ["rules", "models"]
    build = begin_build(settings, "second")
    assert build.now() > first.published_at.replace(tzinfo=UTC)
    second = publish(build, RunFigures(), [], current_versions())
    assert [one.build_id for one in list_builds(settings)] == [second.build_id, first.build_id]
    assert second.published_at > first.published_at
    assert changed_code(settings) == []
    with connect_read_only(settings.warehouse_path) as connection:
        order = connection.execute("SELECT run_id FROM meta.build ORDER BY started_at").fetchall()
    assert order == [("first",), ("second",)]
    assert rollback(settings).build_id == first.build_id


def test_a_right_clock_is_believed(settings: Settings) -> None:
    before = datetime.now(UTC)
    build = begin_build(settings, "only")
    assert before <= build.started_at.replace(tzinfo=UTC) <= build.now() <= datetime.now(UTC)
    done = publish(build, RunFigures(), [])
    assert re.match(rf"{before:%Y%m%dT%H%M}", done.build_id)


def test_builds_of_a_clock_that_was_ahead_are_told(settings: Settings) -> None:
    """One run under a clock of 2099, and every later one was dated, and its rules and deadlines judged, as of 2099
    without a word."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for build_id in ("20261122T235959_right", "20991231T235958_wrong", "20991231T235959_after"):
        path = published_path(settings, build_id)
        path.parent.mkdir(parents=True)
        path.touch()
    said = dated_ahead(settings, now)
    assert said is not None
    assert "20991231T235958_wrong is dated 2099-12-31, this machine's clock says 2026-11-22" in said
    assert dated_ahead(settings, datetime(2099, 12, 31, 12, tzinfo=UTC)) is None
