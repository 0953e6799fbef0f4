"""Runs killed by SIGKILL: at random moments, at each stage, just before each change to the home.

Belongs here: one chain of killed runs with what is checked after each, and the counting. Does not: the command line of
the campaign (__main__.py), the checks themselves (worlds.py).
"""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.warehouse.compare import TableContent
from tests.faults.fork_server import Command, ForkServer
from tests.faults.worlds import World, which_build, wrongs

STAGES = ("start:", "landing:", "staging:", "models:", "quality:", "models:", "publish:")
"""The lines by which a run that is no terminal's says how far it is, in their order."""


@dataclass
class Figures:
    """What a campaign did. `kills` by the way of killing, `left` by what was published afterwards."""

    kills: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    too_late: int = 0
    chains: int = 0
    runs_completed: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Kill:
    """A way of ending a run: `how` names it, `at` says where in words, `end` starts the run and ends it."""

    how: str
    at: str
    end: Callable[[ForkServer, Path, Path], Command]


def at_moment(seconds: float) -> Kill:
    """After so many seconds."""

    def end(server: ForkServer, home: Path, log: Path) -> Command:
        command = server.start("run", log=log, env={"TRIALMART_HOME": str(home)})
        time.sleep(seconds)
        command.kill()
        return command

    return Kill("moment", f"after {seconds:.2f} s", end)


def at_stage(number: int, delay: float = 0.0) -> Kill:
    """As soon as the stage (0-based, of STAGES) is announced, or a little later."""
    words = STAGES[number]
    times = STAGES[: number + 1].count(words)

    def end(server: ForkServer, home: Path, log: Path) -> Command:
        command = server.start("run", log=log, env={"TRIALMART_HOME": str(home)})
        if command.wait_for(f"] {words}", times):
            time.sleep(delay)
            command.kill()
        return command

    return Kill("stage", f"{delay:.2f} s into stage {number} ({words})", end)


def at_change(number: int) -> Kill:
    """Just before the n-th change (1-based) that Python makes to a file of the home."""

    def end(server: ForkServer, home: Path, log: Path) -> Command:
        return server.start("run", log=log, env={"TRIALMART_HOME": str(home)}, kill_before_change=number)

    return Kill("change", f"before change {number}", end)


def drawn(chance: random.Random, world: World) -> Kill:
    """Any way, at any place."""
    way = chance.random()
    if way < 0.5:
        return at_moment(chance.uniform(0.0, world.seconds * 1.05))
    if way < 0.7:
        return at_stage(chance.randrange(len(STAGES)), chance.choice([0.0, chance.uniform(0.0, 0.3)]))
    return at_change(chance.randint(1, world.changes))


@dataclass
class Chain:
    """Killed runs on one home, then one that is left alone and has to come to the build of an undisturbed run."""

    world: World
    server: ForkServer
    folder: Path
    figures: Figures

    def run(self, kills: list[Kill], *, first_run: bool = False, light: bool = True) -> None:
        """`first_run`: nothing is published yet. `light`: Dagster keeps nothing."""
        before, after = (None, self.world.before) if first_run else (self.world.begun, self.world.after)
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.world.empty if first_run else self.world.begun, home, symlinks=True)
        if not light:
            shutil.rmtree(home / "dagster")
        story = f"{self.world.name}, {'first' if first_run else 'second'} run"
        for kill in kills:
            story += f"; killed {kill.at}"
            if self._killed(kill, home, before, after, story) == "after":
                break
        self._completed(home, after, story)
        self.figures.chains += 1

    def _killed(
        self,
        kill: Kill,
        home: Path,
        before: Path | None,
        after: Mapping[str, TableContent],
        story: str,
    ) -> str:
        log = self.folder / "killed.log"
        code = kill.end(self.server, home, log).wait()
        if code == -9:
            self.figures.kills[kill.how] += 1
        elif code == 0:
            self.figures.too_late += 1
        else:
            self._fault(story, f"ended with {code} before it was killed: {log.read_text()[-1500:]}")
        left = which_build(home, before, after)
        self.figures.left[left if len(left) < 10 else "another"] += 1
        if left not in ("none", "before", "after"):
            self._fault(story, left)
        for wrong in wrongs(home, at_rest=False):
            self._fault(story, wrong)
        return left

    def _completed(self, home: Path, after: Mapping[str, TableContent], story: str) -> None:
        log = self.folder / "completed.log"
        code = self.server.run("run", log=log, env={"TRIALMART_HOME": str(home)}).wait()
        self.figures.runs_completed += 1
        if code != 0:
            self._fault(story, f"the next run ended with {code}: {log.read_text()[-1500:]}")
            return
        left = which_build(home, None, after)
        if left != "after":
            self._fault(story, f"the next run made another build than an undisturbed one: {left}")
        built = "nothing new" not in log.read_text()  # a run with nothing to do does not tidy up either
        for wrong in wrongs(home, at_rest=built):
            self._fault(story, f"after the next run: {wrong}")

    def _fault(self, story: str, wrong: str) -> None:
        self.figures.faults.append(f"{story}: {wrong}")
