"""Where the brackets of a JSON text are, without parsing it.

Belongs here: a scanner that is fed chunks of any size and keeps its state between them, and the nesting
test that goes before every parser. Does not: what the pieces mean (json_split.py, ctgov_v2.py).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_QUOTE, _BACKSLASH = ord('"'), ord("\\")
_OPEN, _CLOSE = ord("{"), ord("}")
_FOLD = 0x20  # turns "[" into "{" and "]" into "}", and no other byte into either
_STRETCH_BYTES = 1024 * 1024
_ROUNDS = 16  # real studies are nested 12 deep (2026-11); each round passes over all brackets
_NO_BRACKET = bytes(code for code in range(256) if code not in b"{}[]")

Positions = npt.NDArray[np.int64]


class BracketScanner:
    """Finds the brackets outside JSON strings in a text that comes in chunks, and how deep each leads."""

    def __init__(self) -> None:
        self.depth = 0
        self._in_string = 0
        self._escaped = False

    def feed(self, chunk: bytes) -> tuple[Positions, Positions]:
        """Positions in `chunk` of the brackets, and the depth after each (an opening one counts itself).

        Both int64 of equal length. Kinds of brackets are not told apart: that is the parser's business.
        """
        text = self._without_escapes(chunk)
        codes = np.frombuffer(text, dtype=np.uint8)
        quotes = np.flatnonzero(codes == _QUOTE)
        folded = codes | _FOLD
        brackets = np.flatnonzero((folded == _OPEN) | (folded == _CLOSE))
        quotes_before = np.searchsorted(quotes, brackets)
        brackets = brackets[((quotes_before + self._in_string) & 1) == 0]
        depths = self.depth + np.cumsum(np.where(folded[brackets] == _OPEN, 1, -1))
        self._in_string = (self._in_string + len(quotes)) & 1
        if len(depths):
            self.depth = int(depths[-1])
        return brackets, depths

    def _without_escapes(self, chunk: bytes) -> bytes:
        """The chunk with each escape in it blanked out, length kept: no quote left in it is an escaped
        one."""
        if self._escaped and chunk:
            chunk = b"_" + chunk[1:]
        self._escaped = False
        if _BACKSLASH in chunk:
            chunk = _ESCAPE.sub(b"__", chunk)
            self._escaped = chunk.endswith(b"\\")
        return chunk


def is_deeper_than(raw: bytes, limit: int) -> bool:
    """Whether a JSON text is nested deeper than `limit`; to be asked before any recursive parser sees it.

    Fast (1.5 GB/s, 2026-11) for texts that are not: brackets alone are kept and innermost pairs taken away
    until none are left. Only what does not vanish within a few rounds is looked at properly. Brackets
    inside strings can, where someone arranges them so, make a text look flatter than it is: parsers must
    still have a bound of their own (orjson: 1,024).
    """
    brackets = raw.translate(None, _NO_BRACKET)
    for rounds in range(min(limit, _ROUNDS)):
        if 2 * rounds + len(brackets) <= limit:  # a round may take a pair of both kinds away, one around the other
            return False
        fewer = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(fewer) == len(brackets):
            break
        brackets = fewer
    scanner = BracketScanner()
    for start in range(0, len(raw), _STRETCH_BYTES):  # the places of 20 MB of brackets would take 400 MB at once
        depths = scanner.feed(raw[start : start + _STRETCH_BYTES])[1]
        if len(depths) and int(depths.max()) > limit:
            return True
    return False


def first_value_end(raw: bytes) -> int | None:
    """Where the first bracketed value in `raw` ends (the index after it); None when it does not."""
    places, depths = BracketScanner().feed(raw)
    closed: npt.NDArray[Any] = np.flatnonzero(depths <= 0)
    return int(places[closed[0]]) + 1 if len(closed) else None
