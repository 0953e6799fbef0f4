"""Titles of hundreds of thousands of characters are compared as what they begin with."""

from __future__ import annotations

import random

import pytest

from tests.identity.world import Record, World, together

NCT, ISRCTN = "CTGOV:NCT03000001", "ISRCTN:ISRCTN13000001"


def _words(count: int, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(count))


@pytest.mark.parametrize(("common", "is_similar"), [(125, True), (0, False)])
def test_titles_are_alike_by_their_first_thousand_characters(common: int, is_similar: bool) -> None:
    """Two trials that name one another, with titles of a megabyte, kept a run in `core.link_candidate` for minutes:
    likeness takes the product of both lengths (extreme texts through whole runs, 2026-11-22). 125 words of seven
    characters are 1,000.
    """
    first, second = (f"{_words(common, 0)} {_words(100_000, seed)}" for seed in (1, 3))
    world = World(
        Record(NCT, title=first, sponsor=_words(100_000, 2)),
        Record(ISRCTN, title=second, sponsor=_words(100_000, 4), secondary=["NCT03000001"]),
    )
    world.identify()
    assert world.trials() == {together(NCT, ISRCTN)}
    ((evidence,),) = world.connection.execute("SELECT evidence FROM core.link_candidate").fetchall()
    assert ("similar titles" in evidence) is is_similar
