"""Opening what people put into a folder: regular files only, whatever stands there by now.

Belongs here: the one way in which files of landing are opened. Does not: finding them (catalogue.py).

Between the look at a folder and the opening of a file somebody may have put something else in its place: a symbolic
link that leads out of landing, or a pipe that nobody writes to, on which opening would wait for ever.
"""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class NotRegularFileError(OSError):
    """What stands there is no regular file. `is_link`: it is a symbolic link."""

    def __init__(self, name: str, *, is_link: bool) -> None:
        super().__init__(errno.EINVAL, "a symbolic link" if is_link else "no plain file", str(name))
        self.is_link = is_link


def open_regular(path: Path) -> FileIO:
    """The file, unbuffered, for reading. Raises NotRegularFileError for links, pipes, sockets, devices and folders, and
    OSError."""
    return FileIO(path, "rb", opener=_opener)


def _opener(name: str, _flags: int) -> int:
    try:
        descriptor = os.open(name, _FLAGS)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotRegularFileError(name, is_link=True) from error
        if error.errno == errno.ENXIO:  # a socket, or a device without hardware
            raise NotRegularFileError(name, is_link=False) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularFileError(name, is_link=False)
    return descriptor
