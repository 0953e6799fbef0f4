"""Where the members of a zip archive lie: from its list of contents, or, where that is lost, from the
members' own headers.

Belongs here: the byte layout of zip files (including zip64), read with flat memory whatever the number of
members. Does not: decompressing for readers, names and limits (containers.py). Python's zipfile reads the
same layout, at some 0.7 kB of memory and 60 µs a member (2026-11), and gives up on an archive that was cut.
"""

from __future__ import annotations

import os
import stat
import struct
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pipelines.landing.inflate import COMPRESSED_CHUNK_BYTES, Meter, inflate_chunks
from pipelines.landing.member import MemberError
from pipelines.settings import Limits

STORED, DEFLATED = 0, 8
LOCAL_MAGIC, CENTRAL_MAGIC, END_MAGIC = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END64_MAGIC, _LOCATOR64_MAGIC, _DESCRIPTOR_MAGIC = b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_LENGTHS = struct.Struct("<3H")
_LENGTHS_AT = 28
LOCAL_HEADER_BYTES = _LOCAL.size

_UINT32, _UINT16 = 0xFFFFFFFF, 0xFFFF
_ENCRYPTED, _SIZES_FOLLOW, _UTF8_NAME = 0x1, 0x8, 0x800
_MADE_ON_UNIX = 3
_ZIP64_EXTRA = 1
_LONGEST_COMMENT = 65_535
_MOST_ENDS = 16
"""So many places that look like an archive's end are tried; genuine ones have one, or a few in a comment (2026-11)."""
_LARGEST_DIRECTORY = 1024 * 1024 * 1024
"""A list of contents is held in memory; 5 million members, the limit, take some 500 MB (2026-11)."""


class Source(Protocol):
    """Bytes that can be read at any place, by several threads at once."""

    size: int

    def at(self, offset: int, count: int) -> bytes:
        """`count` bytes from `offset`, fewer at the end."""
        ...


class FileSource:
    """A file on disk; closed when nothing refers to it any more."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._fd)
        self.size = os.fstat(self._fd).st_size

    def at(self, offset: int, count: int) -> bytes:
        """As Source; pread, not mmap, so that a file that shrinks gives an error and not a dead process."""
        return os.pread(self._fd, count, offset)


class BytesSource:
    """Bytes in memory, such as an archive within an archive."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def at(self, offset: int, count: int) -> bytes:
        """As Source."""
        return self._data[offset : offset + count]


@dataclass(frozen=True, slots=True)
class Entry:
    """A member's place and what its header says. `data_at` is None when only the local header's place is
    known.

    `is_cut`: the archive ends within its data, or nothing says where they end; size and checksum then say
    nothing. `is_link`: a symbolic link, whose data are the path it points to; a local header does not say so.
    """

    name: bytes
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    header_at: int
    data_at: int | None = None
    is_cut: bool = False
    is_link: bool = False

    @property
    def is_encrypted(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & _ENCRYPTED)

    def text_name(self) -> str:
        """The name as text: UTF-8 where it says so or is so, else the code page that zip began with."""
        try:
            return self.name.decode("utf-8")
        except UnicodeDecodeError:
            return self.name.decode("utf-8", "replace") if self.flags & _UTF8_NAME else self.name.decode("cp437")


@dataclass(frozen=True, slots=True)
class Directory:
    """The list of contents of a whole archive: `count` entries in `data`."""

    data: bytes
    count: int

    def __iter__(self) -> Iterator[Entry]:
        place = 0
        for _ in range(self.count):
            (
                _,
                made,
                _,
                flags,
                method,
                _,
                _,
                crc,
                packed,
                size,
                name_len,
                extra_len,
                comment_len,
                _,
                _,
                mode,
                offset,
            ) = _CENTRAL.unpack_from(self.data, place)
            start = place + _CENTRAL.size
            name = self.data[start : start + name_len]
            if _UINT32 in (packed, size, offset):
                extra = self.data[start + name_len : start + name_len + extra_len]
                size, packed, offset = _with_zip64(extra, size, packed, offset)
            is_link = made >> 8 == _MADE_ON_UNIX and stat.S_ISLNK(mode >> 16)
            yield Entry(name, flags, method, crc, packed, size, offset, is_link=is_link)
            place = start + name_len + extra_len + comment_len


def _with_zip64(extra: bytes, *values: int) -> tuple[int, ...]:
    """The values, each that is 2³²−1 replaced by the next of the zip64 extra field, as far as it goes."""
    place = 0
    while place + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, place)
        if tag == _ZIP64_EXTRA:
            field = extra[place + 4 : place + 4 + length]
            wide = iter(struct.unpack_from(f"<{len(field) // 8}Q", field))
            return tuple(next(wide, value) if value == _UINT32 else value for value in values)
        place += 4 + length
    return values


def read_directory(source: Source) -> Directory | None:
    """The list of contents, checked to be whole; None when it is missing, damaged or not where it is said
    to be."""
    tail_at = max(0, source.size - _LONGEST_COMMENT - _END.size)
    tail = source.at(tail_at, source.size - tail_at)
    place = tail.rfind(END_MAGIC)
    for _ in range(_MOST_ENDS):
        if place < 0:
            break
        found = _directory_at(source, tail_at + place)
        if found is not None:
            return found
        place = tail.rfind(END_MAGIC, 0, place)
    return None


def _directory_at(source: Source, end_at: int) -> Directory | None:
    end = source.at(end_at, _END.size)
    if len(end) < _END.size:
        return None
    _, _, _, _, count, length, offset, _ = _END.unpack(end)
    if count == _UINT16 or _UINT32 in (length, offset):
        count, length, offset = _end64(source, end_at) or (count, length, offset)
    if offset + length > end_at or length > _LARGEST_DIRECTORY:
        return None
    data = source.at(offset, length)
    return Directory(data, count) if _is_whole(data, count) else None


def _end64(source: Source, end_at: int) -> tuple[int, int, int] | None:
    locator = source.at(max(0, end_at - _LOCATOR64.size), _LOCATOR64.size)
    if len(locator) < _LOCATOR64.size or not locator.startswith(_LOCATOR64_MAGIC):
        return None
    record = source.at(_LOCATOR64.unpack(locator)[2], _END64.size)
    if len(record) < _END64.size or not record.startswith(_END64_MAGIC):
        return None
    *_, count, length, offset = _END64.unpack(record)
    return count, length, offset


def _is_whole(data: bytes, count: int) -> bool:
    place = 0
    for _ in range(count):
        if data[place : place + 4] != CENTRAL_MAGIC or place + _CENTRAL.size > len(data):
            return False
        place += _CENTRAL.size + sum(_LENGTHS.unpack_from(data, place + _LENGTHS_AT))
    return place <= len(data)


def data_offset(header: bytes) -> int | None:
    """How far after the start of a local header the member's data begin; None where it is no local header."""
    if len(header) < _LOCAL.size or not header.startswith(LOCAL_MAGIC):
        return None
    *_, name_len, extra_len = _LOCAL.unpack_from(header)
    return _LOCAL.size + int(name_len) + int(extra_len)


def packed_pieces(source: Source, offset: int, length: int) -> Iterator[bytes]:
    """The bytes from `offset`, `length` of them or as many as there are, in pieces."""
    end = offset + length
    while offset < end and (piece := source.at(offset, min(COMPRESSED_CHUNK_BYTES, end - offset))):
        yield piece
        offset += len(piece)


def walk_local_headers(source: Source, limits: Limits) -> Iterator[Entry]:
    """The members as their own headers tell them, in the order of the file: for an archive without list of
    contents.

    Damaged stretches are passed over. The last entry may be cut. Members whose size is only told after
    their data are decompressed to find their end, as far as `limits` allow.
    """
    following = 0
    while (place := _find(source, LOCAL_MAGIC, following)) is not None:
        entry, following = _local_entry(source, place, limits)
        if entry is not None:
            yield entry


def _find(source: Source, magic: bytes, offset: int) -> int | None:
    while piece := source.at(offset, COMPRESSED_CHUNK_BYTES):
        found = piece.find(magic)
        if found >= 0:
            return offset + found
        if len(piece) < len(magic):
            return None
        offset += len(piece) - len(magic) + 1
    return None


def _local_entry(source: Source, header_at: int, limits: Limits) -> tuple[Entry | None, int]:
    """The entry at a local header and where to look for the next one; no entry where the header itself is
    cut, or its lengths lie."""
    header = source.at(header_at, _LOCAL.size)
    data_at = data_offset(header)
    if data_at is None or header_at + data_at > source.size:
        return None, header_at + len(LOCAL_MAGIC)
    _, _, flags, method, _, _, crc, packed, size, name_len, _ = _LOCAL.unpack(header)
    rest = source.at(header_at + _LOCAL.size, data_at - _LOCAL.size)
    name, extra = rest[:name_len], rest[name_len:]
    if _UINT32 in (packed, size):
        size, packed = _with_zip64(extra, size, packed)
    start = header_at + data_at
    entry = Entry(name, flags, method, crc, packed, size, header_at, start)
    if flags & _SIZES_FOLLOW and not packed:
        return _measured(source, entry, start, limits)
    if start + packed > source.size:
        return _cut(source, entry, start), source.size
    return entry, start + packed


def _cut(source: Source, entry: Entry, start: int) -> Entry:
    return replace(entry, packed_size=source.size - start, is_cut=True)


def _measured(source: Source, entry: Entry, start: int, limits: Limits) -> tuple[Entry, int]:
    """The entry with the sizes and checksum that stand after its data, which must be decompressed to find
    their end."""
    if entry.is_encrypted or entry.method != DEFLATED:
        return replace(entry, is_cut=True), start
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    meter = Meter(limits)
    try:
        for _ in inflate_chunks(packed_pieces(source, start, source.size - start), inflater, meter):
            pass
    except (zlib.error, MemberError):  # damaged, or over a limit: whoever reads it meets the same and says so
        return replace(entry, packed_size=meter.compressed, size=meter.plain), start
    if not inflater.eof:
        return _cut(source, entry, start), source.size
    packed = meter.compressed - len(inflater.unused_data)
    descriptor = source.at(start + packed, 8)
    crc_at = 4 if descriptor.startswith(_DESCRIPTOR_MAGIC) else 0
    if len(descriptor) < crc_at + 4:
        return _cut(source, entry, start), source.size
    (crc,) = struct.unpack_from("<L", descriptor, crc_at)
    return replace(entry, crc=crc, packed_size=packed, size=meter.plain), start + packed
