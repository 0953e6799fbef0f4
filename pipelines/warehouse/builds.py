"""Where build files lie and which of them is the published one.

Belongs here: names of build files, the list of published builds, the link to the current one and switching it. Does
not: making builds (build.py), what must hold before the link is switched (publish.py).

A published build is `builds/<build_id>/warehouse.duckdb`; `warehouse.duckdb` is a relative symbolic link to one of
them. DuckDB follows the link and calls the database after the file: a name of its own for each build would be the
database's name too, and whatever a tool has stored with it (`warehouse.core.record`) would fail after the next run.
Builds of older code are `builds/warehouse_<build_id>.duckdb` and stay where they are. Build ids sort by time:
`<UTC yyyymmddThhmmss>_<8 characters of the run id>`.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.errors import WarehouseError

BUILDING = ".building_"
PUBLISHING = ".publishing_"
FILE_NAME = "warehouse.duckdb"
AHEAD = timedelta(days=1)
"""Builds may be dated so far after the clock: clocks are set right by hours."""

_BUILD_ID = re.compile(r"[0-9]{8}T[0-9]{6}_[0-9A-Za-z]{1,8}")
_OLDER_NAME = re.compile(rf"warehouse_({_BUILD_ID.pattern})\.duckdb")


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """A published build: its file, size in bytes, when it began (UTC, from its id), whether it is linked."""

    build_id: str
    path: Path
    bytes: int
    started_at: datetime
    is_current: bool


def building_path(settings: Settings, build_id: str) -> Path:
    """The file while the build is being made."""
    return settings.builds_dir / f"{BUILDING}{build_id}.duckdb"


def published_path(settings: Settings, build_id: str) -> Path:
    """The file once the build is published."""
    return settings.builds_dir / build_id / FILE_NAME


def build_places(settings: Settings, build_id: str) -> Iterator[tuple[Path, Path]]:
    """Where the file of a build can lie, and what goes with it when it goes: its folder, or an older one's file."""
    path = published_path(settings, build_id)
    yield path, path.parent
    older = settings.builds_dir / f"warehouse_{build_id}.duckdb"
    yield older, older


def publishing_mark(settings: Settings, build_id: str) -> Path:
    """Stands from before a finished build gets its published name until the link points to it: a build that still has
    its mark when no run is going on was never the warehouse.
    """
    return settings.builds_dir / f"{PUBLISHING}{build_id}"


def rejected_path(settings: Settings) -> Path:
    """The last build that failed its audit or gates, kept so that a person can look into it."""
    return settings.builds_dir / "rejected.duckdb"


def new_build_id(run_id: str, now: datetime) -> str:
    """The id of a build that begins `now` (UTC) in this run."""
    letters = re.sub(r"[^0-9A-Za-z]", "", run_id)[:8] or "0"
    return f"{now:%Y%m%dT%H%M%S}_{letters}"


def current_build(settings: Settings) -> Path | None:
    """The file that is published now, or None where nothing is.

    Raises WarehouseError where the link is broken, or where a file that is no link stands in its place.
    """
    link = settings.warehouse_path
    if not link.is_symlink():
        if link.exists():
            raise WarehouseError(
                f"{link} is a file, not the link that trialmart keeps there. Move it away and run again; "
                "to put a kept build back, use `trialmart rollback`."
            )
        return None
    target = link.resolve()
    if not target.is_file():
        raise WarehouseError(
            f"{link} points to {target}, which is gone. `trialmart rollback` puts a kept build back; "
            f"where none is kept, remove the link and run again to build from {settings.landing_dir}."
        )
    return target


def build_id_of(path: Path | None) -> str | None:
    """The id of the published build in the file `path`; None for None and for a file that is none."""
    if path is None:
        return None
    if path.name == FILE_NAME and _BUILD_ID.fullmatch(path.parent.name):
        return path.parent.name
    older = _OLDER_NAME.fullmatch(path.name)
    return older[1] if older else None


def remove_build(path: Path) -> None:
    """Remove the file of a build, what DuckDB may have left beside it, and the folder where it has one of its own."""
    for name in (path, path.with_name(path.name + ".wal")):
        name.unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".tmp"), ignore_errors=True)
    if path.name == FILE_NAME:
        path.parent.rmdir()


def empty_build_folders(settings: Settings) -> Iterator[Path]:
    """Folders of builds whose file never came, or is gone: a run was killed in between."""
    for folder in settings.builds_dir.glob("*/"):
        if _BUILD_ID.fullmatch(folder.name) and not (folder / FILE_NAME).exists():
            yield folder


def dated_ahead(settings: Settings, now: datetime) -> str | None:
    """A word on builds that are dated more than a day after `now` (UTC): the clock was wrong then, or is wrong now.

    All that come after them are dated behind them, and so judged as of that day, until they are gone.
    """
    ahead = [build for build in list_builds(settings) if build.started_at > now + AHEAD]
    if not ahead:
        return None
    first = ahead[-1]
    return (
        f"build {first.build_id} is dated {first.started_at:%Y-%m-%d}, this machine's clock says {now:%Y-%m-%d}: "
        "what hangs on today is judged as of the former. If the clock is right now, put a build from before back "
        f"(`trialmart rollback BUILD`), remove the later ones from {settings.builds_dir} and run again."
    )


def switch_link(settings: Settings, target: Path) -> None:
    """Point `warehouse.duckdb` at `target` in one rename. The link is relative, so the home folder can be
    moved.
    """
    fresh = _make_link(settings, target)
    try:
        fresh.replace(settings.warehouse_path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_to_disk(settings.home_dir)


def check_first_build(settings: Settings) -> None:
    """Before a build that begins from nothing. Raises WarehouseError where builds are kept, whose link is lost: they
    hold what landing has no more; and where no link can stand, better said before the first build than after.
    """
    if kept := list_builds(settings):
        raise WarehouseError(lost_link(settings, kept))
    _make_link(settings, settings.builds_dir).unlink()


def lost_link(settings: Settings, kept: list[BuildInfo]) -> str:
    """What is wrong, and what to do, where builds are kept and no link points to one of them."""
    return (
        f"{settings.warehouse_path}, the link to the current build, is gone, but {len(kept)} are kept in "
        f"{settings.builds_dir} (a copy of a home needs its symbolic links: `cp -a`, `rsync -a`). `trialmart rollback` "
        f"puts the newest back, {kept[0].build_id}. To begin anew, without what is no longer in landing, move "
        f"{settings.builds_dir} away."
    )


def _make_link(settings: Settings, target: Path) -> Path:
    fresh = settings.home_dir / f".warehouse_link_{secrets.token_hex(4)}"
    try:
        fresh.symlink_to(os.path.relpath(target, settings.home_dir))
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOSYS, errno.ENOTSUP):
            raise
        raise WarehouseError(
            f"{settings.home_dir} cannot hold a symbolic link ({error.strerror}), by which readers find the newest "
            "build: exFAT, FAT and some network drives have none. Choose a home on another disk with --home."
        ) from error
    return fresh


def sync_to_disk(path: Path) -> None:
    """Force a file's or folder's content to the disk, so that a power cut cannot undo a rename that was
    seen.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def list_builds(settings: Settings) -> list[BuildInfo]:
    """Every build that was published and is kept, newest first."""
    if not settings.builds_dir.is_dir():
        return []
    link = settings.warehouse_path
    current = link.resolve() if link.is_symlink() else None
    found = []
    for entry in settings.builds_dir.iterdir():
        path = entry / FILE_NAME if entry.is_dir() else entry
        build_id = build_id_of(path)
        if build_id is None or not path.is_file():
            continue
        is_current = current == path.resolve()
        if is_current or not publishing_mark(settings, build_id).exists():
            started_at = datetime.strptime(build_id[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            found.append(BuildInfo(build_id, path, path.stat().st_size, started_at, is_current))
    return sorted(found, key=lambda build: build.build_id, reverse=True)
