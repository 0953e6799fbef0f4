"""From a finished build to the published warehouse, in one atomic step; and back again.

Belongs here: audit, checkpoint, verification, the switch of the link, pruning, rollback. Does not: filling
builds.

Readers open `warehouse.duckdb`, a link. Switching it is one rename: a reader that has the former build
open goes on reading it (its file stays, and even once pruned lives until closed), a new reader opens the
new one, nobody sees half of either. Where the warehouse is served from a lake (Storage), the build goes there first, in
one commit, and then into the link.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.landing.copying import READ_ONLY
from pipelines.settings import Limits, Settings, Storage
from pipelines.warehouse.audit import audit
from pipelines.warehouse.build import Build
from pipelines.warehouse.builds import (
    BuildInfo,
    build_id_of,
    current_build,
    list_builds,
    published_path,
    publishing_mark,
    remove_build,
    switch_link,
    sync_to_disk,
)
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.errors import AuditError, UnknownBuildError, WarehouseError
from pipelines.warehouse.lock import acquire_writer_lock
from pipelines.warehouse.versions import (
    Versions,
    current_versions,
    library_versions,
    links_version,
    source_version,
)


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What one run read: files, and records seen = accepted + unchanged + quarantined."""

    files: int = 0
    records_seen: int = 0
    records_accepted: int = 0
    records_unchanged: int = 0
    records_quarantined: int = 0


@dataclass(frozen=True, slots=True)
class PublishedBuild:
    """A build that is now the warehouse. `pruned` names the older builds that were removed."""

    build_id: str
    path: Path
    bytes: int
    published_at: datetime
    pruned: tuple[str, ...]


def publish(
    build: Build,
    figures: RunFigures,
    gates: Iterable[str],
    versions: Versions | None = None,
) -> PublishedBuild:
    """Audit the build and, when it is sound, make it the warehouse; the writer lock is then released.

    Raises AuditError (with every finding) where it may not be published; WarehouseError or OSError where the
    file cannot be put in place. After an error the former warehouse stands as it was and the build is still
    open: the caller may try again or `abandon` it.
    """
    target = published_path(build.settings, build.build_id)
    if build.path != target:
        _seal(build, target, figures, list(gates), versions or current_versions())
    if not build.published:
        _serve(build.settings, target, build_id_of(build.base), build.work_dir)
        switch_link(build.settings, target)
        build.published = True
    publishing_mark(build.settings, build.build_id).unlink(missing_ok=True)
    pruned = prune(build.settings)
    shutil.rmtree(build.work_dir, ignore_errors=True)
    build.lock.release()
    assert build.published_at is not None
    return PublishedBuild(build.build_id, target, target.stat().st_size, build.published_at, pruned)


def _serve(settings: Settings, target: Path, base_id: str | None, work_dir: Path | None) -> None:
    storage = Storage()
    if storage.is_lake:
        from pipelines.warehouse.lake_publish import publish_to_lake  # its extensions are an optional extra

        build_id = build_id_of(target)
        assert build_id is not None
        publish_to_lake(storage, settings, target, build_id, base_id, work_dir)


def _seal(build: Build, target: Path, figures: RunFigures, gates: list[str], versions: Versions) -> None:
    """Audit, complete and close the build file and give it its published name; no reader sees it yet."""
    findings = audit(build.connection, build.run_id, gates)
    if findings:
        raise AuditError(build.build_id, findings)
    build.published_at = build.now().replace(tzinfo=None)
    _write_build_row(build, figures, versions)
    build.release()
    _verify(build)
    # a client that opens the warehouse for writing by mistake is refused
    build.path.chmod(build.path.stat().st_mode & READ_ONLY)
    sync_to_disk(build.path)
    publishing_mark(build.settings, build.build_id).touch()
    target.parent.mkdir(exist_ok=True)
    build.path.rename(target)
    build.path = target
    sync_to_disk(target.parent)
    sync_to_disk(build.settings.builds_dir)


def _write_build_row(build: Build, figures: RunFigures, versions: Versions) -> None:
    """What made the build, so that it can be made again: code, libraries, inputs, settings."""
    inputs = build.connection.execute(
        "SELECT count(*), left(sha256(coalesce(string_agg(sha256, ',' ORDER BY sha256), '')), 16) "
        "FROM raw.file WHERE sha256 <> ''"
    ).fetchall()[0]
    row = {
        "build_id": build.build_id,
        "run_id": build.run_id,
        "started_at": build.started_at,
        "published_at": build.published_at,
        **asdict(versions),
        "source_version": source_version(),
        "library_versions": json.dumps(library_versions()),
        "links_version": links_version(build.settings),
        "input_files": inputs[0],
        "input_version": inputs[1],
        **asdict(figures),
        "settings": json.dumps(told_settings(build.settings)),
    }
    build.connection.execute("DELETE FROM meta.build WHERE build_id = ?", [build.build_id])
    build.connection.execute(
        f"INSERT INTO meta.build ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )


def told_settings(settings: Settings) -> dict[str, Any]:
    """The settings and limits that a warehouse may tell whoever gets it: no path of this machine, and of the address to
    fetch from neither credentials nor parameters.
    """
    told = settings.model_dump(mode="json", exclude={"home", "landing", "links", "ctgov_base_url", "shard_mib"})
    address = urlsplit(settings.ctgov_base_url)
    host = address.netloc.rpartition("@")[2]
    told["ctgov_base_url"] = f"{address.scheme}://{host}{address.path}"
    return told | {"limits": Limits().model_dump(mode="json")}


def _verify(build: Build) -> None:
    """The closed file must stand alone and open the way readers open it."""
    log = build.path.with_name(build.path.name + ".wal")
    if log.exists():
        raise WarehouseError(
            f"{log} is left after the checkpoint, so {build.path.name} is not complete by itself. "
            "Another program holds the build open; end it and run again."
        )
    with connect_read_only(build.path) as connection:
        row = connection.execute("SELECT count(*) FROM meta.build WHERE build_id = ?", [build.build_id]).fetchone()
    if row != (1,):
        raise WarehouseError(f"{build.path} does not hold its own row in meta.build; it is not published.")


def prune(settings: Settings) -> tuple[str, ...]:
    """Remove all but the newest `keep_builds` builds, never the published one. Returns the ids removed."""
    builds = list_builds(settings)
    current = [build for build in builds if build.is_current]
    others = [build for build in builds if not build.is_current]
    spare = others[settings.keep_builds - len(current) :]
    return tuple(build.build_id for build in spare if _remove(build.path))


def _remove(path: Path) -> bool:
    """A build that cannot be removed now does no harm and is tried again after the next publish."""
    try:
        remove_build(path)
    except OSError:
        return False
    return True


def rollback(settings: Settings, build_id: str | None = None) -> BuildInfo:
    """Put an earlier published build back: `build_id`, or else the newest one older than the current build.

    Raises UnknownBuildError where there is no such build, WriterBusyError while a run is writing, OSError where a
    lake cannot be reached, WarehouseError where the build cannot be opened (nothing is switched then). A later build
    stays and can be put back the same way.
    """
    if not settings.home_dir.is_dir():
        raise UnknownBuildError(
            f"nothing is kept in {settings.home_dir}: there is no such folder. Name the right home."
        )
    lock = acquire_writer_lock(settings, f"rollback-{os.getpid()}")
    try:
        chosen = _choose(list_builds(settings), build_id, settings)
        connect_read_only(chosen.path).close()
        _serve(settings, chosen.path, build_id_of(current_build(settings)), None)
        switch_link(settings, chosen.path)
    finally:
        lock.release()
    return next(build for build in list_builds(settings) if build.build_id == chosen.build_id)


def _choose(builds: list[BuildInfo], build_id: str | None, settings: Settings) -> BuildInfo:
    kept = ", ".join(build.build_id + (" (current)" if build.is_current else "") for build in builds)
    if build_id is not None:
        for build in builds:
            if build.build_id == build_id:
                return build
        raise UnknownBuildError(f"no build {build_id} in {settings.builds_dir}. Kept builds: {kept or 'none'}.")
    current = next((build for build in builds if build.is_current), None)
    older = [build for build in builds if current is None or build.build_id < current.build_id]
    if not older:
        raise UnknownBuildError(
            f"no build older than the current one in {settings.builds_dir}. Kept builds: {kept or 'none'}. "
            "To go forward again, name the build."
        )
    return older[0]
