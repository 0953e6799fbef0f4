"""A campaign: input after input, target after target, and the figures of what was tried and found.

Belongs here: the loop, the watch over time, finding the input of a batch that is at fault. Does not: the command line
(__main__.py), what must hold (oracles.py).
"""

from __future__ import annotations

import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipelines.readers.base import BadRecord
from tests.fuzz.oracles import Results
from tests.fuzz.targets import Target, stage

MOST_SECONDS = 20.0
"""Processor time after which an input counts as one that hangs; they take milliseconds (2026-11)."""
_MOST_EXAMPLES = 3


class Overtime(BaseException):
    """The input has taken MOST_SECONDS. No Exception: readers, who must survive their own faults, do not catch it."""


@dataclass
class Figures:
    """What was tried of a target. `silent`: inputs that gave neither a record nor a quarantine entry (a heading
    without rows, an empty page). `faults`: by what was raised and where, how often; `examples` the first inputs."""

    inputs: int = 0
    records: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    slowest_seconds: float = 0.0
    slowest_input: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """What is not nothing, for JSON."""
        return {name: dict(value) if isinstance(value, dict) else value for name, value in vars(self).items() if value}

    @classmethod
    def read(cls, told: dict[str, Any]) -> Figures:
        """From what `told` gave."""
        counters = {name: Counter(told.get(name, {})) for name in ("quarantined", "faults")}
        return cls(**{**told, **counters})


@contextmanager
def watched() -> Iterator[None]:
    """Raise Overtime in the block when it has used its processor time."""

    def ring(*_: object) -> None:
        raise Overtime(f"more than {MOST_SECONDS} s of processor time")

    former = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


class Run:
    """One target's inputs, in their order. Input number i of a seed is always the same."""

    def __init__(self, target: Target, seed: int) -> None:
        self.target = target
        self.seed = seed
        self.figures = Figures()
        self._next = 0
        self._waiting: list[tuple[str, Results]] = []

    def go_on(self, count: int) -> None:
        """So many more inputs."""
        for number in range(self._next, self._next + count):
            self.take(str(number), self.made(number), number)
        self._next += count
        self.finish()

    def made(self, number: int) -> Any:
        """The input of that number."""
        return self.target.make(Random(f"{self.seed}/{self.target.name}/{number}"))

    def take(self, label: str, made: Any, number: int = 0) -> None:
        """Try one input; what was found in it is staged with the next ones'."""
        figures = self.figures
        figures.inputs += 1
        started = time.process_time()
        try:
            with watched():
                found = self.target.run(made)
        except (Exception, Overtime) as error:  # noqa: BLE001  # whatever it is: that is what is looked for
            self._note(error, label)
            return
        took = time.process_time() - started
        if took > figures.slowest_seconds:
            figures.slowest_seconds, figures.slowest_input = round(took, 3), number
        if not self.target.together:
            return
        bad = [record.reason_code for _, record in found if isinstance(record, BadRecord)]
        figures.quarantined.update(bad)
        figures.records += len(found) - len(bad)
        figures.silent += not found
        self._waiting.append((label, found))
        if len(self._waiting) >= self.target.together:
            self.finish()

    def finish(self) -> None:
        """Stage what waits; where that fails, each input's records alone, to find the one at fault."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            with watched():
                stage([found for _, found in waiting])
        except (Exception, Overtime) as error:  # noqa: BLE001  # as above
            named = self.figures.faults.total()
            for label, found in waiting:
                try:
                    with watched():
                        stage([found])
                except (Exception, Overtime) as alone:  # noqa: BLE001  # as above
                    self._note(alone, label)
            if self.figures.faults.total() == named:
                self._note(error, f"{waiting[0][0]} to {waiting[-1][0]} together")

    def _note(self, error: BaseException, label: str) -> None:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/pipelines/" in frame.filename]
        at = f"{frames[-1].filename.rpartition('/pipelines/')[2]}:{frames[-1].lineno}" if frames else "oracle"
        name = f"{type(error).__name__} at {at}: {str(error)[:160]}"
        self.figures.faults[name] += 1
        examples = self.figures.examples.setdefault(name, [])
        if len(examples) < _MOST_EXAMPLES:
            examples.append(label)


def peak_mib() -> int:
    """The most memory this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
