"""What lies in the landing folder, and what of it the archive holds.

Belongs here: finding files, fingerprinting, archiving one. Does not: how its bytes are copied (copying.py), looking
into files (containers.py). Landing is only ever read; the archive is only ever added to. A file's fault is reported
with the file (BadFile), a fault of the machine or of the folders' set-up is raised (LandingError, ArchiveError).
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.landing.copying import copy_exactly, digest_of, is_there
from pipelines.landing.opening import NotRegularFileError, open_regular
from pipelines.landing.origin import Origin, read_note
from pipelines.landing.reasons import FILE_CHANGED, NOT_A_FILE, SYMLINK, UNREADABLE_FILE

NOT_READY_ENDINGS = (".part", ".tmp")
_LINK = "a symbolic link; links are not followed: put the file itself here"
_NO_FILE = "a pipe, socket or device, not a file: remove it from landing"
COPY_ATTEMPTS = 3
_PAUSE_SECONDS = 0.2


class LandingError(Exception):
    """The landing folder itself cannot be read."""


@dataclass(frozen=True, slots=True)
class LandingFile:
    """A file that is ready. `relative_path` has forward slashes and is always valid Unicode; `modified_at`
    is UTC."""

    path: Path
    relative_path: str
    bytes: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class BadFile:
    """Something in landing that cannot be read, and why; `bytes` is 0 where the size is not known."""

    relative_path: str
    reason_code: str
    reason: str
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a scan of landing found, both sorted by relative path."""

    files: tuple[LandingFile, ...]
    bad: tuple[BadFile, ...]


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A landing file of which the archive holds an exact copy. `path` is relative to landing; `modified_at`
    is UTC."""

    path: str
    sha256: str
    bytes: int
    modified_at: datetime
    archived_path: Path
    origin: Origin | None = None


class FileRefused(Exception):
    """A landing file that could not be copied, through no fault of the archive; `bad` says why."""

    def __init__(self, bad: BadFile) -> None:
        super().__init__(f"{bad.relative_path}: {bad.reason}")
        self.bad = bad


def scan(landing: Path, home: Path | None = None) -> Catalogue:
    """Every file in `landing` and its folders, in the same order each time.

    Names (of folders too) that begin with a dot or end in .part or .tmp are not ready and left out, and so is `home`
    where it lies in `landing`: each run would read what the one before has made. Symbolic links are not followed but
    reported, as is what may not be read. Raises LandingError where `landing` itself cannot be read, or is `home`.
    """
    own = None if home is None else _own_folder(landing, home)
    files: list[LandingFile] = []
    bad: list[BadFile] = []
    folders: list[tuple[Path, str]] = [(landing, "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if folder == landing:
                raise LandingError(_landing_trouble(landing, error)) from error
            bad.append(_unreadable(prefix.rstrip("/"), error))
            continue
        for entry in entries:
            if not is_ready(entry.name):
                continue
            relative = prefix + _as_text(entry.name)
            found = _look_at(entry, relative)
            if isinstance(found, LandingFile):
                files.append(found)
            elif isinstance(found, BadFile):
                bad.append(found)
            elif relative != own:
                folders.append((found, relative + "/"))
    files.sort(key=lambda file: file.relative_path)
    bad.sort(key=lambda file: file.relative_path)
    return Catalogue(tuple(files), tuple(bad))


def _own_folder(landing: Path, home: Path) -> str | None:
    """The home's path relative to landing; None where it lies elsewhere. Raises LandingError where both are one."""
    at, home_at = landing.resolve(), home.resolve()
    if at == home_at:
        raise LandingError(
            f"{landing} is the home itself, with warehouse and archive in it: put the files into {home / 'landing'}, "
            "or give another --landing or --home"
        )
    return _as_text(home_at.relative_to(at).as_posix()) if home_at.is_relative_to(at) else None


def is_ready(name: str) -> bool:
    """Whether a file or folder of this name is to be read."""
    return not name.startswith(".") and not name.endswith(NOT_READY_ENDINGS)


def fingerprint(file: LandingFile) -> str:
    """SHA-256 of the file's bytes, in hex. Raises FileRefused where it cannot be read."""
    try:
        with open_regular(file.path) as source:
            return digest_of(source)
    except OSError as error:
        raise FileRefused(_unreadable(file.relative_path, error, file.bytes)) from error


def archive_file(file: LandingFile, archive_dir: Path) -> ArchivedFile:
    """The file's exact copy `archive_dir/<sha256[:2]>/<sha256>`, made unless it is there.

    The copy's name is the hash of the bytes that were written, so it is right whatever happens to the
    original; size and times in the result are those of the content that was copied. Raises FileRefused
    (`file_changed`, `unreadable_file`) and ArchiveError.
    """
    for attempt in range(COPY_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        archived = _archive_once(file, archive_dir)
        if archived is not None:
            return archived
    reason = f"it kept changing during {COPY_ATTEMPTS} attempts to copy it; the next run takes it, once it is whole"
    raise FileRefused(BadFile(file.relative_path, FILE_CHANGED, reason, file.bytes))


def archive_path(archive_dir: Path, sha256: str) -> Path:
    """Where the archive keeps the content with that hash (hex)."""
    return archive_dir / sha256[:2] / sha256


def _archive_once(file: LandingFile, archive_dir: Path) -> ArchivedFile | None:
    """One attempt; None when the file changed meanwhile."""
    try:
        with open_regular(file.path) as source:
            before = os.fstat(source.fileno())
            sha256 = digest_of(source)
            target = archive_path(archive_dir, sha256)
            if not is_there(target, before.st_size):
                source.seek(0)
                if copy_exactly(source, target, before.st_size) != sha256:
                    return None
            after = file.path.lstat()
    except OSError as error:
        raise FileRefused(_unreadable(file.relative_path, error, file.bytes)) from error
    if _state(before) != _state(after):
        return None
    origin = read_note(file.path, sha256)
    return ArchivedFile(file.relative_path, sha256, before.st_size, _utc(before.st_mtime), target, origin)


def _look_at(entry: os.DirEntry[str], relative: str) -> LandingFile | BadFile | Path:
    """A file, a reason, or the folder to look into."""
    try:
        if entry.is_symlink():
            return BadFile(relative, SYMLINK, _LINK)
        if entry.is_dir(follow_symlinks=False):
            return Path(entry.path)
        about = entry.stat(follow_symlinks=False)
    except OSError as error:
        return _unreadable(relative, error)
    if not stat.S_ISREG(about.st_mode):
        return BadFile(relative, NOT_A_FILE, _NO_FILE)
    path = Path(entry.path).absolute()
    return LandingFile(path, relative, about.st_size, _utc(about.st_mtime))


def _state(about: os.stat_result) -> tuple[int, int, int]:
    return about.st_size, about.st_mtime_ns, about.st_ino


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _as_text(name: str) -> str:
    """The name as valid Unicode: bytes that are not UTF-8 show as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _unreadable(relative: str, error: OSError, size: int = 0) -> BadFile:
    if isinstance(error, NotRegularFileError):  # put there since the folder was listed
        return BadFile(relative, SYMLINK, _LINK) if error.is_link else BadFile(relative, NOT_A_FILE, _NO_FILE)
    reason = f"cannot be read ({error.strerror or error}); check its permissions and that it is still there"
    return BadFile(relative, UNREADABLE_FILE, reason, size)


def _landing_trouble(landing: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"the landing folder {landing} does not exist: create it, or set TRIALMART_LANDING or --landing"
    return f"the landing folder {landing} cannot be read ({error.strerror}): check its permissions"
