"""What the landing room hands on: readable members of files, and the reason where there is none.

Belongs here: the types that containers, readers and staging share. Does not: opening anything
(containers.py).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

HEAD_BYTES = 64 * 1024
"""How much of a member a reader may look at to recognise its format."""

EXCERPT_CHARACTERS = 200
REASON_CHARACTERS = 1000
_CONTROLS = {code: "\ufffd" for code in range(32) if chr(code) not in "\t\r\n"}


class MemberError(Exception):
    """The bytes of a member cannot be had (any further). `code` is a quarantine reason code, the message
    says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class BadRecord:
    """A piece of a file that cannot be a record: quarantined with a reason, never dropped.

    `position` is the 1-based place in the member (in NDJSON: the line number), None when the whole member
    is meant. `reason_code` is a stable snake_case word (docs/quarantine.md lists them), `reason` says what
    and where, in at most REASON_CHARACTERS (parsers quote what they met, a tag of a megabyte too), `excerpt`
    shows at most EXCERPT_CHARACTERS characters.
    """

    member: str | None
    position: int | None
    reason_code: str
    reason: str
    excerpt: str = ""
    registry_id: str | None = None

    def __post_init__(self) -> None:
        """Keep the reason short."""
        if len(self.reason) > REASON_CHARACTERS:
            self.reason = self.reason[: REASON_CHARACTERS - 1] + "…"


@dataclass(frozen=True, slots=True)
class Member:
    """One readable thing in a landing file: the file itself (name None), or a file inside an archive.

    `open()` gives a fresh binary stream of the decompressed bytes. It may be called from any thread, and so
    may the stream be used, by one thread at a time. Where the bytes cannot be had, `open`, or reading the
    stream after the last good byte, raises MemberError. `size` is the decompressed size in bytes where it
    is known without reading. `load`, where there is one, gives all the bytes at once, faster than the
    stream and verified as a whole.
    """

    name: str | None
    size: int | None
    open: Callable[[], BinaryIO]
    load: Callable[[], bytes] | None = None

    @classmethod
    def of_bytes(cls, name: str | None, data: bytes) -> Member:
        """A member whose content is already in memory."""
        return cls(name, len(data), partial(io.BytesIO, data), lambda: data)

    def read(self, limit: int | None = None) -> bytes:
        """The whole content; at most `limit` + 1 bytes of it, so that more than `limit` says: too large.

        Raises MemberError unless all of it (or `limit` + 1 bytes) can be had.
        """
        if self.load is not None and (limit is None or (self.size or 0) <= limit):
            return self.load()
        with self.open() as stream:
            data = stream.read(-1 if limit is None else limit + 1)
            if limit is None or len(data) <= limit:
                stream.read(1)  # a stream that breaks gives its good bytes first and says so with the next read
            return data

    def head(self) -> bytes:
        """The first HEAD_BYTES bytes, by which formats are recognised; fewer where the member ends or
        breaks."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)


class ChunkStream(io.RawIOBase):
    """Chunks of bytes as a readable stream.

    `read(n)` gives n bytes unless the chunks end. When making a chunk raises, the bytes before it are still
    given, and only the next read raises: nothing that could be decompressed is lost to what could not.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._chunk = b""
        self._place = 0
        self._error: MemberError | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """The next `size` bytes (all that are left when negative), fewer only at the end or before an error."""
        if self._error is not None:
            raise self._error
        wanted = sys.maxsize if size is None or size < 0 else size
        pieces: list[bytes] = []
        while wanted:
            if self._place >= len(self._chunk) and not self._next_chunk(raises=not pieces):
                break
            piece = self._chunk[self._place : self._place + wanted]
            self._place += len(piece)
            wanted -= len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _next_chunk(self, *, raises: bool) -> bool:
        """Whether there is another chunk; an error is kept for the next read unless it is to be raised now."""
        try:
            chunk = next(self._chunks, b"")
        except MemberError as error:
            self._error = error
            if raises:
                raise
            return False
        self._chunk, self._place = chunk, 0
        return bool(chunk)

    def readall(self) -> bytes:
        """All that is left."""
        return self.read(-1)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """As io.RawIOBase asks."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def excerpt_of(raw: bytes) -> str:
    """The beginning of raw bytes as text for people; what is not UTF-8, and control characters, show as U+FFFD."""
    return raw[: EXCERPT_CHARACTERS * 4].decode("utf-8", "replace")[:EXCERPT_CHARACTERS].translate(_CONTROLS)
