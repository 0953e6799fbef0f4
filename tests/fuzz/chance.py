"""Where the choices of a made input come from: a seeded generator, hypothesis, the bytes of a coverage-guided fuzzer.

Belongs here: the one interface (`random.Random`) that all three share, so that every maker of inputs serves all of
them. Does not: what is made.
"""

from __future__ import annotations

from random import Random
from typing import Self

Chance = Random
"""Makers take one of these; hypothesis' `st.randoms()` gives one too."""


class BytesChance(Random):
    """Choices read off bytes: a fuzzer that changes a byte changes a choice. When the bytes end, choices are the first
    of their kind, so that short inputs are simple ones."""

    def __new__(cls, data: bytes) -> Self:
        """Random's own constructor would hash the bytes."""
        return super().__new__(cls)

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._data = data
        self._place = 0

    def _take(self, count: int) -> bytes:
        found = self._data[self._place : self._place + count]
        self._place += count
        return found.ljust(count, b"\0")

    def getrandbits(self, k: int, /) -> int:
        """`k` bits of what comes next."""
        count = (k + 7) // 8
        return int.from_bytes(self._take(count), "big") >> (8 * count - k)

    def random(self) -> float:
        """Two bytes of what comes next, in [0, 1)."""
        return int.from_bytes(self._take(2), "big") / 65536

    def _randbelow(self, n: int) -> int:
        """Without Random's rejections, which would never end on bytes that have ended."""
        return self.getrandbits(max(8, n.bit_length() + 4)) % n if n > 0 else 0
