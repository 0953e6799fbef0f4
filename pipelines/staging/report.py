"""What an ingest counts and says.

Belongs here: the figures by file, while it goes on, and at its end. Does not: reading (ingest.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.readers.base import Reader


@dataclass
class FileCounts:
    """What became of the records of one landing file."""

    seen: int = 0
    accepted: int = 0
    unchanged: int = 0
    quarantined: int = 0
    formats: list[str] = field(default_factory=list)
    registries: list[str] = field(default_factory=list)

    def met(self, reader: Reader) -> None:
        """Remember a format found in the file."""
        if reader.format not in self.formats:
            self.formats.append(reader.format)
        if reader.registry not in self.registries:
            self.registries.append(reader.registry)


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far the walk is: files begun of all, records seen, bytes of landing files begun of all."""

    files: int
    files_total: int
    records: int
    bytes: int
    bytes_total: int


@dataclass(frozen=True)
class IngestReport:
    """What one ingest did. `rows` are the rows added, by staged table; seconds are wall time."""

    files: int
    records_seen: int
    records_accepted: int
    records_unchanged: int
    records_quarantined: int
    rows: dict[str, int]
    quarantine_reasons: dict[str, int]
    landing_bytes: int
    record_bytes: int
    decode_seconds: float
    load_seconds: float

    def __add__(self, other: IngestReport) -> IngestReport:
        """What both did together."""
        return IngestReport(
            files=self.files + other.files,
            records_seen=self.records_seen + other.records_seen,
            records_accepted=self.records_accepted + other.records_accepted,
            records_unchanged=self.records_unchanged + other.records_unchanged,
            records_quarantined=self.records_quarantined + other.records_quarantined,
            rows=_summed(self.rows, other.rows),
            quarantine_reasons=_summed(self.quarantine_reasons, other.quarantine_reasons),
            landing_bytes=self.landing_bytes + other.landing_bytes,
            record_bytes=self.record_bytes + other.record_bytes,
            decode_seconds=self.decode_seconds + other.decode_seconds,
            load_seconds=self.load_seconds + other.load_seconds,
        )


def _summed(some: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    return {name: some.get(name, 0) + more.get(name, 0) for name in sorted(some.keys() | more.keys())}


NOTHING_READ = IngestReport(0, 0, 0, 0, 0, {}, {}, 0, 0, 0.0, 0.0)
