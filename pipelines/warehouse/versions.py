"""Which code made a build: versions that change exactly when that part of the code changes.

Belongs here: hashing the repository's own rooms. Does not: versions of data. The hashes are over file
contents only, so a comparison with the published build needs no import of the rooms.
"""

from __future__ import annotations

import hashlib
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from pipelines.settings import Limits, Settings

_ROOT = Path(__file__).resolve().parents[2]
_READER_ROOMS = ("pipelines/landing", "pipelines/readers", "pipelines/study", "pipelines/staging")
_LIBRARIES = ("duckdb", "great-expectations", "lxml", "orjson", "polars", "pyarrow")
_ENDINGS = frozenset({".py", ".sql", ".yaml", ".yml", ".json", ".txt", ".csv"})


@dataclass(frozen=True, slots=True)
class Versions:
    """The package's version, and a hash for each part that decides what a build holds."""

    code_version: str
    reader_version: str
    rule_catalogue_version: str
    model_version: str


def tree_version(*folders: str) -> str:
    """First 16 hex digits of a SHA-256 over names and contents of the source files below folders of the
    repository.
    """
    digest = hashlib.sha256()
    for folder in folders:
        root = _ROOT / folder
        for path in sorted(root.rglob("*")):
            if path.suffix in _ENDINGS and path.is_file():
                content = path.read_bytes()
                digest.update(f"{path.relative_to(_ROOT).as_posix()}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()[:16]


def reader_version() -> str:
    """The version of the readers and the study shape."""
    return tree_version(*_READER_ROOMS)


def source_version() -> str:
    """The version of everything that is ours and decides what a build holds."""
    return tree_version("pipelines", "expectations", "dbt_like_models")


def library_versions() -> dict[str, str]:
    """Installed versions of Python and of the libraries that read, stage, query and judge."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in _LIBRARIES}


def shards_folder(settings: Settings, limits: Limits) -> Path:
    """Where files staged in portions lie that this code, under these limits, would stage in the same way."""
    bounds = hashlib.sha256(limits.model_dump_json().encode()).hexdigest()[:8]
    return settings.shards_dir / f"{reader_version()}-{bounds}"


def links_version(settings: Settings) -> str | None:
    """First 16 hex digits of the SHA-256 of the user's own file of pinned and forbidden links; None where none is
    set, "missing" where it is not there (the run then says so).
    """
    if settings.links is None:
        return None
    try:
        return hashlib.sha256(settings.links.expanduser().read_bytes()).hexdigest()[:16]
    except OSError:
        return "missing"


def code_version() -> str:
    """The version of the installed package, "0+source" for a checkout that is not installed."""
    try:
        return metadata.version("trialmart")
    except metadata.PackageNotFoundError:
        return "0+source"


def current_versions() -> Versions:
    """The versions of the code that is running."""
    return Versions(
        code_version=code_version(),
        reader_version=reader_version(),
        rule_catalogue_version=tree_version("expectations", "pipelines/quality"),
        model_version=tree_version("dbt_like_models", "pipelines/identity"),
    )
