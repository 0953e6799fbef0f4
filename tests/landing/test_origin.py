"""The note beside a landing file: read, written, and never trusted further than it goes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.landing.catalogue import archive_file, scan
from pipelines.landing.origin import NOTE_BYTES, Origin, note_path, read_note, write_note

SHA = "ab" * 32
FULL = Origin(
    source="https://registry.example/bulk",
    fetched_at=datetime(2026, 11, 21, 4, tzinfo=UTC),
    data_timestamp=datetime(2026, 11, 20, 9, tzinfo=UTC),
    registry="CTGOV",
    scope="full",
    query={"format": "json"},
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_note(tmp_path / "bulk.zip", FULL)
    assert read_note(tmp_path / "bulk.zip", SHA) == FULL
    assert FULL.taken_on == date(2026, 11, 20)
    assert FULL.is_full_snapshot


def test_no_note_is_no_origin(tmp_path: Path) -> None:
    assert read_note(tmp_path / "bulk.zip", SHA) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "EOF"),
        ('{"scope": "all"}', "scope"),
        ('{"colour": "red"}', "colour"),
        ("x" * (NOTE_BYTES + 1), "larger"),
        (f'{{"scope": "full", "sha256": "{"cd" * 32}"}}', "other content"),
    ],
    ids=["torn", "unknown scope", "unknown entry", "huge", "other content"],
)
def test_a_note_that_is_wrong_says_so_and_means_nothing(tmp_path: Path, text: str, says: str) -> None:
    note_path(tmp_path / "bulk.zip").write_text(text)
    origin = read_note(tmp_path / "bulk.zip", SHA)
    assert origin is not None
    assert says in (origin.fault or "")
    assert not origin.is_full_snapshot


@pytest.mark.parametrize("lacking", ["registry", "data_timestamp", "scope"])
def test_a_snapshot_needs_registry_day_and_scope(lacking: str) -> None:
    fields = FULL.model_dump(exclude={lacking, "fetched_at"})
    assert not Origin(**fields).is_full_snapshot


def test_the_note_goes_with_the_file_and_is_no_record_file(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "bulk.zip").write_bytes(b"content")
    write_note(landing / "bulk.zip", FULL)
    (found,) = scan(landing).files
    assert archive_file(found, tmp_path / "archive").origin == FULL
