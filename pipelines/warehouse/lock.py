"""One writer at a time: the lock file that a run holds from the beginning of its build to its end.

Belongs here: taking, holding and releasing that lock, and saying who holds it. Does not: what is written
under it. The lock is the kernel's (flock), so a killed run leaves no stale lock behind; the text in the
file only says who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.errors import WriterBusyError

_POLL_SECONDS = 0.5


class WriterLock:
    """The held lock. Released by `release()` or by the end of the process."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @property
    def held(self) -> bool:
        """Whether the lock has not been released yet."""
        return self._handle is not None

    def release(self) -> None:
        """Let the next writer in. A second call does nothing."""
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None


def lock_path(settings: Settings) -> Path:
    """The lock file of this home."""
    return settings.home_dir / ".writer.lock"


def _try_lock(path: Path, flags: int = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC) -> int | None:
    handle = os.open(path, flags, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:
        os.close(handle)
        raise
    return handle


def _holder(path: Path) -> str:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return f"run {said['run_id']} (process {said['pid']} on {said['host']}, since {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another run"  # it has the lock but has not yet written who it is


def acquire_writer_lock(settings: Settings, run_id: str, wait_seconds: float = 0.0) -> WriterLock:
    """Take the lock, waiting at most `wait_seconds`; WriterBusyError says who holds it."""
    path = lock_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_seconds
    while (handle := _try_lock(path)) is None:
        if time.monotonic() >= deadline:
            raise WriterBusyError(
                f"{settings.home_dir} is being written by {_holder(path)}; one writer works at a time. "
                "Wait until it has ended and run again; readers are not concerned."
            )
        time.sleep(_POLL_SECONDS)
    said = {
        "run_id": run_id,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(said).encode(), 0)
    return WriterLock(handle)


def writer_is_active(settings: Settings) -> bool:
    """Whether some run holds the lock right now. Writes nothing: it may be asked of a home that is read-only."""
    path = lock_path(settings)
    if not path.exists():
        return False
    handle = _try_lock(path, os.O_RDONLY | os.O_CLOEXEC)
    if handle is None:
        return True
    os.close(handle)
    return False
