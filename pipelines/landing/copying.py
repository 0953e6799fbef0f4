"""The exact copy of an open file in the archive: under its hash, whole or not at all.

Belongs here: hashing, copying, what is said when the archive cannot be written. Does not: which files are copied, and
whether one changed meanwhile (catalogue.py).
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

COPYING = ".copying_"
"""Begins the name of a copy in the archive that is not finished; what a crash left of it the next build removes."""
COPY_CHUNK_BYTES = 4 * 1024 * 1024
READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
"""Of the rights that the umask gave a file, those that one which must not change keeps."""

_FICLONE = 0x40049409  # Linux: share the blocks of another file instead of copying them (btrfs, xfs, bcachefs)


class ArchiveError(Exception):
    """The archive cannot be written: disk full, no permission. The run cannot go on."""


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hex. Raises OSError."""
    with path.open("rb", buffering=0) as source:
        return digest_of(source)


def is_there(target: Path, size: int) -> bool:
    """Whether the archive has a whole copy of so many bytes at `target`. Raises ArchiveError."""
    try:
        return target.stat().st_size == size
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ArchiveError(_archive_trouble(target.parent, size, error)) from error


def copy_exactly(source: FileIO, target: Path, size: int) -> str:
    """Put the rest of `source` at `target` by way of a temporary name; the SHA-256 of what was written.

    The target appears only when the hash is its name. Raises ArchiveError; OSError only where `source`
    cannot be read.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_path = target.parent / f"{COPYING}{secrets.token_hex(8)}"
        copy = copy_path.open("x+b", buffering=0)
    except OSError as error:
        raise ArchiveError(_archive_trouble(target.parent, size, error)) from error
    try:
        with copy:
            sha256 = _clone(source, copy) or _copy_chunks(source, copy, target, size)
            _sync(copy, target, size)
        if sha256 == target.name:
            _move(copy_path, target, size)
        return sha256
    finally:
        copy_path.unlink(missing_ok=True)


def _clone(source: FileIO, copy: FileIO) -> str | None:
    """Share the blocks of `source` where the file system can; the hash of the result. None where it
    cannot."""
    try:
        from fcntl import ioctl  # not on Windows

        ioctl(copy.fileno(), _FICLONE, source.fileno())
    except (ImportError, OSError):
        return None
    copy.seek(0)
    return digest_of(copy)


def _copy_chunks(source: FileIO, copy: FileIO, target: Path, size: int) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(source):
        try:
            written = 0
            while written < len(chunk):  # an unbuffered write may take a part only
                written += copy.write(chunk[written:])
        except OSError as error:
            raise ArchiveError(_archive_trouble(target.parent, size, error)) from error
        digest.update(chunk)
    return digest.hexdigest()


def _sync(copy: FileIO, target: Path, size: int) -> None:
    try:
        os.fsync(copy.fileno())
    except OSError as error:
        raise ArchiveError(_archive_trouble(target.parent, size, error)) from error


def _move(copy_path: Path, target: Path, size: int) -> None:
    try:
        copy_path.chmod(copy_path.stat().st_mode & READ_ONLY)
        copy_path.replace(target)
    except OSError as error:
        raise ArchiveError(_archive_trouble(target.parent, size, error)) from error


def digest_of(source: FileIO) -> str:
    """SHA-256 of the rest of an open file, hex. Raises OSError."""
    return hashlib.file_digest(source, "sha256").hexdigest()


def _chunks(source: FileIO) -> Iterator[memoryview]:
    buffer = memoryview(bytearray(COPY_CHUNK_BYTES))
    while count := source.readinto(buffer):
        yield buffer[:count]


def _archive_trouble(folder: Path, size: int, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"no space left in {folder} for a copy of {size:,} bytes: "
            "free some, or move TRIALMART_HOME to a larger disk, and run again"
        )
    return (
        f"cannot write to {folder} ({error.strerror or error}): check its permissions, or set TRIALMART_HOME elsewhere"
    )
