"""Whether work grows faster than its input: the input twice as large, and twice again, processor time compared.

Belongs here: measuring, deciding, inputs that grow. Does not: absolute times, which say more of the machine.

Linear work doubles with its input, quadratic work takes four times as long; a breach must show at both steps, and again
when it is measured once more, so that a busy machine alone makes none.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.fuzz.chance import Chance
from tests.fuzz.hostile import PIECES, TEXTS

TOO_MUCH = 3.0
"""Between linear (2) and quadratic (4)."""
NOTICEABLE_SECONDS = 0.03
"""Below, the clock's grain and caches decide; work that stays below at the largest size is fast enough."""


def seconds(run: Callable[[Any], object], given: Any, *, times: int = 1) -> float:
    """Processor time of one call, the least of so many."""
    least = float("inf")
    for _ in range(times):
        started = time.process_time()
        run(given)
        least = min(least, time.process_time() - started)
    return least


def outgrows(
    run: Callable[[Any], object], of_size: Callable[[int], Any], size: int
) -> tuple[float, float, float] | None:
    """Seconds at `size`, twice and four times that, where the work outgrows its input; None where it does not."""
    last = seconds(run, of_size(4 * size))
    if last < NOTICEABLE_SECONDS:
        return None
    for times in (1, 3):
        found = tuple(seconds(run, of_size(size * factor), times=times) for factor in (1, 2, 4))
        if found[2] < TOO_MUCH * found[1] or found[1] < TOO_MUCH * found[0]:
            return None
    return found  # type: ignore[return-value]


def pumped(data: bytes, chance: Chance) -> Callable[[int], bytes]:
    """The data with a piece repeated at one place, as often as fills so many bytes."""
    piece = b"".join(_piece(chance) for _ in range(chance.randint(1, 3))) or b"x"
    place = chance.randrange(len(data) + 1)
    if chance.random() < 0.5:  # a stretch of the data themselves: a line, an element, a record
        end = data.find(chance.choice((b"\n", b">", b",", b"}")), place)
        piece = data[place : end + 1] or piece
    tail = chance.choice((b"", b"\0", b"!", data[place:], data[place:], data[place:]))
    return lambda size: data[:place] + piece * (size // len(piece)) + tail


def numbered(data: bytes, chance: Chance) -> Callable[[int], bytes]:
    """The data with one of its stretches (an element, a row, a list item) over and over, each time with another number
    behind one of its words: what is compared with all that went before shows itself here."""
    place = chance.randrange(len(data))
    start = max(data.rfind(mark, 0, place) for mark in (b"\n", b"<", b",", b"{"))
    mark = chance.choice((b"\n", b">", b",", b"}"))
    end = place
    for _ in range(chance.choice((1, 1, 2, 4, 8, 20))):
        end = data.find(mark, end) + 1 or len(data)
    start = max(0, start + (data[start : start + 1] in b"\n,"))
    piece = data[start:end] or b"x "
    words = [found.end() for found in re.finditer(rb"[A-Za-z0-9]{3,}", piece)] or [len(piece)]
    at = chance.choice(words)

    def of(size: int) -> bytes:
        count = max(1, size // (len(piece) + 4))
        return data[:end] + b"".join(piece[:at] + b"%d" % number + piece[at:] for number in range(count)) + data[end:]

    return of


def _piece(chance: Chance) -> bytes:
    return chance.choice(PIECES if chance.random() < 0.8 else TEXTS)[:40].encode()


def sizes(size: int) -> Iterator[int]:
    """The three sizes that are compared."""
    yield from (size, 2 * size, 4 * size)
