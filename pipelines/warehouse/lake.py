"""The lake: DuckLake with a PostgreSQL catalog and Parquet in a folder or an object storage, as DuckDB sees it.

Belongs here: extensions, credentials, attaching, errors of a lake in words. Does not: what is written into it
(lake_publish.py). DuckLake has no ENUM, PRIMARY KEY, UNIQUE, CHECK, UNION, sequence, index, generated column or fixed
array, and takes no comment on a macro or on a view's column (2026-11): no table of a build has any of the former.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import duckdb

from pipelines.settings import Settings, Storage
from pipelines.tables import literal
from pipelines.warehouse.connect import NO_EXTENSIONS, READER_LOCKS
from pipelines.warehouse.errors import NoWarehouseError, WarehouseError

LAKE = "lake"
"""The name under which the lake is attached."""

EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")

CATALOG_PATIENCE = {
    "connect_timeout": "30",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""What libpq is told where the address does not say it, in seconds, tcp_user_timeout in milliseconds (2026-11).

By its own defaults it waits two hours for a connection whose other end went away without a word: a pulled cable,
a firewall that forgot it.
"""

NOTHING_PUBLISHED = (
    "no warehouse: nothing has been published into the lake (TRIALMART_STORAGE) yet. `trialmart run` does it, "
    "with new files in landing or from the home's own warehouse; `trialmart status` tells whether one is going on."
)

_PASSWORD = re.compile(r"""\bpassword\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s'"]+))""")
_PASSWORD_IN_URL = re.compile(r"://[^\s:/@]*(:([^\s/@]*))@")
_QUOTED_CHARACTER = re.compile(r"\\(.)")


class LakeUnavailableError(OSError):
    """Catalog or object storage cannot be reached now; trying again may help. What was published before stands."""


def load_extensions(connection: duckdb.DuckDBPyConnection) -> None:
    """Load EXTENSIONS from their installed packages; nothing is downloaded and nothing written.

    Raises WarehouseError where a package, or its binary for this DuckDB and platform, is not installed.
    """
    row = connection.execute("SELECT library_version FROM pragma_version()").fetchone()
    assert row is not None
    for name in EXTENSIONS:
        try:
            package = importlib.import_module(f"duckdb_extension_{name}")
        except ImportError:
            raise WarehouseError(
                f"DuckDB's extension {name} is not installed: pip install 'trialmart[scale]' (requirements/scale.lock)"
            ) from None
        binary = Path(next(iter(package.__path__))) / "extensions" / row[0] / f"{name}.duckdb_extension"
        if not binary.is_file():
            raise WarehouseError(
                f"{binary} does not exist: the package duckdb-extension-{name.replace('_', '-')} was made for another "
                f"DuckDB than {row[0]}; install that version of it"
            )
        connection.execute(f"LOAD {literal(str(binary))}")


def _use_object_storage(connection: duckdb.DuckDBPyConnection, storage: Storage) -> None:
    said = {
        "KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID"),
        "SECRET": os.environ.get("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": os.environ.get("AWS_SESSION_TOKEN"),
        "ENDPOINT": storage.s3_endpoint,
        "REGION": storage.s3_region,
        "URL_STYLE": storage.s3_url_style,
    }
    given = "".join(f", {name} {literal(value)}" for name, value in said.items() if value)
    connection.execute(
        f"CREATE SECRET trialmart (TYPE s3, SCOPE {literal(storage.storage_data or '')}, "
        f"USE_SSL {str(storage.s3_use_ssl).lower()}{given})"
    )
    connection.execute(f"SET http_timeout = {storage.s3_timeout_seconds}")
    if storage.s3_ca_file is not None:  # DuckDB looks at no variable of the environment for it (1.5)
        if not storage.s3_ca_file.is_file():
            raise WarehouseError(f"TRIALMART_S3_CA_FILE: there is no file {storage.s3_ca_file}")
        connection.execute(f"SET ca_cert_file = {literal(str(storage.s3_ca_file.absolute()))}")


def _use_catalog(connection: duckdb.DuckDBPyConnection, storage: Storage) -> str:
    """The catalog's address without a password, which DuckDB gets apart: it shows addresses to whoever asks."""
    address, password = split_password(storage.storage)
    if password is not None:
        connection.execute(f"CREATE SECRET (TYPE postgres, PASSWORD {literal(password)})")
    return with_patience(address)


def with_patience(address: str) -> str:
    """A libpq connection string or URL (with what is before it) with CATALOG_PATIENCE where it says nothing else."""
    missing = [
        f"{name}={value}" for name, value in CATALOG_PATIENCE.items() if not re.search(rf"\b{name}\s*=", address)
    ]
    if "://" not in address:
        return " ".join([address, *missing])
    return address + "".join(f"{'&' if number or '?' in address else '?'}{word}" for number, word in enumerate(missing))


def split_password(address: str) -> tuple[str, str | None]:
    """A libpq connection string or URL (with what is before it) without its password, and the password."""
    if in_url := _PASSWORD_IN_URL.search(address):
        return address[: in_url.start(1)] + address[in_url.end(1) :], unquote(in_url[2])
    if in_words := _PASSWORD.search(address):
        rest = address[: in_words.start()] + address[in_words.end() :]
        return rest.strip(), _QUOTED_CHARACTER.sub(r"\1", in_words[1] if in_words[1] is not None else in_words[2])
    return address, None


@contextmanager
def attached_lake(
    storage: Storage, *, read_only: bool, settings: Settings | None = None, work_dir: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory with the lake attached as LAKE and in use; closed at the end.

    `settings` bound threads and memory, `work_dir` takes what spills. Raises WarehouseError where the setting is not
    complete, LakeUnavailableError where catalog or storage cannot be reached, also out of the block.
    """
    if not storage.is_lake or not storage.storage_data:
        raise WarehouseError(
            "TRIALMART_STORAGE=ducklake:postgres:… needs TRIALMART_STORAGE_DATA: s3://bucket/path or a folder "
            "that all machines share"
        )
    connection = duckdb.connect(config={**NO_EXTENSIONS, **_bounds(settings, work_dir)})
    try:
        with reachable():
            load_extensions(connection)
            address = _use_catalog(connection, storage)
            if storage.storage_data.startswith("s3://"):
                _use_object_storage(connection, storage)
            _attach(connection, address, _data_path(storage), read_only=read_only)
            connection.execute(f"USE {LAKE}")
            yield connection
    finally:
        connection.close()


def _attach(connection: duckdb.DuckDBPyConnection, address: str, data_path: str, *, read_only: bool) -> None:
    how = ", READ_ONLY, CREATE_IF_NOT_EXISTS false" if read_only else ""
    try:
        connection.execute(f"ATTACH {literal(address)} AS {LAKE} (DATA_PATH {literal(data_path)}{how})")
    except duckdb.InvalidInputException as error:
        if read_only and "does not exist" in str(error):
            raise NoWarehouseError(NOTHING_PUBLISHED) from None
        raise


def _holds_a_build(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a build was published: the run that comes first makes the lake's catalog long before."""
    table = f"database_name = '{LAKE}' AND schema_name = 'meta' AND table_name = 'build'"
    return bool(connection.execute(f"SELECT 1 FROM duckdb_tables() WHERE {table}").fetchall())


def _data_path(storage: Storage) -> str:
    """Where the lake's Parquet files lie, with a slash at the end: an s3 address or an absolute folder."""
    data = storage.storage_data or ""
    if not data.startswith("s3://"):
        data = str(Path(data).expanduser().absolute())
    return data.rstrip("/") + "/"


def _bounds(settings: Settings | None, work_dir: Path | None) -> dict[str, str]:
    bounds = {}
    if settings is not None:
        bounds = {"threads": str(settings.threads), "memory_limit": f"{settings.memory_limit_mb}MiB"}
    if work_dir is not None:
        bounds["temp_directory"] = str(work_dir / "spill")
    return bounds


@contextmanager
def reachable() -> Iterator[None]:
    """Say in words what DuckDB says of a catalog or storage that it cannot reach."""
    try:
        yield
    except duckdb.TransactionException as error:
        raise LakeUnavailableError(
            f"the lake did not take the commit: {_without_password(str(error))}\nWhat was published before stands; "
            "let one home write into a lake, see that PostgreSQL answers, then run again."
        ) from None
    except (duckdb.IOException, duckdb.HTTPException) as error:
        raise LakeUnavailableError(
            f"the lake (TRIALMART_STORAGE, TRIALMART_STORAGE_DATA) cannot be reached: {_without_password(str(error))}\n"
            "What was published before stands; see that PostgreSQL and the object storage answer, then run again."
        ) from None


def _without_password(text: str) -> str:
    """DuckDB quotes the connection string; a password in it is not for logs."""
    text = _PASSWORD.sub("password=…", text)
    return _PASSWORD_IN_URL.sub(lambda found: found[0].replace(found[1], ":…"), text)


@contextmanager
def lake_reader(storage: Storage) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lake for reading SQL from anywhere: no file, network or extension but the lake's own, for good."""
    with attached_lake(storage, read_only=True) as connection:
        if not _holds_a_build(connection):
            raise NoWarehouseError(NOTHING_PUBLISHED)
        data = _data_path(storage)
        connection.execute("SET temp_directory = ''")
        connection.execute(f"SET allowed_directories = [{literal(data)}]")
        for statement in READER_LOCKS:
            if data.startswith("s3://") or "LocalFileSystem" not in statement:  # a lake in a folder is read through it
                connection.execute(statement)
        yield connection
