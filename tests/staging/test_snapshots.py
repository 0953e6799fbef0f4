"""What a full snapshot holds is kept, so that absence can be told; torn ones and parts tell nothing."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import orjson
import pytest

from pipelines.landing.origin import Origin, write_note
from tests.staging.build import ingest_landing
from tests.staging.studies import study

IDS = ("NCT01000001", "NCT01000002", "NCT01000003")


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


def _cut(lines: list[bytes]) -> bytes:
    """The records one after the other, as far as the download came: the third one has begun, and shows its id."""
    return b"".join(lines)[: len(lines[0]) + len(lines[1]) + len(lines[2]) // 2]


def _zipped(data: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("all.json", data)
    return content.getvalue()


def _cut_gzip(lines: list[bytes]) -> bytes:
    """Stored, not compressed, so that the cut is in the third record again."""
    return gzip.compress(b"".join(lines), compresslevel=0)[: -(len(lines[2]) // 2 + 8)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lines.ndjson", _cut),
        ("list.json", lambda lines: _cut([b"[" + lines[0].strip() + b",", lines[1].strip() + b",", lines[2]])),
        ("lines.ndjson.gz", _cut_gzip),
        ("zipped.zip", lambda lines: _zipped(_cut(lines))),
    ],
    ids=["lines", "list", "gzip", "cut before it was zipped"],
)
def test_a_download_that_stopped_within_a_record_is_not_whole_although_the_record_shows_its_id(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, content: Callable[[list[bytes]], bytes]
) -> None:
    """Half a snapshot counted as whole, and every record after the cut as no longer shown by its registry."""
    landing = tmp_path / "landing"
    landing.mkdir()
    moment = datetime(2026, 1, 4, tzinfo=UTC)
    write_note(landing / name, Origin(registry="CTGOV", scope="full", data_timestamp=moment))
    (landing / name).write_bytes(content([orjson.dumps(study(nct_id)) + b"\n" for nct_id in IDS]))
    ingest_landing(build, landing, tmp_path / "home")
    assert build.execute("SELECT registry_id FROM quality.quarantine").fetchall() == [(IDS[2],)]
    assert held(build) == [("2026-01-04", 3, False, [f"CTGOV:{nct_id}" for nct_id in IDS])]


def test_a_record_that_is_wrong_in_itself_hides_no_other(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    landing.mkdir()
    wrong = orjson.dumps(study(IDS[1]) | {"hasResults": "maybe"})
    moment = datetime(2026, 1, 4, tzinfo=UTC)
    write_note(landing / "all.ndjson", Origin(registry="CTGOV", scope="full", data_timestamp=moment))
    (landing / "all.ndjson").write_bytes(b"\n".join([orjson.dumps(study(IDS[0])), wrong, orjson.dumps(study(IDS[2]))]))
    ingest_landing(build, landing, tmp_path / "home")
    refused = build.execute("SELECT registry_id, reason_code FROM quality.quarantine").fetchall()
    assert refused == [(IDS[1], "wrong_type")]
    assert held(build) == [("2026-01-04", 3, True, [f"CTGOV:{nct_id}" for nct_id in IDS])]


def test_a_piece_that_nobody_can_name_may_be_any_record(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    landing.mkdir()
    moment = datetime(2026, 1, 4, tzinfo=UTC)
    write_note(landing / "all.ndjson", Origin(registry="CTGOV", scope="full", data_timestamp=moment))
    (landing / "all.ndjson").write_bytes(orjson.dumps(study(IDS[0])) + b'\n{"protocolSection": 7}')
    ingest_landing(build, landing, tmp_path / "home")
    refused = build.execute("SELECT registry_id, reason_code FROM quality.quarantine").fetchall()
    assert refused == [(None, "wrong_type")]
    assert held(build) == [("2026-01-04", 1, False, [f"CTGOV:{IDS[0]}"])]


def test_a_record_without_its_registrys_id_is_none_that_could_be_missed(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    landing = tmp_path / "landing"
    landing.mkdir()
    lost = {"briefTitle": "Lost its id", "secondaryIdInfos": [{"id": "2011-001295-19", "type": "EUDRACT_NUMBER"}]}
    lines = [orjson.dumps(study(IDS[0])), orjson.dumps(study(identificationModule=lost))]
    moment = datetime(2026, 1, 4, tzinfo=UTC)
    for run, order in (("run-1", lines), ("run-2", lines[::-1])):  # new, then unchanged
        write_note(landing / f"{run}.ndjson", Origin(registry="CTGOV", scope="full", data_timestamp=moment))
        (landing / f"{run}.ndjson").write_bytes(b"\n".join(order))
        report = ingest_landing(build, landing, tmp_path / "home", run_id=run)
        assert report.records_quarantined == 0
    assert held(build) == [("2026-01-04", 1, True, [f"CTGOV:{IDS[0]}"] * 2)]


@pytest.mark.parametrize("unknown", ["registry", "data_timestamp"])
def test_all_of_nobody_knows_what_or_when_is_no_snapshot(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, unknown: str
) -> None:
    drop(tmp_path / "landing", "a.zip", IDS, day=3)
    whole = Origin(registry="CTGOV", scope="full", data_timestamp=datetime(2026, 1, 3, tzinfo=UTC))
    write_note(tmp_path / "landing" / "a.zip", whole.model_copy(update={unknown: None}))
    ingest_landing(build, tmp_path / "landing", tmp_path / "home")
    assert build.execute("SELECT count(*) FROM raw.snapshot").fetchone() == (0,)
    assert build.execute("SELECT count(*) FROM raw.record_version").fetchone() == (3,)


def test_a_part_is_no_snapshot(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    drop(tmp_path / "landing", "a.zip", IDS, day=3, scope="part")
    ingest_landing(build, tmp_path / "landing", tmp_path / "home")
    assert build.execute("SELECT count(*) FROM raw.snapshot").fetchone() == (0,)
    assert build.execute("SELECT json_extract_string(origin, '$.registry') FROM raw.file").fetchall() == [("CTGOV",)]
