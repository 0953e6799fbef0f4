"""Where a landing file came from: the note that may lie beside it.

Belongs here: the note's name, what stands in it, reading and writing it. Does not: fetching, what a full snapshot means
for the records that are not in it.

The note of `ctg-studies.zip` is `.ctg-studies.zip.origin.json` in the same folder (a name that is never read as a
record file). The fetchers write it, and so may people, before the file itself:

    {"source": "https://clinicaltrials.gov/api/v2/studies/download", "fetched_at": "2026-11-21T04:00:00Z",
     "registry": "CTGOV", "scope": "full", "data_timestamp": "2026-11-20T09:00:05", "sha256": "…",
     "query": {"format": "json"}}

`scope` full: the file holds every record that the registry shows on that day; a record that is missing from it is no
longer shown there. Any other scope, or no note: a part, which tells nothing about what is not in it.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from pipelines.landing.opening import open_regular

NOTE_BYTES = 64 * 1024
"""Largest note that is read."""


class Origin(BaseModel):
    """A file's origin. `fault` says what is wrong with the note; all else is then unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str | None = None
    fetched_at: datetime | None = None
    registry: str | None = None
    scope: Literal["full", "part"] = "part"
    data_timestamp: datetime | None = None
    sha256: str | None = None
    query: dict[str, JsonValue] = {}
    fault: str | None = None

    @property
    def taken_on(self) -> date | None:
        """The registry's day that the file shows: of its data, else of the fetch."""
        moment = self.data_timestamp or self.fetched_at
        return moment.date() if moment is not None else None

    @property
    def is_full_snapshot(self) -> bool:
        """Whether absence from the file means something: whole, of a named registry, on a known day."""
        return self.fault is None and self.scope == "full" and self.registry is not None and self.taken_on is not None


def note_path(file: Path) -> Path:
    """Where the note of a landing file lies."""
    return file.with_name(f".{file.name}.origin.json")


def write_note(file: Path, origin: Origin) -> None:
    """Put the note beside the file (which may not be there yet), whole or not at all."""
    path = note_path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(origin.model_dump_json(exclude_defaults=True, indent=1), encoding="utf-8")
    part.replace(path)


def read_note(file: Path, sha256: str) -> Origin | None:
    """The origin of a landing file whose content has that hash; None where no note lies beside it.

    A note that cannot be read, or is about other content, gives an Origin with a `fault`.
    """
    path = note_path(file)
    try:
        with open_regular(path) as source:
            text = source.read(NOTE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Origin(fault=f"{path.name} cannot be read: {error.strerror}")
    if len(text) > NOTE_BYTES:
        return Origin(fault=f"{path.name} is larger than {NOTE_BYTES:,} bytes")
    origin = origin_of(text, path.name)
    if origin.sha256 is not None and origin.sha256 != sha256:
        return Origin(fault=f"{path.name} is about other content: sha256 {origin.sha256:.16}…, not {sha256:.16}…")
    return origin


def origin_of(text: str | bytes, name: str) -> Origin:
    """What stands in the text of a note, or in raw.file.origin; `name` is that of the note, for its `fault`."""
    try:
        return Origin.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the note"
        return Origin(fault=f"{name}: {where}: {first['msg']}")
