"""`trialmart raw`: the exact bytes that a record came from.

Belongs here: finding the version, its file in the archive, its place in it, and giving the bytes out. Does not: reading
formats.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from pipelines.console.terminal import visible_text
from pipelines.landing.catalogue import archive_path
from pipelines.settings import Limits, Settings
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.errors import WarehouseError
from pipelines.whole_file import appearing

SUGGESTIONS = 3


class UnknownRecordError(WarehouseError):
    """No such record or version."""


def raw_bytes(settings: Settings, record_key: str, version_no: int | None) -> bytes:
    """The bytes of a version of a record, the current one where `version_no` is None.

    Raises UnknownRecordError (with the nearest keys), WarehouseError where the archive does not hold them as they were.
    """
    with connect_read_only(settings.warehouse_path) as connection:
        place = _place(connection, record_key, version_no)
    sha256, raw_sha256, member, position, path = place
    archived = archive_path(settings.archive_dir, sha256)
    if not archived.is_file():
        raise WarehouseError(
            f"{record_key} was read from {path}, but its copy {archived} is gone from the archive. "
            f"If the file is still in landing, copy it there under that name."
        )
    return _read(archived, member, position, raw_sha256, record_key)


def put_raw(content: bytes, output: Path | None) -> None:
    """The bytes into a file, or to stdout; on a terminal as text with its controls spelt out."""
    if output is not None:
        with appearing(output) as part:
            part.write_bytes(content)
        return
    if sys.stdout.isatty():  # exact bytes go to files and pipes; a record is not to steer the terminal
        sys.stdout.write(visible_text(content.decode("utf-8", errors="backslashreplace")) + "\n")
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _place(
    connection: duckdb.DuckDBPyConnection, record_key: str, version_no: int | None
) -> tuple[str, str, str | None, int, str]:
    rows = connection.execute(
        """
        SELECT version.version_no, version.is_current, file.sha256, version.raw_sha256, version.member,
               version.position, file.path
        FROM raw.record_version AS version JOIN raw.file AS file USING (file_id)
        WHERE version.record_key = ? ORDER BY version.version_no
        """,
        [record_key],
    ).fetchall()
    if not rows:
        raise UnknownRecordError(_unknown(connection, record_key))
    for number, is_current, *place in rows:
        if number == version_no or (version_no is None and is_current):
            return (place[0], place[1], place[2], place[3], place[4])
    numbers = ", ".join(str(row[0]) for row in rows)
    raise UnknownRecordError(f"{record_key} has no version {version_no}; its versions are {numbers}")


def _unknown(connection: duckdb.DuckDBPyConnection, record_key: str) -> str:
    near = connection.execute(
        """
        SELECT record_key FROM raw.record_version WHERE is_current
        ORDER BY jaro_winkler_similarity(lower(record_key), lower(?)) DESC, record_key LIMIT ?
        """,
        [record_key, SUGGESTIONS],
    ).fetchall()
    nearest = ", ".join(row[0] for row in near) or "none, the warehouse is empty"
    return f"no record {record_key}. A key is <REGISTRY>:<registry id>, as in core.record; nearest: {nearest}"


def _read(archived: Path, member: str | None, position: int, raw_sha256: str, record_key: str) -> bytes:
    import hashlib

    from pipelines.readers import find_raw

    try:
        raw = find_raw(archived, member, position, Limits())
    except LookupError as error:
        raise WarehouseError(f"{record_key}: {error}") from error
    if hashlib.sha256(raw).hexdigest() != raw_sha256:
        raise WarehouseError(
            f"{record_key}: {archived} does not hold the bytes that were read (another hash). The archive was changed: "
            "restore it from a backup."
        )
    return raw
