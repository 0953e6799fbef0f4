"""Full disks, places that cannot be written, files that change while they are read, two runs at once.

Each ends with exit code 1 and words that say where and what to do, the former warehouse served, nothing lost: the next
run comes to the build of an undisturbed one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.fork_server import Command, ForkServer
from tests.faults.worlds import World, which_build, wrongs

pytestmark = pytest.mark.slow


@pytest.fixture
def home(world: World, tmp_path: Path) -> Path:
    """A first build is published and new files wait in landing."""
    return Path(shutil.copytree(world.begun, tmp_path / "home", symlinks=True))


def run(server: ForkServer, home: Path, *arguments: str) -> Command:
    return server.run(*(arguments or ("run",)), log=home.parent / "log", env={"TRIALMART_HOME": str(home)})


def assert_served_and_next_run_right(server: ForkServer, home: Path, world: World) -> None:
    assert which_build(home, world.begun, world.after) == "before"
    done = run(server, home)
    assert done.wait() == 0, done.said()
    assert which_build(home, world.begun, world.after) == "after"
    assert wrongs(home) == []


def _mount(*arguments: str | Path) -> bool:
    return subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False).returncode == 0


@contextmanager
def small_disk(folder: Path, kib: int) -> Iterator[None]:
    """A disk of so many KiB at the folder."""
    folder.mkdir(exist_ok=True)
    if shutil.which("mount") is None or not _mount("-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", folder):
        pytest.skip("mounting a small disk needs root and the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def not_writable(folder: Path) -> Iterator[None]:
    """The folder and all in it can be read alone; root needs a mount for it."""
    if os.geteuid() != 0:
        folder.chmod(0o555)
    elif not (_mount("--bind", folder, folder) and _mount("-o", "remount,bind,ro", folder)):
        pytest.skip("root can write anywhere, and may not mount here")
    try:
        yield
    finally:
        if os.geteuid() != 0:
            folder.chmod(0o755)
        else:
            subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("spare_kib", [10_000, 26_000], ids=["copying", "building"])
def test_full_disk(server: ForkServer, world: World, home: Path, spare_kib: int) -> None:
    disk = home.parent / "disk"
    used = sum(path.stat().st_size for path in home.rglob("*") if path.is_file() and not path.is_symlink()) // 1024
    with small_disk(disk, used + 400 + spare_kib):
        moved = disk / "home"
        shutil.copytree(home, moved, symlinks=True)
        done = run(server, moved)
        assert done.wait() == 1, done.said()
        said = done.said()
        assert "no space left" in said.lower() or "disk is full" in said, said
        assert "free some" in said.lower(), said
        assert "Traceback" not in said
        assert which_build(moved, world.begun, world.after) == "before"
        assert _mount("-o", "remount,size=500m", disk)
        assert_served_and_next_run_right(server, moved, world)


def test_full_disk_before_dagster_has_its_files(server: ForkServer, home: Path) -> None:
    """SQLite's own error came through with a traceback of eighty lines."""
    with small_disk(home.parent / "disk", 150):
        new = home.parent / "disk" / "home"
        (new / "landing").mkdir(parents=True)
        (new / "landing" / "a.txt").write_text("x")
        done = run(server, new)
        assert done.wait() == 1
        assert "Dagster's history of runs in" in done.said()
        assert "Free some space" in done.said()
        assert "Traceback" not in done.said()


@pytest.mark.parametrize("name", ["builds", "."])
def test_place_that_cannot_be_written(server: ForkServer, world: World, home: Path, name: str) -> None:
    """In `builds` the words were the system's alone, and the run's scratch folder stayed."""
    with not_writable(home / name):
        done = run(server, home)
        assert done.wait() == 1, done.said()
        said = done.said()
        assert "permissions" in said, said
        assert str(home) in said
        assert "Traceback" not in said
        assert which_build(home, world.begun, world.after) == "before"
        if name == ".":
            assert run(server, home, "status").wait() == 0, "asking whether somebody writes needs no right to write"
    assert_served_and_next_run_right(server, home, world)


def test_ui_on_a_home_of_somebody_else(server: ForkServer, home: Path) -> None:
    """SQLite's "attempt to write a readonly database" came with its traceback."""
    with not_writable(home):
        done = run(server, home, "ui", "--port", "3997")
        assert done.wait() == 1, done.said()
        assert "Check the permissions of that folder" in done.said()
        assert "Traceback" not in done.said()


def test_damaged_history_of_runs_is_named_and_can_be_moved_away(server: ForkServer, world: World, home: Path) -> None:
    shutil.rmtree(home / "dagster")
    (home / "dagster" / "storage" / "history").mkdir(parents=True)
    (home / "dagster" / "history").mkdir()
    (home / "dagster" / "history" / "runs.db").write_bytes(b"rotten" * 2000)
    done = run(server, home)
    assert done.wait() == 1, done.said()
    assert "move that folder away" in done.said()
    assert "Traceback" not in done.said()
    shutil.rmtree(home / "dagster")
    assert_served_and_next_run_right(server, home, world)


def test_landing_files_that_change_vanish_or_are_cut_short_meanwhile(
    server: ForkServer, world: World, home: Path
) -> None:
    """Whatever the run took is whole; what is in landing in the end is in the warehouse after the next run."""
    victim, gone, cut = (home / "landing" / "later" / name for name in ("grows.ndjson", "gone.ndjson", "cut.ndjson"))
    line = (home / "landing" / "later" / "amended.ndjson").read_bytes().splitlines(keepends=True)[0]
    stop = threading.Event()

    def meddle() -> None:
        while not stop.is_set():
            for path in (victim, cut):
                with path.open("ab") as file:
                    file.write(line)
            gone.write_bytes(line * 50)
            stop.wait(0.001)
            gone.unlink()
            os.truncate(cut, cut.stat().st_size // 2)
        victim.write_bytes(line)
        cut.unlink()

    meddler = threading.Thread(target=meddle)
    meddler.start()
    try:
        done = run(server, home)
    finally:
        stop.set()
        meddler.join()
    assert done.wait() == 0, done.said()
    assert wrongs(home) == []
    done = run(server, home)
    assert done.wait() == 0, done.said()
    assert wrongs(home) == []
    checked = run(server, home, "verify", "--records", "1000")
    assert checked.wait() == 0, checked.said()


def test_two_runs_at_once(server: ForkServer, world: World, home: Path) -> None:
    """One works, the other leaves at once and says who is writing; the warehouse is that of one run."""
    env = {"TRIALMART_HOME": str(home)}
    first = server.start("run", log=home.parent / "first", env=env)
    assert first.wait_for("] staging:")
    second = server.start("run", log=home.parent / "second", env=env)
    assert second.wait() == 1
    assert "is being written by run" in second.said()
    assert "Wait until it has ended" in second.said()
    assert first.wait() == 0
    assert which_build(home, world.begun, world.after) == "after"
    assert wrongs(home) == []


def test_two_runs_started_in_the_same_instant(server: ForkServer, world: World, home: Path) -> None:
    env = {"TRIALMART_HOME": str(home)}
    both = [server.start("run", log=home.parent / f"log{number}", env=env) for number in range(2)]
    assert sorted(command.wait() for command in both) in ([0, 1], [0, 0]), [command.said() for command in both]
    assert which_build(home, world.begun, world.after) == "after"
    assert wrongs(home) == []
