"""Who holds the writer lock, who only asks, and whose name is told."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.warehouse.errors import WarehouseError, WriterBusyError
from pipelines.warehouse.lock import acquire_writer_lock, lock_path, writer_is_active


def test_somebody_who_only_asks_is_no_writer(tmp_path: Path) -> None:
    """To ask is to hold the lock for a moment: a `trialmart status` or the sensor's tick at the instant a run began
    made it leave with "is being written by run …", naming a run that had been killed long before."""
    settings = Settings(home=tmp_path)
    acquire_writer_lock(settings, "earlier").release()
    asking = os.open(lock_path(settings), os.O_RDONLY)
    fcntl.flock(asking, fcntl.LOCK_EX)
    threading.Timer(0.1, os.close, [asking]).start()
    lock = acquire_writer_lock(settings, "now")
    assert writer_is_active(settings)
    lock.release()


def test_many_who_ask_keep_no_writer_out(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    acquire_writer_lock(settings, "earlier").release()
    until = time.monotonic() + 1.0

    def ask() -> None:
        while time.monotonic() < until:
            writer_is_active(settings)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    taken = 0
    while time.monotonic() < until:
        acquire_writer_lock(settings, "now").release()
        taken += 1
    for thread in asking:
        thread.join()
    assert taken > 3


def test_a_killed_runs_name_is_not_told_for_another_ones(tmp_path: Path) -> None:
    """A killed run leaves its name in the file; who takes the lock next may not have written his yet."""
    settings = Settings(home=tmp_path)
    ended = subprocess.Popen(["true"])
    ended.wait()
    said = {"run_id": "killed-run", "pid": ended.pid, "host": socket.gethostname(), "since": "2026-11-21T10:00:00"}
    lock_path(settings).write_text(json.dumps(said))
    with lock_path(settings).open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(WriterBusyError, match="is being written by another run;"):
            acquire_writer_lock(settings, "now")
        lock_path(settings).write_text(json.dumps(said | {"host": "another-machine"}))
        with pytest.raises(WriterBusyError, match=r"by run killed-run .*on another-machine"):
            acquire_writer_lock(settings, "now")


def test_who_may_only_read_can_ask_on_a_network_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NFS gives an exclusive lock to nobody who has the file open for reading alone: `trialmart status` of an analyst
    ended with "Bad file descriptor"."""
    flock = fcntl.flock

    def of_nfs(handle: int, how: int) -> None:
        if how & fcntl.LOCK_EX and fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        flock(handle, how)

    monkeypatch.setattr(fcntl, "flock", of_nfs)
    settings = Settings(home=tmp_path)
    lock = acquire_writer_lock(settings, "now")
    assert writer_is_active(settings)
    lock.release()
    assert not writer_is_active(settings)


def test_a_file_system_without_locks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words were "No locks available" alone."""

    def refused(_handle: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refused)
    with pytest.raises(WarehouseError, match="does not lock files") as told:
        acquire_writer_lock(Settings(home=tmp_path), "now")
    assert str(tmp_path) in str(told.value)
