"""How far fetching has come, kept in a file so that the next fetch goes on without a gap.

Belongs here: what is remembered between two fetches, and that only one goes on at a time. Does not: asking a server.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from pipelines.sources.errors import FetchError


class Pending(BaseModel):
    """A fetch that was begun: what it asks for, as of which data, and the page after the last one that is kept."""

    data_timestamp: datetime
    query: dict[str, str]
    next_token: str | None = None
    pages: int = 0
    total: int | None = None
    is_whole: bool = False


class Cursor(BaseModel):
    """`data_timestamp` is the registry's own time of the data that has landed, None before the first fetch."""

    base_url: str
    data_timestamp: datetime | None = None
    etag: str | None = None
    pending: Pending | None = None


def read_cursor(path: Path, base_url: str) -> Cursor:
    """The cursor of a server; a new one where there is none, or where it is of another server.

    Raises FetchError where the file is not a cursor.
    """
    try:
        cursor = Cursor.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Cursor(base_url=base_url)
    except ValidationError as error:
        raise FetchError(
            f"{path} cannot be understood ({error.errors()[0]['msg']}): delete it, and the next fetch begins anew"
        ) from error
    return cursor if cursor.base_url == base_url else Cursor(base_url=base_url)


def write_cursor(path: Path, cursor: Cursor) -> None:
    """Replace the cursor, whole or not at all, and on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        out.write(cursor.model_dump_json(indent=1))
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def lock_path(folder: Path) -> Path:
    """The file that a fetch holds locked (flock) while it goes on."""
    return folder / ".lock"


@contextmanager
def only_fetcher(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises FetchError where another fetch has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with lock_path(folder).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FetchError(f"another fetch is going on ({folder}); wait until it is done") from error
        yield
