"""The files that records are written to, one class for each format.

Belongs here: containers and where in them a record ended up. Does not belong here: what a record says.

Every file is written under a name ending in ``.part`` and renamed when it is whole, so that a landing folder may be the
target.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, NamedTuple, Protocol

from pipelines.sample.records import ACCEPTED, QUARANTINED, UNCHANGED, Record
from pipelines.sample.zip_stream import ZipStream

PAGE_SIZE: Final = 1000  # the registry's API gives no larger pages
_GZIP_LEVEL: Final = 1


class Place(NamedTuple):
    """Where a record is: file (path below the sample's folder), archive member or None, 1-based position in it."""

    file: str
    member: str | None
    position: int


@dataclass
class WrittenFile:
    """A file and what is in it."""

    path: str
    format: str
    records: int = 0
    fates: dict[str, int] = field(default_factory=lambda: {ACCEPTED: 0, UNCHANGED: 0, QUARANTINED: 0})

    def count(self, fate: str) -> None:
        """One more record of that fate."""
        self.records += 1
        self.fates[fate] += 1


class Sink(Protocol):
    """Takes records one after the other; knows the files it wrote."""

    files: list[WrittenFile]
    may_cut: bool

    def add(self, record: Record) -> Place:
        """Write a record and say where it is."""

    def close(self) -> None:
        """Finish the files. To be called once, after the last record; not after an error."""


@contextmanager
def finished(path: Path) -> Iterator[Path]:
    """A temporary name for `path`, put in its place when the block ends well, removed when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _OneFile:
    """What the formats with a single file have in common."""

    may_cut = False

    def __init__(self, root: Path, name: str, format_name: str) -> None:
        self._path = root / name
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._part = self._path.with_name(self._path.name + ".part")
        self._file = WrittenFile(name, format_name)
        self.files = [self._file]

    def _counted(self, record: Record, member: str | None = None, position: int | None = None) -> Place:
        self._file.count(record.fate)
        return Place(self._file.path, member, self._file.records if position is None else position)

    def _rename(self) -> None:
        self._part.replace(self._path)


class ZipSink(_OneFile):
    """The registry's bulk download: one member per study, in folders named by the last two digits of the id."""

    may_cut = True

    def __init__(self, root: Path, name: str) -> None:
        super().__init__(root, name, "ctgov_zip")
        self._zip = ZipStream(self._part)
        self._zip.__enter__()

    def add(self, record: Record) -> Place:
        suffix = "_copy" if record.is_copy else ""
        member = f"{record.nct_id[-2:]}/{record.nct_id}{suffix}.json"
        self._zip.add(member, record.content)
        return self._counted(record, member, 1)

    def close(self) -> None:
        self._zip.__exit__(None, None, None)
        self._rename()


class LinesSink(_OneFile):
    """NDJSON, plain or gzipped."""

    may_cut = True

    def __init__(self, root: Path, name: str, *, packed: bool) -> None:
        super().__init__(root, name, "ctgov_ndjson_gz" if packed else "ctgov_ndjson")
        self._raw: IO[bytes] = self._part.open("wb", buffering=1 << 20)
        self._out: IO[bytes] = self._raw
        if packed:
            # neither name nor time in the header: same records, same bytes
            packer = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, compresslevel=_GZIP_LEVEL, mtime=0)
            self._out = packer  # type: ignore[assignment]

    def add(self, record: Record) -> Place:
        self._out.write(record.content)
        self._out.write(b"\n")
        return self._counted(record)

    def close(self) -> None:
        self._out.close()
        self._raw.close()
        self._rename()


class ArraySink(_OneFile):
    """The website's JSON download: one list of studies. With `cut_last` the file ends within its last record."""

    def __init__(self, root: Path, name: str) -> None:
        super().__init__(root, name, "ctgov_array")
        self._out = self._part.open("wb", buffering=1 << 20)
        self._separator = b"["

    def add(self, record: Record) -> Place:
        self._out.write(self._separator)
        self._out.write(record.content)
        self._separator = b","
        return self._counted(record)

    def close(self) -> None:
        self._out.write(b"[]" if self._separator == b"[" else b"]")
        self._out.close()
        self._rename()


class CutArraySink(ArraySink):
    """A list of studies whose download stopped: the file ends where its records end, without the closing bracket."""

    def close(self) -> None:
        self._out.close()
        self._rename()


class PageSink:
    """Pages as the API gives them; all but the last name the next one."""

    may_cut = False

    def __init__(self, root: Path, folder: str, total: int) -> None:
        self._root, self._folder, self._total = root, folder, total
        # at least three pages where there are records enough, at most 1,000 records on each
        self._size = min(PAGE_SIZE, max(1, -(-total // 3)))
        self._records: list[bytes] = []
        self._written = 0
        self.files: list[WrittenFile] = []

    def add(self, record: Record) -> Place:
        if not self._records:
            self.files.append(WrittenFile(f"{self._folder}/page-{len(self.files) + 1:05d}.json", "ctgov_page"))
        self._records.append(record.content)
        self.files[-1].count(record.fate)
        place = Place(self.files[-1].path, None, len(self._records))
        if len(self._records) == self._size:
            self._flush()
        return place

    def _flush(self) -> None:
        self._written += len(self._records)
        first = b'{"totalCount":%d,"studies":[' % self._total if len(self.files) == 1 else b'{"studies":['
        token = b"" if self._written >= self._total else b',"nextPageToken":"synth%05d"' % len(self.files)
        with finished(self._root / self.files[-1].path) as part:
            part.write_bytes(first + b",".join(self._records) + b"]" + token + b"}")
        self._records = []

    def close(self) -> None:
        if self._records:
            self._flush()


class SingleFilesSink:
    """One file per record, in folders: JSON by the last two digits of the id, page text by the thousand."""

    def __init__(
        self, root: Path, folder: str, format_name: str, *, may_cut: bool = False, prefix: bytes = b""
    ) -> None:
        self._root, self._folder, self._format, self._prefix = root, folder, format_name, prefix
        self.may_cut = may_cut
        self.files: list[WrittenFile] = []

    def add(self, record: Record) -> Place:
        number = len(self.files)
        if self._format.startswith("page_text"):
            name = f"{self._folder}/{number // 1000:03d}/{number:06d}.txt"
        else:
            suffix = "_copy" if record.is_copy else ""
            name = f"{self._folder}/{record.nct_id[-2:]}/{record.nct_id}{suffix}.json"
        with finished(self._root / name) as part:
            part.write_bytes(self._prefix + record.content)
        self.files.append(WrittenFile(name, self._format))
        self.files[-1].count(record.fate)
        return Place(name, None, 1)

    def close(self) -> None:
        """Nothing is open."""
