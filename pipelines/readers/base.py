"""What every reader gives: records in the study shape, or the reason why a piece of the file is none.

Belongs here: the few types that readers, landing and staging share. Does not: any format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

HEAD_BYTES = 64 * 1024
"""How much of a member a reader may look at to recognise its format."""


@dataclass(frozen=True, slots=True)
class Member:
    """One readable thing in a landing file: the file itself (name None), or a file inside an archive.

    `open()` gives a fresh binary stream of the decompressed bytes; `read()` all of them (only for small members).
    """

    name: str | None
    size: int | None
    open: Callable[[], BinaryIO]

    def read(self) -> bytes:
        """The whole content."""
        with self.open() as stream:
            return stream.read()

    def head(self) -> bytes:
        """The first HEAD_BYTES bytes, by which formats are recognised."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)


@dataclass(slots=True)
class RawRecord:
    """A registry record as it stands in its file.

    `position` is its 1-based place in the member (in NDJSON: the line number). `raw` are its exact bytes. `study` is the
    record in the study shape (absent leaves left out), or None where `raw` itself is JSON in the study shape.
    """

    member: str | None
    position: int
    raw: bytes
    study: dict[str, Any] | None = None


@dataclass(slots=True)
class BadRecord:
    """A piece of a file that cannot be a record: quarantined with a reason, never dropped.

    `position` as in RawRecord, None when the whole member is meant. `reason_code` is a stable snake_case word
    (docs/quarantine.md lists them), `reason` says what and where, `excerpt` shows at most 200 characters.
    """

    member: str | None
    position: int | None
    reason_code: str
    reason: str
    excerpt: str = ""
    registry_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """One raw format.

    `content_identity`: whether a record that lost all its ids may be keyed by its content (page text, whose layouts lose
    lines) or is quarantined as being without identity (machine formats, which always carry one).
    """

    format: str
    registry: str
    recognise: Callable[[bytes], bool]
    read: Callable[[Member], Iterator[RawRecord | BadRecord]]
    content_identity: bool = False
