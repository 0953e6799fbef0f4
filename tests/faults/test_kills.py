"""A small selection of the campaign: runs killed at chosen points, and the build that comes in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fork_server import ForkServer
from tests.faults.kills import Chain, Figures, at_change, at_moment, at_stage
from tests.faults.worlds import World

pytestmark = pytest.mark.slow


def test_killed_runs_leave_a_whole_warehouse_and_the_next_run_makes_the_same_build(
    world: World, server: ForkServer, tmp_path: Path
) -> None:
    """While staging, while publishing, just before one of the last changes, at once."""
    chain = Chain(world, server, tmp_path, Figures())
    chain.run([at_stage(2), at_stage(6), at_change(world.changes - 4), at_moment(0.2)])
    figures = chain.figures
    assert figures.faults == []
    assert figures.kills.total() + figures.too_late >= 2
    assert figures.runs_completed == 1


def test_first_run_killed_leaves_nothing_or_the_whole_build(world: World, server: ForkServer, tmp_path: Path) -> None:
    chain = Chain(world, server, tmp_path, Figures())
    chain.run([at_change(12)], first_run=True)
    assert chain.figures.faults == []
    assert chain.figures.left == {"none": 1}
