"""Decompressed chunks of gzip and deflate data, bounded and checked.

Belongs here: turning compressed bytes into plain ones without ever holding much of either. Does not: where
the compressed bytes lie (containers.py, zip_directory.py).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from pipelines.landing.budget import RATIO_FREE_BYTES, Share
from pipelines.landing.member import MemberError
from pipelines.landing.reasons import (
    BROKEN_GZIP,
    COMPRESSION_BOMB,
    MEMBER_TOO_LARGE,
    TRAILING_DATA,
    TRUNCATED_GZIP,
)
from pipelines.settings import Limits

_fast: Any  # isal makes small members faster, 850 MB/s against 480 (2026-11); zlib gives the same bytes
try:
    from isal import isal_zlib as _fast
except ImportError:
    _fast = zlib

CHUNK_BYTES = 1024 * 1024
COMPRESSED_CHUNK_BYTES = 256 * 1024
_PIECE_BYTES = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class Meter:
    """Counts what went in and came out; raises MemberError when a limit is passed, its own or the whole file's."""

    def __init__(self, limits: Limits, share: Share | None = None) -> None:
        self._limits = limits
        self._share = share
        self.compressed = 0
        self.plain = 0

    def add(self, compressed: int, plain: int) -> None:
        """Count; raises `member_too_large` or `compression_bomb`."""
        self.compressed += compressed
        self.plain += plain
        if self.plain > self._limits.member_bytes:
            raise MemberError(
                MEMBER_TOO_LARGE,
                f"decompresses to more than {self._limits.member_bytes:,} bytes, the limit; "
                "raise TRIALMART_LIMIT_MEMBER_BYTES if it is genuine",
            )
        if self.plain > RATIO_FREE_BYTES and self.plain > self.compressed * self._limits.compression_ratio:
            raise MemberError(
                COMPRESSION_BOMB,
                f"{self.compressed:,} compressed bytes give more than {self.plain:,}, over the limit of "
                f"{self._limits.compression_ratio} to 1",
            )
        if self._share is not None:
            self._share.reach(self.plain)


class Feed:
    """Compressed bytes of a stream in pieces; the end of the piece taken last can be given back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._place = 0

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.take():
            yield piece

    def take(self) -> bytes:
        """The next piece, empty at the end."""
        if self._place >= len(self._buffer):
            self._buffer, self._place = self._stream.read(COMPRESSED_CHUNK_BYTES), 0
        piece = self._buffer[self._place : self._place + _PIECE_BYTES]
        self._place += len(piece)
        return piece

    def give_back(self, count: int) -> None:
        """Put back the last `count` bytes of the piece taken last."""
        self._place -= count

    def skip_zeros(self) -> bytes:
        """Pass over zero padding; the two bytes that come next, which stay where they are. Empty at the
        end."""
        while piece := self.take():
            rest = piece.lstrip(b"\0")
            if rest:
                self.give_back(len(rest))
                break
        if self._place + len(GZIP_MAGIC) > len(self._buffer):
            self._buffer = self._buffer[self._place :] + self._stream.read(COMPRESSED_CHUNK_BYTES)
            self._place = 0
        return self._buffer[self._place : self._place + len(GZIP_MAGIC)]


def crc32(data: bytes) -> int:
    """The checksum that zip uses."""
    return int(_fast.crc32(data))


def inflate_small(packed: bytes, size: int) -> bytes:
    """The plain bytes of deflate data that say they make `size`; at most one byte more. Raises ValueError."""
    inflater = _fast.decompressobj(-zlib.MAX_WBITS)
    try:
        data: bytes = inflater.decompress(packed, size + 1)
    except (zlib.error, _fast.error) as error:
        raise ValueError(f"the compressed data are damaged: {error}") from error
    if not inflater.eof and len(data) <= size:
        raise ValueError(f"the compressed data end too early, after {len(data):,} bytes")
    return data


def inflate_chunks(pieces: Iterable[bytes], inflater: zlib._Decompress, meter: Meter) -> Iterator[bytes]:
    """Plain chunks of at most CHUNK_BYTES until the compressed data end; every byte before damage is given.

    Raises zlib.error where the data are damaged. Afterwards `inflater.eof` tells whether they were whole,
    `inflater.unused_data` what followed in the last piece.
    """
    for piece in pieces:
        meter.add(len(piece), 0)
        tail = piece
        while True:
            spare = inflater.copy()
            try:
                data = inflater.decompress(tail, CHUNK_BYTES)
            except zlib.error:
                yield from _until_damage(spare, tail, meter)
                raise
            meter.add(0, len(data))
            tail = inflater.unconsumed_tail
            if data:
                yield data
            if inflater.eof:
                return
            if len(data) < CHUNK_BYTES and not tail:
                break


def _until_damage(inflater: zlib._Decompress, tail: bytes, meter: Meter) -> Iterator[bytes]:
    """What the bytes before the damage give: zlib throws away what one call made before it met the fault."""
    found: list[bytes] = []
    for place in range(len(tail)):
        try:
            data = inflater.decompress(tail[place : place + 1])
        except zlib.error:
            break
        found.append(data)
    data = b"".join(found)
    meter.add(0, len(data))
    if data:
        yield data


def gunzip_chunks(stream: BinaryIO, limits: Limits, share: Share | None = None) -> Iterator[bytes]:
    """Plain chunks of a gzip stream of one or several members; closes `stream` at the end.

    Raises MemberError after the last good chunk: `truncated_gzip`, `broken_gzip`, `trailing_data`, or a
    limit's code.
    """
    meter = Meter(limits, share)
    with stream:
        feed = Feed(stream)
        while True:
            inflater = zlib.decompressobj(_GZIP_WINDOW)
            try:
                yield from inflate_chunks(feed, inflater, meter)
            except zlib.error as error:
                message = f"the gzip data are damaged after {meter.plain:,} decompressed bytes: {error}"
                raise MemberError(BROKEN_GZIP, message) from error
            if not inflater.eof:
                raise MemberError(
                    TRUNCATED_GZIP, f"the gzip data end too early, after {meter.plain:,} decompressed bytes"
                )
            feed.give_back(len(inflater.unused_data))
            meter.compressed -= len(inflater.unused_data)
            following = feed.skip_zeros()
            if not following:
                return
            if not GZIP_MAGIC.startswith(following):
                message = f"something that is not gzip follows after {meter.plain:,} decompressed bytes"
                raise MemberError(TRAILING_DATA, message)
