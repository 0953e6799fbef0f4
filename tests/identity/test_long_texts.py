"""Titles and names of hundreds of thousands of characters: compared in no time, and as what they begin with."""

from __future__ import annotations

import random
import time

from tests.identity.world import Record, World, together

NCT, ISRCTN = "CTGOV:NCT03000001", "ISRCTN:ISRCTN13000001"
SECONDS = 4.0
"""Of processor time: it was 9, and is half of one."""


def _words(count: int, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(count))


def test_likeness_of_long_titles_takes_no_time() -> None:
    """Two trials that name one another, with titles of a megabyte, kept a run in `core.link_candidate` for minutes:
    likeness takes the product of both lengths (extreme texts through whole runs, 2026-11-22).
    """
    world = World(
        Record(NCT, title=_words(100_000, 1), sponsor=_words(100_000, 2)),
        Record(ISRCTN, title=_words(100_000, 3), sponsor=_words(100_000, 4), secondary=["NCT03000001"]),
    )
    started = time.process_time()
    world.identify()
    assert time.process_time() - started < SECONDS
    assert world.trials() == {together(NCT, ISRCTN)}
