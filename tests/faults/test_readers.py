"""Readers go on while builds are published: no error, no half build, never back to an older one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.readers import read_through_publishes


@pytest.mark.slow
def test_readers_in_a_loop_and_one_that_holds_on_see_whole_builds(tmp_path: Path) -> None:
    """The campaign does this with 20 readers and 50 publishes."""
    seen = read_through_publishes(tmp_path / "home", readers=5, publishes=12)
    assert seen.wrongs == ()
    assert seen.reads > 5 * 6
    assert seen.most_builds_seen > 3
