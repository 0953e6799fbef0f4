"""A format of many tables through the walk of an ingest: counts, batches on threads, scratch, raw bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.landing.catalogue import ArchivedFile
from pipelines.readers import find_raw
from pipelines.sample import make_study
from pipelines.sample.render.aact_flat import render_file, render_tables
from pipelines.settings import Limits, Settings
from pipelines.staging import ingest
from tests.staging.build import empty_build, ingest_landing

COUNT = 40


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    (folder / "export.zip").write_bytes(render_file([make_study(31, index) for index in range(COUNT)]))
    return folder


def test_each_study_is_accepted_once(tmp_path: Path, landing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small batches, so that both threads have work while the tables are still being read."""
    monkeypatch.setattr(ingest, "BATCH_RECORDS", 7)
    with empty_build(tmp_path / "build.duckdb") as build:
        report = ingest_landing(build, landing, tmp_path / "home")
        assert (report.records_seen, report.records_accepted, report.records_quarantined) == (COUNT, COUNT, 0)
        (counted,) = build.execute("SELECT count(DISTINCT record_key) FROM raw.record_version").fetchall()
        assert counted == (COUNT,)
        assert build.execute("SELECT count(*) FROM staging.unknown_value").fetchone() == (0,)
        sites = [len(_sites(index)) for index in range(COUNT)]
        assert build.execute("SELECT count(*) FROM staging.location").fetchone() == (sum(sites),)
    assert [path.name for path in (tmp_path / "home" / "work" / "run-1").iterdir()] == ["parts"], "scratch is gone"


def _sites(index: int) -> list[object]:
    module = make_study(31, index)["protocolSection"].get("contactsLocationsModule", {})
    found: list[object] = module.get("locations", [])
    return found


def test_the_same_export_packed_anew_brings_no_version(tmp_path: Path, landing: Path) -> None:
    """Another order of members, folder, row numbers and times of loading say nothing about the studies."""
    with empty_build(tmp_path / "build.duckdb") as build:
        ingest_landing(build, landing, tmp_path / "home")
        tables = render_tables([make_study(31, index) for index in reversed(range(COUNT))])
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for name in reversed(tables):
                text = tables[name].replace(b"2026-07-02 12:47:06.403798", b"2026-08-01 00:00:00.000001")
                archive.writestr(f"20260801/{name}.txt", text)
        (landing / "later.zip").write_bytes(data.getvalue())
        report = ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
        assert (report.records_seen, report.records_unchanged, report.records_accepted) == (COUNT, COUNT, 0)


def test_raw_bytes_are_found_by_what_the_warehouse_says(tmp_path: Path, landing: Path) -> None:
    with empty_build(tmp_path / "build.duckdb") as build:
        ingest_landing(build, landing, tmp_path / "home")
        rows = build.execute("SELECT registry_id, member, position FROM raw.record_version LIMIT 3").fetchall()
    for registry_id, member, position in rows:
        raw = find_raw(landing / "export.zip", member, position, Limits()).decode()
        assert raw.startswith(f"studies.txt\n{registry_id}|")
        assert f"|{registry_id}|" in raw.partition("conditions.txt\n")[2]


def test_a_fault_in_the_middle_of_a_walk_leaves_no_scratch(
    tmp_path: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(ingest, "BATCH_RECORDS", 7)
    monkeypatch.setattr("pipelines.staging.helper.write_part", fail)
    path = landing / "export.zip"
    file = ArchivedFile("export.zip", "0" * 64, path.stat().st_size, datetime(2026, 7, 3, tzinfo=UTC), path)
    with pytest.raises(OSError, match="No space"):
        ingest.walk_files([file], Settings(home=tmp_path / "home"), tmp_path / "work")
    assert not [one for one in (tmp_path / "work").iterdir() if one.name.startswith("aact-")]
