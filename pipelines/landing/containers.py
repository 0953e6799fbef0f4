"""The readable members of a landing file: the file itself, or what a gzip or zip file holds.

Belongs here: telling containers by their first bytes, opening them within limits, saying what is wrong with
a member. Does not: record formats (pipelines/readers). Nothing is ever extracted to disk, so a member's
name is only a label.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from pipelines.landing.budget import Budget, Share
from pipelines.landing.inflate import GZIP_MAGIC, Meter, crc32, gunzip_chunks, inflate_chunks, inflate_small
from pipelines.landing.member import BadRecord, ChunkStream, Member, MemberError
from pipelines.landing.reasons import (
    BROKEN_MEMBER,
    BROKEN_ZIP,
    COMPRESSION_BOMB,
    EMPTY_FILE,
    ENCRYPTED_MEMBER,
    MEMBER_TOO_LARGE,
    NESTED_ARCHIVE,
    SYMLINK,
    TOO_MANY_MEMBERS,
    TRUNCATED_MEMBER,
    UNKNOWN_FORMAT,
    UNSUPPORTED_COMPRESSION,
)
from pipelines.landing.zip_directory import (
    DEFLATED,
    END_MAGIC,
    LOCAL_HEADER_BYTES,
    LOCAL_MAGIC,
    STORED,
    BytesSource,
    Entry,
    FileSource,
    Source,
    data_offset,
    packed_pieces,
    read_directory,
    walk_local_headers,
)
from pipelines.settings import Limits

IN_MEMORY_BYTES = 8 * 1024 * 1024
"""Members up to this size are decompressed and verified in one go; larger ones are streamed. Twice the
largest single study seen (3.6 MB, 2026)."""

INNER_MARK = "!/"
"""Stands between the name of an inner archive and the name of its member."""

_EXTRA_GUESS = 64  # a local header's extra field is rarely longer: data then come with one read
_IGNORED_PART = re.compile(r"(?:^|/)(?:__MACOSX(?:/|$)|\.(?!\.?(?:/|$)))")
_ODD_NAME = re.compile(r"\\|\0|(?:^|/)(?:\.{0,2})(?:/|$)")
_OFFICE_MARKS = {
    b"[Content_Types].xml": "an Office document (xlsx, docx, pptx)",
    b"META-INF/manifest.xml": "an OpenDocument file (ods, odt)",
}


def open_members(path: Path, limits: Limits, budget: Budget | None = None) -> Iterator[Member | BadRecord]:
    """What can be read in a file, in the order of the file, and why a part of it cannot.

    A plain file is one member without name, and so is a gzip file. A zip gives one member for each file in
    it; directories, `__MACOSX` and names with a leading dot are passed over. Where the archive's list of
    contents is lost, members are found by their own headers, and `broken_zip` follows them. What it all
    decompresses to counts in `budget` (by default one of its own). Errors of the operating system are raised.
    """
    source = FileSource(path)
    budget = budget or Budget(source.size, limits)
    magic = source.at(0, 4)
    if is_zip(magic):
        return _zip_members(source, limits, budget)
    plain = Member(None, source.size, lambda: path.open("rb"))
    if magic.startswith(GZIP_MAGIC):
        return iter([_gunzipped(plain, limits, budget)])
    return iter([plain])


def unwrap(
    member: Member, head: bytes, limits: Limits, budget: Budget | None = None
) -> Iterator[Member | BadRecord] | None:
    """The members of a member that is itself an archive, one level deep; None when it is no archive.

    `head` are its first bytes. A zip is read into memory for it, up to `limits.text_member_bytes`. Raises
    MemberError where its bytes cannot be had. `budget` is that of the file which it lies in.
    """
    if head.startswith(GZIP_MAGIC):
        return iter([_gunzipped(member, limits, budget or Budget(member.size or limits.member_bytes, limits))])
    if not is_zip(head):
        return None
    data = member.read(limits.text_member_bytes)
    if len(data) > limits.text_member_bytes:
        return iter(
            [_bad(member.name, NESTED_ARCHIVE, "an archive too large to be read inside another; unpack the outer")]
        )
    prefix = f"{member.name}{INNER_MARK}" if member.name else ""
    return _zip_members(BytesSource(data), limits, budget or Budget(len(data), limits), prefix)


def is_zip(head: bytes) -> bool:
    """Whether bytes begin as a zip archive does, empty ones included."""
    return head.startswith((LOCAL_MAGIC, END_MAGIC))


def is_archive(head: bytes) -> bool:
    """Whether bytes begin as an archive that `unwrap` knows."""
    return is_zip(head) or head.startswith(GZIP_MAGIC)


def _bad(name: str | None, code: str, reason: str) -> BadRecord:
    return BadRecord(name, None, code, reason)


def _gunzipped(member: Member, limits: Limits, budget: Budget) -> Member:
    share = Share(budget)

    def opened() -> BinaryIO:
        return cast(BinaryIO, ChunkStream(gunzip_chunks(member.open(), limits, share)))

    return Member(member.name, None, opened)


def _zip_members(source: Source, limits: Limits, budget: Budget, prefix: str = "") -> Iterator[Member | BadRecord]:
    directory = read_directory(source)
    whole_name = prefix.removesuffix(INNER_MARK) or None
    if directory is not None:
        for mark, what in _OFFICE_MARKS.items():
            if mark in directory.data:
                yield _bad(whole_name, UNKNOWN_FORMAT, f"the zip archive is {what}; export its tables as text")
                return
    entries = iter(directory) if directory is not None else walk_local_headers(source, limits)
    found = yield from _members(source, entries, limits, budget, prefix)
    if directory is not None and not found:
        yield _bad(whole_name, EMPTY_FILE, "the zip archive has no files in it")
    if directory is None:
        yield _bad(
            whole_name,
            BROKEN_ZIP,
            f"the archive's list of contents is missing or damaged; {found:,} members were found without it, "
            "any others are lost: fetch the archive again",
        )


def _members(
    source: Source, entries: Iterator[Entry], limits: Limits, budget: Budget, prefix: str
) -> Generator[Member | BadRecord, None, int]:
    """Gives the members; returns how many. The names of all members are kept to tell equal ones apart."""
    names: dict[str, int] = {}
    known: set[str] = set()
    count = packed = 0
    for entry in entries:
        packed += entry.packed_size  # of what is passed over too: finding its end may have cost as much
        own_name = label(entry.text_name())
        name = prefix + own_name
        if packed <= source.size and (entry.name.endswith(b"/") or _IGNORED_PART.search(own_name)):
            continue
        if name in known:
            names[name] = names.get(name, 1) + 1
            name = f"{name}#{names[name]}"
        known.add(name)
        count += 1
        if count > limits.archive_members:
            yield _bad(
                prefix or None, TOO_MANY_MEMBERS, f"more than {limits.archive_members:,} members; the rest is not read"
            )
            return count
        if packed > source.size:
            yield _bad(
                name,
                COMPRESSION_BOMB,
                "members overlap: together they are larger than the archive; the rest is not read",
            )
            return count
        try:
            found = _member(source, entry, name, limits, budget)
        except MemberError as error:
            yield _bad(name, error.code, str(error))
            return count
        yield found
    return count


def label(name: str) -> str:
    """A member's name as people may see it: forward slashes, no steps up, no NUL."""
    if not _ODD_NAME.search(name):
        return name
    parts = name.replace("\\", "/").replace("\0", "\ufffd").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "unnamed"


def _member(source: Source, entry: Entry, name: str, limits: Limits, budget: Budget) -> Member | BadRecord:
    """Raises MemberError where the file's budget is spent: what a member says of its size counts at once."""
    if entry.is_link:
        return _bad(name, SYMLINK, "the member is a symbolic link; links are not followed: pack the file itself")
    if entry.is_encrypted:
        return _bad(name, ENCRYPTED_MEMBER, "the member is protected by a password; unpack it first")
    if entry.method not in (STORED, DEFLATED):
        return _bad(name, UNSUPPORTED_COMPRESSION, f"zip method {entry.method} is not supported; pack it with deflate")
    if entry.is_cut:
        return Member(name, None, partial(_open_entry, source, entry, limits, Share(budget)))
    if entry.size > limits.member_bytes:
        return _bad(name, MEMBER_TOO_LARGE, f"{entry.size:,} bytes, more than the limit of {limits.member_bytes:,}")
    if entry.size > IN_MEMORY_BYTES:
        if entry.size > entry.packed_size * limits.compression_ratio:
            return _bad(
                name, COMPRESSION_BOMB, f"{entry.packed_size:,} bytes that say they decompress to {entry.size:,}"
            )
        budget.take(entry.size)
        return Member(name, entry.size, partial(_open_entry, source, entry, limits))
    budget.take(entry.size)
    load = partial(_load_entry, source, entry)
    return Member(name, entry.size, partial(_open_loaded, load), load)


def _open_loaded(load: partial[bytes]) -> BinaryIO:
    return Member.of_bytes(None, load()).open()


def _load_entry(source: Source, entry: Entry) -> bytes:
    """All bytes of a member that says it is small, verified by size and checksum; MemberError otherwise."""
    if entry.data_at is None:
        guess = LOCAL_HEADER_BYTES + len(entry.name) + _EXTRA_GUESS + entry.packed_size
        block = source.at(entry.header_at, guess)
        start = data_offset(block)
        if start is None:
            raise MemberError(BROKEN_MEMBER, _no_header(entry))
        packed = block[start : start + entry.packed_size]
        if len(packed) < entry.packed_size:
            packed = source.at(entry.header_at + start, entry.packed_size)
    else:
        packed = source.at(entry.data_at, entry.packed_size)
    try:
        data = packed if entry.method == STORED else inflate_small(packed, entry.size)
    except ValueError as error:
        raise MemberError(BROKEN_MEMBER, str(error)) from error
    if len(data) != entry.size:
        raise MemberError(BROKEN_MEMBER, f"{len(data):,} bytes or more where the archive says {entry.size:,}")
    if crc32(data) != entry.crc:
        raise MemberError(BROKEN_MEMBER, "the content does not match its checksum: bytes were changed on the way")
    return data


def _no_header(entry: Entry) -> str:
    return f"no member begins at byte {entry.header_at:,}, where the archive's list of contents has it"


def _open_entry(source: Source, entry: Entry, limits: Limits, share: Share | None = None) -> BinaryIO:
    return cast(BinaryIO, ChunkStream(_entry_chunks(source, entry, limits, share)))


def _entry_chunks(source: Source, entry: Entry, limits: Limits, share: Share | None) -> Iterator[bytes]:
    """Plain chunks of a large or a cut member; MemberError after the last good one."""
    start = entry.data_at
    if start is None:
        offset = data_offset(source.at(entry.header_at, LOCAL_HEADER_BYTES))
        if offset is None:
            raise MemberError(BROKEN_MEMBER, _no_header(entry))
        start = entry.header_at + offset
    pieces = packed_pieces(source, start, entry.packed_size)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    crc = size = 0
    meter = Meter(limits, share)
    try:
        for chunk in pieces if entry.method == STORED else inflate_chunks(pieces, inflater, meter):
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            if size > entry.size and not entry.is_cut:
                break  # it gives more than it says, and what it says was counted
            yield chunk
    except zlib.error as error:
        message = f"the compressed data are damaged after {size:,} decompressed bytes: {error}"
        raise MemberError(BROKEN_MEMBER, message) from error
    if entry.is_cut:
        raise MemberError(TRUNCATED_MEMBER, f"the archive ends within this member, after {size:,} decompressed bytes")
    if size != entry.size or crc != entry.crc:
        more = " or more" if size > entry.size else ""
        raise MemberError(BROKEN_MEMBER, f"its {size:,} bytes{more} do not match the size or checksum in the archive")
