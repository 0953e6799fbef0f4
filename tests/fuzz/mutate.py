"""Inputs made from good ones: changes to bytes, and the choice between these and changes to the structure.

Belongs here: what may happen to any file (cut, spliced, recoded, doubled …). Does not: structure (trees.py), texts
(hostile.py).
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence

from tests.fuzz import trees
from tests.fuzz.chance import Chance
from tests.fuzz.hostile import text

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF8 * 2)
_CODECS = (
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "latin-1",
    "cp1252",
    "cp037",
    "utf-7",
    "shift_jis",
    "mac-roman",
)
_MEGABYTE_ONCE_IN = 1500


def cut(data: bytes, chance: Chance) -> bytes:
    """Ends too early, or begins too late."""
    place = chance.randrange(len(data) + 1)
    return data[:place] if chance.random() < 0.7 else data[place:]


def without(data: bytes, chance: Chance) -> bytes:
    """A stretch is missing."""
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.choice((1, 2, 16, 200, 4000)) :]


def again(data: bytes, chance: Chance) -> bytes:
    """A stretch stands twice or more."""
    start = chance.randrange(len(data) + 1)
    end = start + chance.choice((1, 8, 64, 1000))
    return data[:end] + data[start:end] * chance.choice((1, 2, 30)) + data[end:]


def flipped(data: bytes, chance: Chance) -> bytes:
    """Some bytes are others."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.choice(
                (0, 9, 10, 13, 34, 44, 60, 92, 123, 255, chance.randrange(256))
            )
    return bytes(changed)


def spliced(data: bytes, chance: Chance) -> bytes:
    """A hostile text stands somewhere; seldom one of a megabyte."""
    start = chance.randrange(len(data) + 1)
    if chance.randrange(_MEGABYTE_ONCE_IN) == 0:
        piece = (text(chance, longest=40) or "x").encode()
        token = piece * (1_000_000 // len(piece))
    else:
        token = text(chance).encode()
    return data[:start] + token + data[start:]


def recoded(data: bytes, chance: Chance) -> bytes:
    """In another encoding, or with a byte order mark that is wrong, or right."""
    if chance.random() < 0.4:
        return chance.choice(_MARKS) + data
    return data.decode("utf-8", "replace").encode(chance.choice(_CODECS), "replace")


def other_line_ends(data: bytes, chance: Chance) -> bytes:
    """Carriage returns, or all lines run together, or blank lines between."""
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"", b"\n\n", b"\0\n", b"\xe2\x80\xa8")))


def swapped(data: bytes, chance: Chance) -> bytes:
    """Two stretches have changed places."""
    a, b, c = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


BYTE_CHANGES: tuple[Callable[[bytes, Chance], bytes], ...] = (
    cut, without, again, flipped, flipped, spliced, spliced, recoded, other_line_ends, swapped,
)  # fmt: skip


def change_bytes(data: bytes, chance: Chance) -> bytes:
    """One to three changes that know nothing of the format."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(BYTE_CHANGES)(data, chance)
    return data


def member(seeds: Sequence[bytes], chance: Chance) -> bytes:
    """A member made from one of the good ones (seldom two of them run together)."""
    data = chance.choice(seeds)
    if chance.randrange(60) == 0:
        data += chance.choice((b"", b"\n", b"\n\n")) + chance.choice(seeds)
    if chance.random() < 0.7:
        data = structured(data, chance)
    if chance.random() < 0.45:
        data = change_bytes(data, chance)
    return data


def structured(data: bytes, chance: Chance) -> bytes:
    """A change that knows the structure of what seems to be there."""
    first = data.lstrip()[:1]
    if first in (b"{", b"["):
        return trees.json_change(data, chance) or data
    if first == b"<":
        return trees.xml_change(data, chance)
    if data.count(b",", 0, 400) > 5 or data.count(b"|", 0, 400) > 2:
        return trees.table_change(data, chance) or data
    return trees.lines_change(data, chance)
