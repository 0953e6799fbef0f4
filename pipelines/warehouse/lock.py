"""One writer at a time: the lock file that a run holds from the beginning of its build to its end.

Belongs here: taking, holding and releasing that lock (and the like one of the report's pages), and saying who holds
it. Does not: what is written under it. The lock is the kernel's (flock), so a killed run leaves no stale lock behind;
the text in the file only says who holds it.
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
from pipelines.warehouse.errors import WarehouseError, WriterBusyError

_POLL_SECONDS = 0.5

_ASKING_SECONDS = 0.2
"""Who only asks whether a run is going on (`writer_is_active`) holds the lock for a moment: a writer tries again."""


class WriterLock:
    """A held lock. Released by `release()` or by the end of the process."""

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


def report_lock_path(settings: Settings) -> Path:
    """Held while Dagster writes this home's report pages, which may be beside a run."""
    return settings.home_dir / ".report.lock"


def _try_lock(path: Path, flags: int = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, kind: int = fcntl.LOCK_EX) -> int | None:
    handle = os.open(path, flags, 0o644)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError as error:
        os.close(handle)
        raise WarehouseError(
            f"{path} cannot be locked ({error.strerror}): its file system does not lock files, as some network drives "
            "do not. Choose a home on another disk with --home."
        ) from error
    return handle


def _holder(path: Path) -> str:
    """Whoever the file names, unless that process is gone: a killed run leaves its name, and the lock goes on."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["host"] == socket.gethostname() and not _lives(int(said["pid"])):
            return "another run"
        return f"run {said['run_id']} (process {said['pid']} on {said['host']}, since {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another run"  # it has the lock but has not yet written who it is


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def acquire_writer_lock(settings: Settings, run_id: str, wait_seconds: float = 0.0) -> WriterLock:
    """Take the lock, waiting at most `wait_seconds`; WriterBusyError says who holds it."""
    path = lock_path(settings)
    lock = _acquire(path, run_id, wait_seconds)
    if lock is None:
        raise WriterBusyError(
            f"{settings.home_dir} is being written by {_holder(path)}; one writer works at a time. "
            "Wait until it has ended and run again; readers are not concerned."
        )
    return lock


def acquire_report_lock(settings: Settings, run_id: str, wait_seconds: float = 0.0) -> WriterLock:
    """Take the lock of the home's report pages; WriterBusyError says who is writing them."""
    path = report_lock_path(settings)
    lock = _acquire(path, run_id, wait_seconds)
    if lock is None:
        raise WriterBusyError(f"{settings.report_dir} is being written by {_holder(path)}; wait until it has ended")
    return lock


def _acquire(path: Path, run_id: str, wait_seconds: float) -> WriterLock | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    while (handle := _try_lock(path)) is None:
        waited = time.monotonic() - started
        if waited >= max(wait_seconds, _ASKING_SECONDS):
            return None
        time.sleep(_POLL_SECONDS if waited > _ASKING_SECONDS else _ASKING_SECONDS / 10)
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
    return is_held(lock_path(settings))


def is_held(path: Path) -> bool:
    """Whether somebody has flocked this file, which need not exist. Writes nothing."""
    if not path.exists():
        return False
    # shared: NFS gives an exclusive lock to nobody who may not write
    handle = _try_lock(path, os.O_RDONLY | os.O_CLOEXEC, fcntl.LOCK_SH)
    if handle is None:
        return True
    os.close(handle)
    return False
