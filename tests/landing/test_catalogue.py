"""What lies in landing is found, copied exactly and named by its hash; what cannot be is reported with its reason."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.landing import catalogue, copying
from pipelines.landing.catalogue import (
    FileRefused,
    LandingError,
    LandingFile,
    archive_file,
    fingerprint,
    scan,
)
from pipelines.landing.copying import ArchiveError


def put(folder: Path, name: str, data: bytes = b"x") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def landing_file(path: Path) -> LandingFile:
    (found,) = scan(path.parent).files
    return found


def test_files_of_all_folders_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.json", "a/b/c.json", "a.json", 'ü\'s "x"; DROP TABLE--\n.json'):
        put(tmp_path, name)
    found = scan(tmp_path)
    names = [file.relative_path for file in found.files]
    assert names == sorted(["b.json", "a/z.json", "a/b/c.json", "a.json", 'ü\'s "x"; DROP TABLE--\n.json'])
    assert found.bad == ()
    assert scan(tmp_path) == found


@pytest.mark.parametrize("name", [".hidden", "x.part", "x.json.tmp", ".git/x", "down.part/x", "a/.x", "job.tmp/b/x"])
def test_what_is_not_ready_is_left_out(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    put(tmp_path, "ready.parts")
    assert [file.relative_path for file in scan(tmp_path).files] == ["ready.parts"]


def test_the_home_is_no_landing_file_where_it_lies_in_landing(tmp_path: Path) -> None:
    """`trialmart run --landing .` with the home that is made by default: each run read the warehouses and the archive
    of the one before, and copied them into the archive."""
    put(tmp_path, "studies.json")
    put(tmp_path, "trialmart-home/builds/1.duckdb")
    put(tmp_path, "other/trialmart-home/x.json")
    home = tmp_path / "trialmart-home"
    (tmp_path / "link").symlink_to(tmp_path)
    for landing in (tmp_path, tmp_path / "link"):
        found = scan(landing, home)
        assert [file.relative_path for file in found.files] == ["other/trialmart-home/x.json", "studies.json"]
    assert scan(put(home, "landing/a.json").parent, home).files[0].relative_path == "a.json"
    with pytest.raises(LandingError, match="is the home itself"):
        scan(home, tmp_path / "link" / "trialmart-home")


def test_size_and_time(tmp_path: Path) -> None:
    path = put(tmp_path, "a", b"12345")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    file = landing_file(path)
    assert (file.bytes, file.modified_at) == (5, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))
    assert file.path == path


def test_links_and_pipes_are_reported_and_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "secret")
    landing = tmp_path / "landing"
    put(landing, "real")
    (landing / "link").symlink_to(outside)
    (landing / "folder").symlink_to(outside.parent)
    (landing / "dangling").symlink_to("nowhere")
    os.mkfifo(landing / "pipe")
    found = scan(landing)
    assert [file.relative_path for file in found.files] == ["real"]
    reasons = {bad.relative_path: bad.reason_code for bad in found.bad}
    assert reasons == {"link": "symlink", "folder": "symlink", "dangling": "symlink", "pipe": "not_a_file"}


def test_a_folder_that_may_not_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "closed/x")
    put(tmp_path, "open/y")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(catalogue.os, "scandir", refusing)
    found = scan(tmp_path)
    assert [file.relative_path for file in found.files] == ["open/y"]
    assert [(bad.relative_path, bad.reason_code) for bad in found.bad] == [("closed", "unreadable_file")]
    assert "Permission denied" in found.bad[0].reason


def test_a_name_that_is_not_utf8_can_still_be_written_down(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.json"
    os.close(os.open(raw, os.O_CREAT | os.O_WRONLY))
    (file,) = scan(tmp_path).files
    assert file.relative_path == "caf\\xe9.json"
    file.relative_path.encode()
    assert fingerprint(file) == hashlib.sha256(b"").hexdigest()


def test_a_missing_landing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"gone does not exist: create it, or set TRIALMART_LANDING"):
        scan(tmp_path / "gone")
    with pytest.raises(LandingError, match="cannot be read"):
        scan(put(tmp_path, "file"))


@pytest.mark.parametrize("data", [b"", b"abc", os.urandom(9_000_001)], ids=["empty", "small", "larger than a chunk"])
def test_the_copy_is_exact_and_named_by_its_hash(tmp_path: Path, data: bytes) -> None:
    file = landing_file(put(tmp_path / "landing", "a.json", data))
    archived = archive_file(file, tmp_path / "archive")
    sha256 = hashlib.sha256(data).hexdigest()
    assert fingerprint(file) == archived.sha256 == sha256
    assert archived.archived_path == tmp_path / "archive" / sha256[:2] / sha256
    assert archived.archived_path.read_bytes() == data
    assert (archived.path, archived.bytes, archived.modified_at) == ("a.json", len(data), file.modified_at)
    assert stat.S_IMODE(archived.archived_path.stat().st_mode) & 0o222 == 0
    assert [path for path in (tmp_path / "archive").rglob("*") if path.is_file()] == [archived.archived_path]


def test_known_content_is_not_copied_again(tmp_path: Path) -> None:
    first = archive_file(landing_file(put(tmp_path / "one", "a", b"same")), tmp_path / "archive")
    before = first.archived_path.stat()
    second = archive_file(landing_file(put(tmp_path / "two", "b", b"same")), tmp_path / "archive")
    after = second.archived_path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert (first.path, second.path) == ("a", "b")


def test_a_copy_that_a_crash_left_short_is_made_again(tmp_path: Path) -> None:
    file = landing_file(put(tmp_path / "landing", "a", b"whole"))
    short = put(tmp_path / "archive" / fingerprint(file)[:2], fingerprint(file), b"who")
    assert archive_file(file, tmp_path / "archive").archived_path == short
    assert short.read_bytes() == b"whole"


@pytest.fixture
def growing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Makes a file grow while it is copied, as long as the list has numbers in it."""
    monkeypatch.setattr(catalogue, "_PAUSE_SECONDS", 0)
    times: list[int] = []
    copy = catalogue.copy_exactly

    def growing_copy(source: object, target: Path, size: int) -> str:
        if times:
            times.pop()
            with Path(source.name).open("ab") as more:  # type: ignore[attr-defined]
                more.write(b"more")
        return copy(source, target, size)  # type: ignore[arg-type]

    monkeypatch.setattr(catalogue, "copy_exactly", growing_copy)
    return times


def test_a_file_that_changed_during_the_copy_is_copied_again(tmp_path: Path, growing: list[int]) -> None:
    file = landing_file(put(tmp_path / "landing", "a", b"begin"))
    growing.append(1)
    archived = archive_file(file, tmp_path / "archive")
    assert archived.archived_path.read_bytes() == b"beginmore"
    assert archived.bytes == 9
    assert hashlib.sha256(b"beginmore").hexdigest() == archived.sha256


def test_a_file_that_keeps_changing_is_left_for_the_next_run(tmp_path: Path, growing: list[int]) -> None:
    file = landing_file(put(tmp_path / "landing", "a", b"begin"))
    growing += [1] * 10
    with pytest.raises(FileRefused) as refused:
        archive_file(file, tmp_path / "archive")
    assert refused.value.bad.reason_code == "file_changed"
    assert "next run" in refused.value.bad.reason
    assert [path for path in (tmp_path / "archive").rglob("*") if path.is_file()] == []


def test_a_file_that_vanished_is_reported(tmp_path: Path) -> None:
    path = put(tmp_path / "landing", "a")
    file = landing_file(path)
    path.unlink()
    for act in (lambda: archive_file(file, tmp_path / "archive"), lambda: fingerprint(file)):
        with pytest.raises(FileRefused) as refused:
            act()
        assert refused.value.bad.reason_code == "unreadable_file"
        assert refused.value.bad.relative_path == "a"


def test_a_full_disk_says_how_much_is_needed_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = landing_file(put(tmp_path / "landing", "a", b"12345"))

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copying.os, "fsync", full)
    with pytest.raises(
        ArchiveError, match=r"no space left in .* for a copy of 5 bytes: free some, or move TRIALMART_HOME"
    ):
        archive_file(file, tmp_path / "archive")
    assert [path for path in (tmp_path / "archive").rglob("*") if path.is_file()] == []


def test_an_archive_that_cannot_be_written_is_an_error_of_its_own(tmp_path: Path) -> None:
    file = landing_file(put(tmp_path / "landing", "a"))
    blocked = put(tmp_path, "archive")
    with pytest.raises(ArchiveError, match="cannot write to"):
        archive_file(file, blocked)


def test_copies_have_the_rights_of_the_umask(tmp_path: Path) -> None:
    """docs/security.md promises it; a copy could be read by all, wherever its folders let them in."""
    put(tmp_path / "landing", "a.json")
    (file,) = catalogue.scan(tmp_path / "landing").files
    former = os.umask(0o077)
    try:
        done = catalogue.archive_file(file, tmp_path / "archive")
    finally:
        os.umask(former)
    assert stat.S_IMODE(done.archived_path.stat().st_mode) == 0o400
