"""Choosing between the ways in which a run of unlabelled lines can be read.

Belongs here: the search for the cheapest reading and its runner-up, and how much a line looks like a name or like a
description. Does not: any section's grammar (interventions.py, arms.py).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any, NamedTuple

CLEAR_MARGIN = 0.55
"""How much cheaper the best reading must be than the next to be believed (2026-11, set on 780 registry records)."""


class Step(NamedTuple):
    """One step of a reading: the node it leads to, what it costs, what it says."""

    to: Hashable
    cost: float
    says: Any


class Reading(NamedTuple):
    """A whole reading: its cost and what its steps say, in order."""

    cost: float
    says: tuple[Any, ...]


def best_two(
    start: Hashable, order: list[Hashable], steps: Callable[[Any], Iterator[Step]], end: Hashable
) -> list[Reading]:
    """The cheapest reading and the next one that says something else; [] when no reading reaches the end.

    `order` lists the nodes so that every step leads from an earlier to a later one.
    """
    kept: dict[Hashable, list[Reading]] = {start: [Reading(0.0, ())]}
    for node in order:
        for reading in kept.get(node, ()):
            for step in steps(node):
                _keep(kept.setdefault(step.to, []), Reading(reading.cost + step.cost, (*reading.says, step.says)))
    return kept.get(end, [])


def _keep(readings: list[Reading], new: Reading) -> None:
    readings.append(new)
    readings.sort(key=lambda reading: reading.cost)
    del readings[2:]


def is_clear(readings: list[Reading], margin: float = CLEAR_MARGIN) -> bool:
    """Whether the best reading stands out from the next."""
    return bool(readings) and (len(readings) == 1 or readings[1].cost - readings[0].cost >= margin)


def is_sentence(text: str) -> bool:
    """Whether a line is plainly text, not a name (the registry takes arm titles of at most 100 characters, 2026-11)."""
    return len(text) > 150 or (text.endswith(".") and text.count(" ") >= 7)


def name_cost(text: str) -> float:
    """How little a line looks like a name: 0 for a few words, more for sentences."""
    words = text.count(" ") + 1
    if (
        len(text) > 160
        or words > 14
        or (text.endswith(".") and words > 5)
        or text.startswith(("* ", "- ", "\\-", "• "))
    ):
        return 3.0
    if text.endswith(":"):
        return 2.0
    return 0.0 if words <= 5 and not text.endswith(".") else 0.3 if words <= 9 else 1.2


def description_cost(text: str) -> float:
    """How little a line looks like a description: 0 for sentences, more for a few words."""
    words = text.count(" ") + 1
    if words >= 10 or (text.endswith((".", ":")) and words >= 2) or text.startswith(("* ", "- ", "\\-", "• ")):
        return 0.0
    return 0.4 if words >= 6 else 0.7 if words >= 4 else 1.0
