"""Where build files lie and which of them is the published one.

Belongs here: names of build files, the list of published builds, the link to the current one and switching it. Does
not: making builds (build.py), what must hold before the link is switched (publish.py).

A published build is `builds/warehouse_<build_id>.duckdb`; `warehouse.duckdb` is a relative symbolic link
to one of them. Build ids sort by time: `<UTC yyyymmddThhmmss>_<8 characters of the run id>`.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.errors import WarehouseError

BUILDING = ".building_"
PUBLISHING = ".publishing_"
_PUBLISHED = re.compile(r"warehouse_([0-9]{8}T[0-9]{6}_[0-9A-Za-z]{1,8})\.duckdb\Z")


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
    return settings.builds_dir / f"warehouse_{build_id}.duckdb"


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
    match = _PUBLISHED.match(path.name) if path is not None else None
    return match[1] if match else None


def switch_link(settings: Settings, target: Path) -> None:
    """Point `warehouse.duckdb` at `target` in one rename. The link is relative, so the home folder can be
    moved.
    """
    fresh = settings.home_dir / f".warehouse_link_{secrets.token_hex(4)}"
    fresh.symlink_to(os.path.relpath(target, settings.home_dir))
    try:
        fresh.replace(settings.warehouse_path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_to_disk(settings.home_dir)


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
    for path in settings.builds_dir.iterdir():
        match = _PUBLISHED.match(path.name)
        if match is None or not path.is_file():
            continue
        build_id = match[1]
        is_current = current == path.resolve()
        if is_current or not publishing_mark(settings, build_id).exists():
            started_at = datetime.strptime(build_id[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            found.append(BuildInfo(build_id, path, path.stat().st_size, started_at, is_current))
    return sorted(found, key=lambda build: build.build_id, reverse=True)
