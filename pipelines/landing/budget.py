"""How much one landing file may decompress to in all, archives within archives included.

Belongs here: the count over the members of a file. Does not: the bounds of a single stream (inflate.py).

Deflate packs at most 1,032 to 1, but an archive within an archive packs the product, and a million small members pack
whatever they like: only the sum over the file, against the size of the file itself, bounds the work it can cause.
"""

from __future__ import annotations

from pipelines.landing.member import MemberError
from pipelines.landing.reasons import ARCHIVE_TOO_LARGE, COMPRESSION_BOMB
from pipelines.settings import Limits

RATIO_FREE_BYTES = 16 * 1024 * 1024
"""A small text of repeated lines may compress beyond any ratio; only past this size is the ratio looked at
(2026-11)."""


class Budget:
    """Counts the decompressed bytes of a landing file of `size` bytes."""

    def __init__(self, size: int, limits: Limits) -> None:
        self._limits = limits
        self._most = max(RATIO_FREE_BYTES, size * limits.compression_ratio)
        self.plain = 0

    def take(self, count: int) -> None:
        """So many bytes more. Raises MemberError: `archive_too_large`, `compression_bomb`."""
        self.plain += count
        if self.plain > self._limits.file_bytes:
            raise MemberError(
                ARCHIVE_TOO_LARGE,
                f"the file decompresses to more than {self._limits.file_bytes:,} bytes in all; the rest is not read",
            )
        if self.plain > self._most:
            raise MemberError(
                COMPRESSION_BOMB,
                f"the file decompresses to more than {self._most:,} bytes in all, over the limit of "
                f"{self._limits.compression_ratio} to 1; the rest is not read",
            )


class Share:
    """One member's part in a budget, however often it is opened: only what has not been reached before counts."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._reached = 0

    def reach(self, plain: int) -> None:
        """The member has given so many bytes. Raises as Budget.take does."""
        if plain > self._reached:
            more, self._reached = plain - self._reached, plain
            self._budget.take(more)
