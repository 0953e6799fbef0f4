"""Text in UTF-16, as Windows programs save it, for readers that know UTF-8.

Belongs here: telling it by its byte order mark, the same member in UTF-8, and the records' own bytes in the end. Does
not: tables, which read both (tables/encoding.py).

What readers count (records, lines) is the same in both; bytes that they tell of in a reason are those of the text in
UTF-8. A record's raw bytes are again those of the file: well-formed UTF-16 comes through UTF-8 unchanged.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, cast

from pipelines.landing.containers import IN_MEMORY_BYTES
from pipelines.landing.member import ChunkStream
from pipelines.readers.base import BadRecord, Member, MemberError, RawRecord
from pipelines.readers.reasons import NOT_UTF8

_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_MARK_BYTES = 2
_CHUNK_BYTES = 256 * 1024


def utf16_codec(head: bytes) -> str | None:
    """The codec of content that begins with UTF-16's byte order mark, else None."""
    if head.startswith(codecs.BOM_UTF32_LE):
        return None
    return _MARKS.get(head[:_MARK_BYTES])


def in_utf8(member: Member, codec: str) -> Member:
    """The member's text in UTF-8, without its mark. Where it is damaged, what comes before can be read, and then
    MemberError is raised."""

    def opened() -> BinaryIO:
        return cast(BinaryIO, ChunkStream(_chunks(member.open(), codec)))

    wide = Member(member.name, None, opened)
    if member.size is None or member.size > IN_MEMORY_BYTES:
        return wide
    try:
        return Member.of_bytes(member.name, wide.read())
    except MemberError:
        return wide


def as_they_stand(records: Iterator[RawRecord | BadRecord], codec: str) -> Iterator[RawRecord | BadRecord]:
    """Records that were read in UTF-8, with the bytes that they have in their file."""
    for record in records:
        if isinstance(record, RawRecord):
            record.raw, record.encoding = record.raw.decode().encode(codec), codec
        yield record


def _chunks(stream: BinaryIO, codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)()
    at = _MARK_BYTES
    with stream:
        stream.read(_MARK_BYTES)
        while True:
            chunk = stream.read(_CHUNK_BYTES)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(codec, "ignore").encode()
                if good:
                    yield good
                place = at - (len(error.object) - len(chunk)) + error.start
                raise MemberError(NOT_UTF8, f"damaged UTF-16 at byte {place:,} ({error.reason})") from None
            if text:
                yield text.encode()
            if not chunk:
                return
            at += len(chunk)
