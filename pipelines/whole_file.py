"""Files that a user names, written whole or not at all.

Belongs here: how such a file comes to its place, and what must never be replaced by one. Does not: what is in it;
files of the home, whose makers know of crashes (pipelines/landing, pipelines/warehouse).
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OUR_STREAMS = (1, 2)


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Where to write what shall stand at `path` once the block has ended well; nothing changes there otherwise.

    What is no file of its own is given as it is, and written into. Behind a symbolic link the file that it points to is
    replaced, not the link. A file that is there keeps its rights: who had closed it to others finds it closed.
    """
    if is_no_file_of_its_own(path):
        yield path
        return
    target = path.resolve()
    part = target.with_name(f".{secrets.token_hex(8)}.part")  # behind its name, one of 255 bytes would be too long
    try:
        part.touch(exist_ok=False)
        with suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(target.stat().st_mode) | stat.S_IWUSR)
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def is_no_file_of_its_own(path: Path) -> bool:
    """A device, a pipe, or the file that our own output goes to (/dev/stdout): a file put in its place would take it
    away from everybody, as root does with /dev/null.
    """
    try:
        about = path.stat()
    except OSError:
        return False
    return not stat.S_ISREG(about.st_mode) or any(_is_open_as(stream, about) for stream in _OUR_STREAMS)


def _is_open_as(stream: int, about: os.stat_result) -> bool:
    try:
        return os.path.samestat(about, os.fstat(stream))
    except OSError:
        return False
