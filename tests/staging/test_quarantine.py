"""An entry of the quarantine is open for as long as it asks for something to be done, and no longer."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipelines.landing.reasons import BROKEN_ZIP, EMPTY_FILE
from pipelines.readers.reasons import IMPOSSIBLE_DATE, MALFORMED_JSON, NO_IDENTITY, TRUNCATED_JSON, WRONG_TYPE
from tests.readers.ictrp_files import as_csv, as_xml, trial
from tests.staging.build import ingest_landing
from tests.staging.studies import study


def doc(number: int, **modules: Any) -> bytes:
    return orjson.dumps(study(f"NCT0{number:07}", **modules))


def bad(number: int, date: str = "2026-02-30") -> bytes:
    """A record whose date is in no calendar."""
    return doc(number, statusModule={"startDateStruct": {"date": date}})


def nameless(title: str) -> bytes:
    return orjson.dumps({"protocolSection": {"identificationModule": {"briefTitle": title}}})


def as_list(*documents: bytes) -> bytes:
    return b"[" + b",".join(documents) + b"]"


def as_zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.json", content)
    return buffer.getvalue()


def _entries(build: duckdb.DuckDBPyConnection) -> list[tuple[str, str, bool]]:
    return build.execute("""
        SELECT registry_id, CASE WHEN released_at IS NULL THEN 'open' ELSE released_as END,
               released_by IN (SELECT file_id FROM raw.file)
        FROM quality.quarantine ORDER BY registry_id
    """).fetchall()


def told(build: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Run, reason and state of each entry, in order."""
    return build.execute("""
        SELECT run_id, reason_code, CASE WHEN released_at IS NULL THEN 'open' ELSE released_as END
        FROM quality.quarantine ORDER BY ALL
    """).fetchall()


def test_a_good_version_releases_a_quarantined_record(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    bad = [doc(n, statusModule={"startDateStruct": {"date": "2026-02-30"}}) for n in (1, 2)]
    (landing / "a.json").write_bytes(b"[" + b",".join(bad) + b"]")
    ingest_landing(build, landing, tmp_path / "home")
    assert _entries(build) == [("NCT00000001", "open", None), ("NCT00000002", "open", None)]
    (landing / "b.json").write_bytes(doc(1))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    assert _entries(build) == [("NCT00000001", "accepted", True), ("NCT00000002", "open", None)]


def test_a_known_version_met_again_releases_its_torn_copy(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """A download breaks off in the middle of a record; the next one is whole, and nothing in it has changed."""
    (landing / "1.json").write_bytes(doc(1))
    ingest_landing(build, landing, tmp_path / "home")
    (landing / "2.json").write_bytes(doc(1)[:-20])
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    assert _entries(build) == [("NCT00000001", "open", None)]
    (landing / "3.json").write_bytes(b"[" + doc(1) + b"]")
    assert ingest_landing(build, landing, tmp_path / "home", run_id="run-3").records_unchanged == 1
    assert _entries(build) == [("NCT00000001", "accepted", True)]


def test_a_file_replaced_by_a_whole_one_releases_what_was_wrong_with_it(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    (landing / "a.json").write_bytes(b"")
    ingest_landing(build, landing, tmp_path / "home")
    assert _entries(build) == [(None, "open", None)]
    (landing / "a.json").write_bytes(doc(1))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    assert _entries(build) == [(None, "replaced", True)]


def test_a_record_that_every_download_brings_damaged_is_open_once(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """Weekly downloads of a registry with 790 such records had 1,578 open entries after the second."""
    for week in (1, 2, 3):
        (landing / f"week-{week}.json").write_bytes(as_list(doc(week), bad(9), bad(8, f"2026-02-3{week}")))
        report = ingest_landing(build, landing, tmp_path / "home", run_id=f"run-{week}")
        assert (report.records_accepted, report.records_quarantined) == (1, 2)
    assert told(build) == [
        *[(f"run-{week}", IMPOSSIBLE_DATE, "met_again") for week in (1, 1, 2, 2)],
        *[("run-3", IMPOSSIBLE_DATE, "open")] * 2,
    ]
    (landing / "week-4.json").write_bytes(as_list(doc(8), bad(9)))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-4")
    states = build.execute("SELECT registry_id, run_id FROM quality.quarantine WHERE released_at IS NULL").fetchall()
    assert states == [("NCT00000009", "run-4")]
    assert build.execute(
        "SELECT count(*) FROM raw.file WHERE records_quarantined <> "
        "(SELECT count(*) FROM quality.quarantine AS q WHERE q.file_id = file.file_id)"
    ).fetchall() == [(0,)]


def test_another_trouble_of_the_same_record_takes_the_place_of_the_first(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    (landing / "a.json").write_bytes(bad(1))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    wrong = doc(1, identificationModule={"nctId": "NCT00000001", "briefTitle": ["no", "title"]})
    (landing / "b.json").write_bytes(wrong)
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    assert told(build) == [("run-1", IMPOSSIBLE_DATE, "met_again"), ("run-2", WRONG_TYPE, "open")]


def test_damaged_in_two_files_of_one_run_is_open_in_the_last(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    for name in ("2026-01.json", "2026-02.json", "2026-03.json"):
        (landing / name).write_bytes(as_list(bad(1), bad(1, "2026-02-31"), doc(int(name[5:7]) + 1)))
    ingest_landing(build, landing, tmp_path / "home")
    states = build.execute("SELECT path, released_as FROM quality.quarantine ORDER BY ALL").fetchall()
    assert states == [
        *[("2026-01.json", "met_again")] * 2,
        *[("2026-02.json", "met_again")] * 2,
        *[("2026-03.json", None)] * 2,
    ]


def test_what_has_no_id_is_known_again_under_the_same_path_only(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """Two files with nothing in them are two troubles; a download of today in the place of yesterday's is not."""
    (landing / "one.json").write_bytes(b"")
    (landing / "bulk.zip").write_bytes(as_zip(a=nameless("Same"), b=nameless("Mended soon"), c=doc(1)))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    (landing / "other.json").write_bytes(b" ")
    (landing / "bulk.zip").write_bytes(as_zip(a=nameless("Same"), b=doc(2), c=doc(1), d=nameless("New")))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    assert told(build) == [
        ("run-1", EMPTY_FILE, "open"),
        ("run-1", NO_IDENTITY, "met_again"),
        ("run-1", NO_IDENTITY, "replaced"),
        ("run-2", EMPTY_FILE, "open"),
        ("run-2", NO_IDENTITY, "open"),
        ("run-2", NO_IDENTITY, "open"),
    ]


def test_what_has_no_id_is_known_again_outside_archives_too(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    for run, content in enumerate((as_list(nameless("Same"), doc(1)), as_list(nameless("Same"), doc(2)), b" ", b""), 1):
        (landing / "a.json").write_bytes(content)
        ingest_landing(build, landing, tmp_path / "home", run_id=f"run-{run}")
    assert told(build) == [
        ("run-1", NO_IDENTITY, "met_again"),
        ("run-2", NO_IDENTITY, "replaced"),
        ("run-3", EMPTY_FILE, "met_again"),
        ("run-4", EMPTY_FILE, "open"),
    ]


def test_a_broken_download_is_settled_by_the_next_though_that_has_troubles_of_its_own(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """One bad record in the good archive had kept the entry of the broken one open for ever."""
    whole = as_zip(a=doc(1), b=bad(2), c=doc(3))
    (landing / "bulk.zip").write_bytes(whole[: whole.index(b"PK\x01\x02")])
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    assert ("run-1", BROKEN_ZIP, "open") in told(build)
    (landing / "bulk.zip").write_bytes(whole)
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    assert told(build) == [
        ("run-1", BROKEN_ZIP, "replaced"),
        ("run-1", IMPOSSIBLE_DATE, "met_again"),
        ("run-2", IMPOSSIBLE_DATE, "open"),
    ]


def test_a_record_with_an_id_is_not_settled_by_a_file_that_does_not_hold_it(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """Whoever gives every delivery the same name would else lose sight of yesterday's record."""
    (landing / "delta.json").write_bytes(as_list(bad(1), doc(2)))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    (landing / "delta.json").write_bytes(as_list(doc(3), doc(4)[:-5]))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    reasons = [(reason, state) for _, reason, state in told(build)]
    assert reasons[0] == (IMPOSSIBLE_DATE, "open")
    assert reasons[1][0] in {TRUNCATED_JSON, MALFORMED_JSON}


def test_a_record_that_comes_whole_in_a_later_file_of_the_same_run_is_settled(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """Two deliveries that one run took in left an entry open that a run for each would have released."""
    (landing / "2026-01.json").write_bytes(as_list(bad(1), bad(2), bad(3), doc(4)))
    (landing / "2026-02.json").write_bytes(as_list(doc(1), bad(3)))
    (landing / "2026-03.json").write_bytes(as_list(doc(1), doc(3)))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    states = """
        SELECT registry_id, entry.path, released_as, by_file.path, released_at IS NULL
        FROM quality.quarantine AS entry LEFT JOIN raw.file AS by_file ON by_file.file_id = released_by ORDER BY 1, 2
    """
    assert build.execute(states).fetchall() == [
        ("NCT00000001", "2026-01.json", "accepted", "2026-03.json", False),
        ("NCT00000002", "2026-01.json", None, None, True),
        ("NCT00000003", "2026-01.json", "accepted", "2026-03.json", False),
        ("NCT00000003", "2026-02.json", "accepted", "2026-03.json", False),
    ]


def test_a_known_version_in_a_later_file_of_the_same_run_settles_a_torn_copy(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    (landing / "2026-01.json").write_bytes(doc(1))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    (landing / "2026-02.json").write_bytes(doc(1)[:-20])
    (landing / "2026-03.json").write_bytes(as_list(doc(1)))
    assert ingest_landing(build, landing, tmp_path / "home", run_id="run-2").records_unchanged == 1
    assert _entries(build) == [("NCT00000001", "accepted", True)]


def test_a_record_that_a_later_file_of_the_same_run_holds_damaged_is_open(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """What is newest of it could not be read, whatever came before."""
    (landing / "2026-01.json").write_bytes(as_list(doc(1), doc(2)))
    (landing / "2026-02.json").write_bytes(as_list(doc(1), bad(1), bad(2)))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    assert _entries(build) == [("NCT00000001", "open", None), ("NCT00000002", "open", None)]


def test_another_registers_copy_settles_no_trouble_of_the_registrys_own_record(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """The weekly file of WHO ICTRP closed the entries of ClinicalTrials.gov's records, which had never come."""
    (landing / "1.json").write_bytes(bad(1))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    (landing / "2.csv").write_text(as_csv([trial("NCT00000001")]))
    (landing / "3.csv").write_text(as_csv([trial("NCT00000001"), trial("NCT00000002")]))
    report = ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    assert (report.records_accepted, report.records_unchanged) == (2, 1)
    assert told(build) == [("run-1", IMPOSSIBLE_DATE, "open")]
    (landing / "4.csv").write_text(as_csv([trial("NCT00000001")], spaced=False))
    assert ingest_landing(build, landing, tmp_path / "home", run_id="run-3").records_unchanged == 1
    assert told(build) == [("run-1", IMPOSSIBLE_DATE, "open")]
    (landing / "5.json").write_bytes(doc(1))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-4")
    assert told(build) == [("run-1", IMPOSSIBLE_DATE, "accepted")]


def test_a_damaged_copy_is_another_trouble_than_the_damaged_record_itself(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """A copy that came damaged stood in the record's place, and when it came again whole nothing was open."""
    (landing / "1.json").write_bytes(bad(1))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-1")
    (landing / "2.xml").write_text(as_xml([trial("NCT00000001")]).replace("Tea for cough", "Tea & cough", 1))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    assert [(run, state) for run, _, state in told(build)] == [("run-1", "open"), ("run-2", "open")]
    (landing / "3.xml").write_text(as_xml([trial("NCT00000001")]))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-3")
    assert [(run, state) for run, _, state in told(build)] == [("run-1", "open"), ("run-2", "accepted")]
