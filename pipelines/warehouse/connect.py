"""How the warehouse file is opened: locked down for readers, with the run's limits for the one writer.

Belongs here: every `duckdb.connect` on a warehouse or build file, its configuration, a session's search path. Does not:
SQL.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.settings import Settings, Storage
from pipelines.warehouse.errors import NoWarehouseError, WarehouseError

STORAGE_VERSION = "v1.5.0"
"""Oldest DuckDB that must open what is published; 2.0 would by default write what no 1.x reads (2026-10)."""

NO_EXTENSIONS = {"autoload_known_extensions": "false", "autoinstall_known_extensions": "false"}

READER_CONFIG: dict[str, str] = {**NO_EXTENSIONS, "temp_directory": ""}
"""Readers do not spill: SQL could write any file into a folder to spill into (EXPORT DATABASE), and it lies beside the
published builds."""

READER_LOCKS = (
    "SET enable_external_access = false",
    # Without it SQL may still write the warehouse's own name with .wal behind it, which nobody could open any more, and
    # read and write what lies in the folder to spill into: DuckDB 1.5 takes them for files of its own (2026-11).
    "SET disabled_filesystems = 'LocalFileSystem'",
    "SET lock_configuration = true",
)
"""A reader's SQL may come from anywhere: it reaches no file, network or extension, and cannot undo that. Said once the
file is open: a configuration that forbids files forbids the warehouse's too."""

_opening = threading.Lock()


def connect_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the published warehouse (or any build file) for reading, locked down by READER_LOCKS.

    Raises NoWarehouseError where there is no such file, WarehouseError where DuckDB cannot read it.
    """
    if not path.exists():
        what = "points to a build that is gone" if path.is_symlink() else "does not exist"
        raise NoWarehouseError(
            f"no warehouse: {path} {what}. `trialmart run` builds one from the landing folder, "
            "`trialmart demo` from sample records."
        )
    try:
        with _opening:  # connections of one process to one file share the configuration: the first one locks it
            connection = duckdb.connect(str(path), read_only=True, config=dict(READER_CONFIG))
            if connection.execute("SELECT current_setting('lock_configuration')").fetchone() != (True,):
                connection.execute(";".join(READER_LOCKS))
            return connection
    except duckdb.Error as error:
        raise WarehouseError(
            f"{path} cannot be opened: {error}. If a program holds it open for writing, close that program; "
            "if the file is damaged, `trialmart rollback` puts the build before it back."
        ) from error


@contextmanager
def published_for_reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """What readers are served: the lake where there is one (Storage), else the file in the home; locked down.

    Raises as connect_read_only does, and OSError where the lake cannot be reached.
    """
    storage = Storage()
    if storage.is_lake:
        from pipelines.warehouse.lake import lake_reader  # its extensions are an optional extra

        with lake_reader(storage) as connection:
            yield connection
    else:
        with connect_read_only(settings.warehouse_path) as connection:
            yield connection


def connect_writer(path: Path, settings: Settings, spill_dir: Path) -> duckdb.DuckDBPyConnection:
    """Open (or create) a build file for writing, with the settings' threads and memory limit.

    What does not fit in memory spills into `spill_dir`.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        **NO_EXTENSIONS,
        "storage_compatibility_version": STORAGE_VERSION,
        "threads": str(settings.threads),
        "memory_limit": f"{settings.memory_limit_mb}MiB",
        "temp_directory": str(spill_dir),
    }
    return duckdb.connect(str(path), config=config)


def find_by_bare_name(connection: duckdb.DuckDBPyConnection, schema: str = "aact") -> None:
    """Let the session find the tables of a schema by their bare names, as AACT's users write them: FROM studies.

    Nothing happens where the warehouse has no such schema.
    """
    # without a parameter: DuckDB 1.5 imports pandas for the first one it is given
    if (schema,) in connection.execute("SELECT schema_name FROM duckdb_schemas()").fetchall():
        connection.execute(f"SET search_path = 'main,{schema}'")
