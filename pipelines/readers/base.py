"""What every reader gives: records in the study shape, or the reason why a piece of the file is none.

Belongs here: the few types that readers and staging share, those of the landing room included. Does not:
any format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipelines.landing.member import HEAD_BYTES, BadRecord, Member, MemberError, excerpt_of
from pipelines.settings import Limits

__all__ = ["HEAD_BYTES", "BadRecord", "Member", "MemberError", "RawRecord", "Reader", "Together", "excerpt_of"]


@dataclass(slots=True)
class RawRecord:
    """A registry record as it stands in its file.

    `position` is its 1-based place in the member (in NDJSON: the line number). `raw` are its exact bytes.
    `study` is the record in the study shape (absent leaves left out), or None where `raw` itself is JSON in
    the study shape. `encoding` is that of `raw` where its file is UTF-16 and was read as UTF-8.
    """

    member: str | None
    position: int
    raw: bytes
    study: dict[str, Any] | None = None
    encoding: str | None = None

    @property
    def text(self) -> bytes:
        """`raw` as the reader saw it."""
        return self.raw if self.encoding is None else self.raw.decode(self.encoding).encode()


Standing = Literal["whole", "chosen", "part", "copy"]
"""What a version gives of its record: all that its registry holds; the fields that somebody chose; a part; or another
register's copy of it."""


@dataclass(frozen=True, slots=True)
class Together:
    """How a format is read of which many members of one folder of an archive together make the records.

    `read` gets the members that were recognised, in their order, and a folder for scratch (None: the system's); it
    leaves nothing there, however it ends. `member` of its records names the member that makes them records, so that it
    exists in the file. `find` gives the exact bytes of the record at a member and position, None where there is none.
    Both may raise MemberError as Reader.read does.
    """

    read: Callable[[Sequence[Member], Limits, Path | None], Iterator[RawRecord | BadRecord]]
    find: Callable[[Sequence[Member], str, int, Limits], bytes | None]


@dataclass(frozen=True, slots=True)
class Reader:
    """One raw format.

    `recognise` tells from a member's first HEAD_BYTES whether it is of this format. `read` gives its
    records and bad pieces in their order; it may raise MemberError where the member's bytes cannot be had
    any further. `content_identity`: whether a record that lost all its ids may be keyed by its content
    (page text, whose layouts lose lines) or is quarantined as being without identity (machine formats,
    which always carry one). `standing`: a version of which only a part is there, or a copy, is never the
    current one of a record that is there as a whole, however new it is. `chosen_where`: for a format that gives whole
    records unless fields were chosen, the SQL condition over staging.study by which such a record is known.
    """

    format: str
    registry: str
    recognise: Callable[[bytes], bool]
    read: Callable[[Member, Limits], Iterator[RawRecord | BadRecord]]
    content_identity: bool = False
    standing: Standing = "whole"
    chosen_where: str | None = None
    together: Together | None = None
