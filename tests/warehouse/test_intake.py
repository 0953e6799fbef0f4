"""What counts as new in landing: content, not names."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.landing.catalogue import ArchivedFile, LandingError, LandingFile
from pipelines.landing.copying import ArchiveError, sha256_of
from pipelines.landing.reasons import SYMLINK, UNREADABLE_FILE
from pipelines.settings import Settings
from pipelines.warehouse import intake as intake_module
from pipelines.warehouse.build import begin_build
from pipelines.warehouse.intake import (
    KnownContent,
    archive_new,
    changed_code,
    has_new_content,
    is_due,
    known_content,
    known_in_published,
    look,
)
from pipelines.warehouse.publish import RunFigures, publish


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path)
    settings.landing_dir.mkdir()
    return settings


def publish_landing(settings: Settings) -> None:
    """Publish a build that knows everything in landing, without reading it."""
    build = begin_build(settings, "run")
    known = known_content(build.connection)
    archived = archive_new(look(settings, known), known, settings)
    for file in archived.files:
        build.connection.execute(
            "INSERT INTO raw.file BY NAME SELECT $id AS file_id, $path AS path, $sha AS sha256, $bytes AS bytes, "
            "$at::TIMESTAMP AS modified_at, now()::TIMESTAMP AS first_seen_at, 0 AS records_seen, "
            "0 AS records_accepted, 0 AS records_unchanged, 0 AS records_quarantined",
            {
                "id": file.sha256[:16],
                "path": file.path,
                "sha": file.sha256,
                "bytes": file.bytes,
                "at": file.modified_at.replace(tzinfo=None),
            },
        )
    publish(build, RunFigures(files=len(archived.files)), [])


def test_everything_is_new_at_first_and_nothing_after(settings: Settings) -> None:
    (settings.landing_dir / "a.json").write_text("{}")
    (settings.landing_dir / "b.json").write_text("[]")
    assert is_due(settings)
    publish_landing(settings)
    assert not is_due(settings)
    intake = look(settings, known_in_published(settings))
    assert (intake.found, intake.candidates, intake.unreadable) == (2, (), ())


def test_empty_landing_is_nothing_to_do(settings: Settings) -> None:
    assert not is_due(settings)


def test_known_content_under_another_name_or_time_is_not_new(settings: Settings) -> None:
    first = settings.landing_dir / "a.json"
    first.write_text('{"same": 1}')
    publish_landing(settings)
    (settings.landing_dir / "copy.json").write_text('{"same": 1}')
    os.utime(first, (1, 1))
    known = known_in_published(settings)
    intake = look(settings, known)
    assert [file.relative_path for file in intake.candidates] == ["a.json", "copy.json"]
    assert not has_new_content(intake, known)
    assert not is_due(settings)
    assert archive_new(intake, known, settings).files == ()


def test_other_content_of_equal_size_is_new(settings: Settings) -> None:
    path = settings.landing_dir / "a.json"
    path.write_text('{"a": 1}')
    publish_landing(settings)
    path.write_text('{"a": 2}')
    assert is_due(settings)


def test_same_content_twice_in_one_landing_is_taken_once(settings: Settings) -> None:
    for name in ("a.json", "b.json", "c.json"):
        (settings.landing_dir / name).write_text('{"same": 1}')
    said: list[tuple[int, int]] = []
    archived = archive_new(look(settings, KnownContent()), KnownContent(), settings, lambda *at: said.append(at))
    assert [file.path for file in archived.files] == ["a.json"]
    assert said == [(1, 3), (2, 3), (3, 3)]


def test_files_copied_side_by_side_come_in_the_order_of_their_paths(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bulk download unzipped is a file for each study; between them may lie anything else."""
    monkeypatch.setattr(intake_module, "SMALL_BYTES", 100)
    monkeypatch.setattr(intake_module, "_WINDOW", 16)
    for number in range(100):
        name = f"{number:03}.json"
        if number % 20 == 7:
            (settings.landing_dir / name).symlink_to("/nowhere")
        elif number % 20 == 13:
            (settings.landing_dir / name).write_text(f'{{"large {number}": "{"x" * 100}"}}')
        else:
            (settings.landing_dir / name).write_text(f'{{"small": {number // 2}}}')
    intake = look(settings, KnownContent())
    (settings.landing_dir / "050.json").unlink()
    (settings.landing_dir / "013.json").unlink()
    said: list[int] = []
    archived = archive_new(intake, KnownContent(), settings, lambda done, _: said.append(done))
    paths = [file.path for file in archived.files]
    assert paths == sorted(paths)
    assert said == list(range(1, 96))
    # of 100 names 5 are links, 2 gone since, 4 large, and 89 small in pairs of one content
    assert {bad.relative_path: bad.reason_code for bad in archived.unreadable} == {
        **dict.fromkeys(("007.json", "027.json", "047.json", "067.json", "087.json"), SYMLINK),
        **dict.fromkeys(("013.json", "050.json"), UNREADABLE_FILE),
    }
    assert len(paths) == 4 + len({n // 2 for n in range(100) if n % 20 not in (7, 13) and n != 50})
    assert all(sha256_of(file.archived_path) == file.sha256 == file.archived_path.name for file in archived.files)


def test_archive_that_cannot_be_written_ends_all_copying(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2000):
        (settings.landing_dir / f"{number:04}.json").write_text(str(number))
    intake = look(settings, KnownContent())
    tried: list[str] = []

    def full(file: LandingFile, archive_dir: Path) -> ArchivedFile:
        tried.append(file.relative_path)
        raise ArchiveError(f"no space left in {archive_dir}")

    monkeypatch.setattr(intake_module, "archive_file", full)
    with pytest.raises(ArchiveError, match="no space left"):
        archive_new(intake, KnownContent(), settings)
    assert len(tried) < 1000


def test_fault_is_new_until_it_was_noted(settings: Settings) -> None:
    (settings.landing_dir / "link.json").symlink_to("/nowhere")
    known = KnownContent()
    intake = look(settings, known)
    assert has_new_content(intake, known)
    assert [bad.relative_path for bad in archive_new(intake, known, settings).unreadable] == ["link.json"]
    noted = KnownContent(unreadable=frozenset({"link.json"}))
    assert not has_new_content(look(settings, noted), noted)


def test_missing_landing_says_what_to_do(settings: Settings) -> None:
    settings.landing_dir.rmdir()
    with pytest.raises(LandingError, match=r"does not exist: create it, or set TRIALMART_LANDING"):
        is_due(settings)


def test_changed_models_make_a_run_due(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published build was made by other SQL: the next run makes it anew although landing has nothing new."""
    assert changed_code(settings) == []
    publish_landing(settings)
    assert changed_code(settings) == []
    from dataclasses import replace

    from pipelines.warehouse import intake

    now = intake.current_versions()
    monkeypatch.setattr(intake, "current_versions", lambda: replace(now, model_version="other"))
    assert changed_code(settings) == ["models"]
    assert is_due(settings)


def test_times_survive_the_way_through_the_warehouse(settings: Settings) -> None:
    """Modification times are compared after a round trip through TIMESTAMP: microseconds must not get lost."""
    path = settings.landing_dir / "a.json"
    path.write_text("{}")
    moment = datetime(2026, 3, 29, 1, 30, 0, 123457, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    publish_landing(settings)
    assert look(settings, known_in_published(settings)).candidates == ()
