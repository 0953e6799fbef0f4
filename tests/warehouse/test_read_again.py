"""What no reader could read is read again, from the archive, once readers have changed; nothing else is."""

from __future__ import annotations

import copy
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import orjson
import pytest

from pipelines import readers
from pipelines.landing.origin import Origin, write_note
from pipelines.sample import make_study
from pipelines.settings import Settings
from pipelines.staging.ingest import ingest
from pipelines.warehouse import intake
from pipelines.warehouse.build import Build, begin_build
from pipelines.warehouse.builds import current_build
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.publish import RunFigures, publish
from pipelines.warehouse.versions import current_versions

PLAIN = "colour;size\nred;1\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path)
    settings.landing_dir.mkdir()
    (settings.landing_dir / "study.json").write_bytes(orjson.dumps(make_study(1, 0)))
    (settings.landing_dir / "table.csv").write_text(PLAIN)
    return settings


def run(settings: Settings, run_id: str) -> intake.Archived:
    """What a run does up to staging, and publishing without rules."""
    build: Build = begin_build(settings, run_id)
    known = intake.known_content(build.connection)
    archived = intake.archive_new(intake.look(settings, known), known, settings)
    archived = replace(archived, again=intake.to_read_again(build.connection, settings))
    ingest(
        build.connection,
        (*archived.files, *archived.again),
        settings=settings,
        work_dir=build.work_dir,
        run_id=run_id,
        loaded_at=datetime.now(UTC),
    )
    publish(build, RunFigures(), [])
    return archived


def files_and_quarantine(settings: Settings) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    current = current_build(settings)
    assert current is not None
    with connect_read_only(current) as connection:
        files = connection.execute(
            "SELECT path, records_seen, records_accepted, records_unchanged, records_quarantined "
            "FROM raw.file ORDER BY path"
        ).fetchall()
        quarantine = connection.execute(
            "SELECT path, reason_code, run_id, released_at IS NOT NULL, released_as "
            "FROM quality.quarantine ORDER BY ALL"
        ).fetchall()
    return files, quarantine


def other_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    now = current_versions()
    monkeypatch.setattr(intake, "current_versions", lambda: replace(now, reader_version="other"))


def test_a_format_learnt_later_is_read_from_the_archive(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file came before its reader did, and has been taken out of landing since."""
    with monkeypatch.context() as before:
        before.setattr(readers, "READERS", ())
        run(settings, "first")
    (settings.landing_dir / "study.json").unlink()
    assert not intake.is_due(settings)
    other_readers(monkeypatch)
    assert intake.changed_code(settings) == ["readers"]
    assert intake.is_due(settings)
    archived = run(settings, "second")
    assert [file.path for file in archived.again] == ["study.json", "table.csv"]
    files, quarantine = files_and_quarantine(settings)
    assert files == [("study.json", 1, 1, 0, 0), ("table.csv", 1, 0, 0, 1)]
    assert quarantine == [
        ("study.json", "unknown_format", "first", True, "accepted"),
        ("table.csv", "unknown_format", "first", False, None),
    ]


def test_same_readers_read_nothing_again(settings: Settings) -> None:
    run(settings, "first")
    assert not intake.is_due(settings)
    assert run(settings, "second").again == ()


def test_records_of_a_file_read_again_stay_its_own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip of which one member was of no known format: the others were accepted then and are not lost or doubled."""
    with zipfile.ZipFile(settings.landing_dir / "both.zip", "w") as archive:
        archive.writestr("a.json", orjson.dumps(make_study(1, 7)))
        archive.writestr("b.csv", PLAIN)
    run(settings, "first")
    before = files_and_quarantine(settings)
    other_readers(monkeypatch)
    assert [file.path for file in run(settings, "second").again] == ["both.zip", "table.csv"]
    assert files_and_quarantine(settings) == before
    assert before[0][0] == ("both.zip", 2, 1, 0, 1)


def test_what_was_settled_since_stays_settled_when_its_file_is_read_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that had come whole was open once more, and its file had one entry more than it had refused."""
    study = make_study(1, 8)
    torn = copy.deepcopy(study)
    torn["protocolSection"]["statusModule"]["startDateStruct"] = {"date": "2026-02-30"}
    (settings.landing_dir / "study.json").unlink()
    (settings.landing_dir / "table.csv").unlink()
    with zipfile.ZipFile(settings.landing_dir / "both.zip", "w") as archive:
        archive.writestr("a.json", orjson.dumps(torn))
        archive.writestr("b.csv", PLAIN)
    run(settings, "first")
    (settings.landing_dir / "later.json").write_bytes(orjson.dumps(study))
    run(settings, "second")
    before = files_and_quarantine(settings)
    assert before[1] == [
        ("both.zip", "impossible_date", "first", True, "accepted"),
        ("both.zip", "unknown_format", "first", False, None),
    ]
    other_readers(monkeypatch)
    assert [file.path for file in run(settings, "third").again] == ["both.zip"]
    assert files_and_quarantine(settings) == before


def test_what_a_note_said_of_a_file_read_again_is_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note was not read again with its file: raw.file lost where it came from, and so the day by which versions
    without a date are put in order; of a full snapshot a member read at last was not in it."""
    study = orjson.dumps(make_study(1, 9))
    path = settings.landing_dir / "all.zip"
    note = Origin(registry="CTGOV", scope="full", data_timestamp=datetime(2026, 1, 4, tzinfo=UTC), source="weekly")
    write_note(path, note)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", study)
    with monkeypatch.context() as before:
        before.setattr(readers, "READERS", ())
        run(settings, "first")
    told = """
        SELECT origin, taken_on::VARCHAR, records, is_whole
        FROM raw.file LEFT JOIN raw.snapshot USING (file_id) WHERE path = 'all.zip'
    """

    def asked() -> list[tuple[object, ...]]:
        current = current_build(settings)
        assert current is not None
        with connect_read_only(current) as connection:
            return connection.execute(told).fetchall()

    origin = note.model_dump_json(exclude_defaults=True)
    assert asked() == [(origin, "2026-01-04", 0, False)]
    other_readers(monkeypatch)
    run(settings, "second")
    assert asked() == [(origin, "2026-01-04", 1, True)]


def test_content_gone_from_the_archive_is_left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run(settings, "first")
    for kept in settings.archive_dir.rglob("*"):
        if kept.is_file() and kept.read_bytes() == PLAIN.encode():
            kept.unlink()
    other_readers(monkeypatch)
    assert not intake.is_due(settings)


def test_a_build_of_older_code_is_looked_at_all_the_same(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Warehouses published before quarantine could be released have no such column."""
    run(settings, "first")
    current = current_build(settings)
    assert current is not None
    current.chmod(0o644)
    with duckdb.connect(str(current)) as connection:
        connection.execute("ALTER TABLE quality.quarantine DROP COLUMN released_at")
        connection.execute("ALTER TABLE raw.file DROP COLUMN origin")
    other_readers(monkeypatch)
    assert intake.changed_code(settings) == ["readers"]
