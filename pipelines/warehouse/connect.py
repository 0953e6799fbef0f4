"""How the warehouse file is opened: locked down for readers, with the run's limits for the one writer.

Belongs here: every `duckdb.connect` on a warehouse or build file, and its configuration. Does not: SQL.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.errors import NoWarehouseError, WarehouseError

STORAGE_VERSION = "v1.5.0"
"""Oldest DuckDB that must open what is published; 2.0 would by default write what no 1.x reads (2026-10)."""

_NO_EXTENSIONS = {"autoload_known_extensions": "false", "autoinstall_known_extensions": "false"}

READER_CONFIG: dict[str, str] = {
    **_NO_EXTENSIONS,
    "enable_external_access": "false",
    "lock_configuration": "true",
}
"""A reader's SQL may come from anywhere: it reaches no file, network or extension, and cannot undo that."""


def connect_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the published warehouse (or any build file) for reading, locked down by READER_CONFIG.

    Raises NoWarehouseError where there is no such file, WarehouseError where DuckDB cannot read it.
    """
    if not path.exists():
        what = "points to a build that is gone" if path.is_symlink() else "does not exist"
        raise NoWarehouseError(
            f"no warehouse: {path} {what}. `trialmart run` builds one from the landing folder, "
            "`trialmart demo` from sample records."
        )
    try:
        return duckdb.connect(str(path), read_only=True, config=dict(READER_CONFIG))
    except duckdb.Error as error:
        raise WarehouseError(
            f"{path} cannot be opened: {error}. If a program holds it open for writing, close that program; "
            "if the file is damaged, `trialmart rollback` puts the build before it back."
        ) from error


def connect_writer(path: Path, settings: Settings, spill_dir: Path) -> duckdb.DuckDBPyConnection:
    """Open (or create) a build file for writing, with the settings' threads and memory limit.

    What does not fit in memory spills into `spill_dir`.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        **_NO_EXTENSIONS,
        "storage_compatibility_version": STORAGE_VERSION,
        "threads": str(settings.threads),
        "memory_limit": f"{settings.memory_limit_mb}MiB",
        "temp_directory": str(spill_dir),
    }
    return duckdb.connect(str(path), config=config)
