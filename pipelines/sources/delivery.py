"""Putting a fetched file into landing: with the note of its origin beside it, whole or not at all.

Belongs here: the last step of every fetch. Does not: asking a server.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

from pipelines.landing.copying import sha256_of
from pipelines.landing.origin import Origin, write_note

_CHUNK_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the note says of a file, but for its hash and the time of landing."""

    source: str
    registry: str
    scope: str
    query: dict[str, Any]
    data_timestamp: datetime


def deliver(file: Path, target: Path, delivery: Delivery) -> Path:
    """Move `file` to `target` in landing; gives `target`.

    First under a name that landing does not read, then the note, then the rename: a reader of landing sees a file only
    when it is whole and its note is there. Done again after an interruption, it ends in the same.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with file.open("rb") as source, part.open("wb") as out:
        shutil.copyfileobj(source, out, _CHUNK_BYTES)
        out.flush()
        os.fsync(out.fileno())
    origin = Origin(
        source=delivery.source,
        fetched_at=datetime.now(UTC).replace(microsecond=0),
        registry=delivery.registry,
        scope=cast(Literal["full", "part"], delivery.scope),
        data_timestamp=delivery.data_timestamp,
        sha256=sha256_of(part),
        query=delivery.query,
    )
    write_note(target, origin)
    part.replace(target)
    file.unlink()
    return target
