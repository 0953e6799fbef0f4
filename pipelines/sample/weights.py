"""Drawing names by weight.

Belongs here: the one class. Does not belong here: any table of weights.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from math import inf


class Weights:
    """Names with weights (in any unit); called with a number in [0, 1) it gives the name that the number falls on."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._names = tuple(weights)
        ends = list(accumulate(weights.values()))
        self._total = ends[-1]
        self._ends = [*ends[:-1], inf]  # a draw just below 1 may be rounded up to the total

    def __call__(self, draw: float) -> str:
        return self._names[bisect_right(self._ends, draw * self._total)]
