"""A stretch of a stream held in memory, and the pieces of JSON that are cut from it.

Belongs here: the types that json_split.py and json_lines.py share. Does not: where to cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

import orjson

from pipelines.landing.member import MemberError
from pipelines.readers.reasons import MALFORMED_JSON, NOT_AN_OBJECT, NOT_UTF8, TOO_DEEP, TRUNCATED_JSON

CHUNK_BYTES = 64 * 1024
"""How much is read at a time; more where a piece needs more, so that a small piece never moves a large window."""
_LARGEST_CHUNK = 1024 * 1024
SPACE = b" \t\r\n"
UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a piece is no record: a reason code and a sentence."""

    code: str
    message: str


class RecordFault(Exception):
    """The record cannot be read as one; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a member that is a record, or would be but for `fault`.

    `offset` is the place of its first byte in the member. The bytes of a piece that is too large are only
    its beginning.
    """

    offset: int
    raw: bytes
    fault: Fault | None = None


class Window:
    """The part of a stream that is being looked at. `offset` is the place of `data[0]` in the stream.

    When the stream breaks, what came before stays readable, and `broken` tells why it ended.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.data = b""
        self.offset = 0
        self.broken: Fault | None = None
        self._ended = False
        self._held: list[tuple[bytes, int]] = []

    def hold_back(self, count: int) -> None:
        """Put all but the first `count` bytes aside, where there are many more: `more` gives them again. Forgetting the
        beginning of a window costs as much as its rest, so whoever often does keeps the window small."""
        if len(self.data) > 2 * count:
            self._held.append((self.data, count))
            self.data = self.data[:count]

    def more(self) -> bool:
        """Read on; False at the end of the stream."""
        if self._held:
            held, place = self._held.pop()
            end = place + max(CHUNK_BYTES, min(len(self.data), _LARGEST_CHUNK))
            self.data += held[place:end]
            if end < len(held):
                self._held.append((held, end))
            return True
        if self._ended:
            return False
        try:
            chunk = self._stream.read(max(CHUNK_BYTES, min(len(self.data), _LARGEST_CHUNK)))
        except MemberError as error:
            self.broken = Fault(error.code, str(error))
            chunk = b""
        self._ended = not chunk
        self.data = self.data + chunk if self.data else chunk
        return not self._ended

    def fill(self, count: int) -> None:
        """Read on until `count` bytes are there, or the stream ends."""
        while len(self.data) < count and self.more():
            pass

    def drop(self, count: int) -> None:
        """Forget the first `count` bytes."""
        self.data = self.data[count:]
        self.offset += count

    def skip_bom(self) -> None:
        """Forget a byte order mark at the beginning."""
        self.fill(len(UTF8_BOM))
        if self.data.startswith(UTF8_BOM):
            self.drop(len(UTF8_BOM))

    def skip_space(self) -> bool:
        """Forget white space; False when nothing else is left in the stream."""
        while True:
            rest = self.data.lstrip(SPACE)
            self.drop(len(self.data) - len(rest))
            if rest:
                return True
            if not self.more():
                return False


def first_twice(names: Iterable[str]) -> str:
    """The first name that has stood before. Raises StopIteration where none has."""
    seen: set[str] = set()
    return next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]


def json_fault(raw: bytes, offset: int = 0) -> Fault | None:
    """What is wrong with a JSON text that should be one object, None when nothing is; `offset` is its
    place.

    `not_utf8`, `too_deep` (orjson's own bound of 1,024), `truncated_json`, `malformed_json` or
    `not_an_object`, with the place of the fault in bytes.
    """
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return Fault(NOT_UTF8, f"the byte at {offset + error.start:,} is not UTF-8 ({error.reason})")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        at = offset + len(error.doc[: error.pos].encode())
        if "depth" in error.msg or "recursion" in error.msg:
            return Fault(TOO_DEEP, f"nested deeper than any study, at byte {at:,}")
        if "unexpected end" in error.msg or not raw.strip(SPACE):
            return Fault(TRUNCATED_JSON, f"the JSON text ends too early, at byte {at:,}")
        return Fault(MALFORMED_JSON, f"not valid JSON at byte {at:,}: {error.msg}")
    if not isinstance(value, dict):
        return Fault(NOT_AN_OBJECT, f"a JSON {_KIND[type(value)]} at byte {offset:,}, where a study object is due")
    return None


_KIND = {list: "list", str: "text", int: "number", float: "number", bool: "boolean", type(None): "null"}
