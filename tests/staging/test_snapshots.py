"""What a full snapshot holds is kept, so that absence can be told; torn ones and parts tell nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import orjson
import pytest

from pipelines.landing.origin import Origin, write_note
from tests.staging.build import empty_build, ingest_landing
from tests.staging.studies import study

IDS = ("NCT01000001", "NCT01000002", "NCT01000003")


@pytest.fixture
def build(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_build(tmp_path / "build.duckdb") as connection:
        yield connection


def drop(landing: Path, name: str, ids: tuple[str, ...], *, day: int, scope: str = "full", torn: bool = False) -> None:
    landing.mkdir(exist_ok=True)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for nct_id in ids:
            archive.writestr(f"{nct_id}.json", orjson.dumps(study(nct_id)))
        archive.comment = f"day {day}".encode()  # other bytes each day
        if torn:
            archive.writestr("torn.json", b'{"protocolSection": {"statusModule"')
    moment = datetime(2026, 1, day, tzinfo=UTC)
    write_note(landing / name, Origin(registry="CTGOV", scope=scope, data_timestamp=moment))  # type: ignore[arg-type]
    (landing / name).write_bytes(content.getvalue())


def held(build: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return build.execute(
        "SELECT taken_on::VARCHAR, records, is_whole, list(record_key ORDER BY record_key) "
        "FROM raw.snapshot JOIN raw.snapshot_record USING (file_id) GROUP BY ALL ORDER BY 1"
    ).fetchall()


def test_a_snapshot_holds_new_and_unchanged_records(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for number, (ids, day) in enumerate(((IDS[:2], 1), (IDS[1:], 2))):
        drop(tmp_path / "landing", f"{day}.zip", ids, day=day)
        ingest_landing(build, tmp_path / "landing", tmp_path / "home", run_id=f"run-{number}")
    keys = [f"CTGOV:{nct_id}" for nct_id in IDS]
    assert held(build) == [("2026-01-01", 2, True, keys[:2]), ("2026-01-02", 2, True, keys[1:])]


def test_a_torn_snapshot_is_not_whole(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    drop(tmp_path / "landing", "a.zip", IDS, day=3, torn=True)
    ingest_landing(build, tmp_path / "landing", tmp_path / "home")
    assert build.execute("SELECT is_whole FROM raw.snapshot").fetchall() == [(False,)]


def test_a_part_is_no_snapshot(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    drop(tmp_path / "landing", "a.zip", IDS, day=3, scope="part")
    ingest_landing(build, tmp_path / "landing", tmp_path / "home")
    assert build.execute("SELECT count(*) FROM raw.snapshot").fetchone() == (0,)
    assert build.execute("SELECT json_extract_string(origin, '$.registry') FROM raw.file").fetchall() == [("CTGOV",)]
