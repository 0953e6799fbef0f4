"""Landing files into a real build: bad pieces are quarantined with their place, the rest goes on, the counts add up."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from pipelines import readers
from pipelines.landing import reasons as landing_reasons
from pipelines.landing.origin import Origin, write_note
from pipelines.readers import reasons
from pipelines.settings import Limits
from pipelines.staging import standing as standing_of
from pipelines.staging.ingest import IngestReport
from tests.readers.ctgov_xml_files import xml
from tests.staging.build import LOADED_AT, ingest_landing
from tests.staging.studies import study


def _doc(number: int, **modules: Any) -> bytes:
    return orjson.dumps(study(f"NCT0{number:07}", **modules))


def _titled(title: Any) -> bytes:
    return _doc(7, identificationModule={"nctId": "NCT00000007", "briefTitle": title})


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _conserved(build: duckdb.DuckDBPyConnection, report: IngestReport) -> None:
    """seen = accepted + unchanged + quarantined in the report, for each file, and against the rows there are."""
    total = report.records_accepted + report.records_unchanged + report.records_quarantined
    assert report.records_seen == total
    assert (
        build.execute("""
        SELECT path FROM raw.file
        WHERE records_seen <> records_accepted + records_unchanged + records_quarantined
           OR records_accepted <> (SELECT count(*) FROM raw.record_version AS v WHERE v.file_id = file.file_id)
           OR records_quarantined <> (SELECT count(*) FROM quality.quarantine AS q WHERE q.file_id = file.file_id)
    """).fetchall()
        == []
    )


GOOD_THEN_CUT = b'{"studies": [' + _doc(1) + b"," + _doc(2) + b"," + _doc(3)[:60]


@pytest.mark.parametrize(
    ("content", "accepted", "bad"),
    [
        pytest.param(b"", 0, [(landing_reasons.EMPTY_FILE, None)], id="empty"),
        pytest.param(b"\n \n", 0, [(landing_reasons.EMPTY_FILE, None)], id="white space"),
        pytest.param(b"\xef\xbb\xbf" + _doc(1), 1, [], id="byte order mark"),
        pytest.param(b"once upon a time", 0, [(landing_reasons.UNKNOWN_FORMAT, None)], id="unknown format"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", 0, [(landing_reasons.UNKNOWN_FORMAT, None)], id="binary"),
        pytest.param(_doc(1)[:70], 0, [(reasons.TRUNCATED_JSON, 1)], id="truncated study"),
        pytest.param(GOOD_THEN_CUT, 2, [(reasons.TRUNCATED_JSON, 3)], id="page cut in the middle"),
        pytest.param(
            b"[" + _doc(1) + b"," + _doc(2)[:50], 1, [(reasons.TRUNCATED_JSON, 2)], id="array cut in the middle"
        ),
        pytest.param(
            _doc(1) + b"\n" + _doc(2)[:50] + b"\n" + _doc(3) + b"\n",
            2,
            [(reasons.TRUNCATED_JSON, 2)],
            id="NDJSON line cut",
        ),
        pytest.param(
            _doc(1) + b"\n" + _titled("x\xff").replace(b"\xc3\xbf", b"\xff") + b"\n" + _doc(3),
            2,
            [(reasons.NOT_UTF8, 2)],
            id="NDJSON line not UTF-8",
        ),
        pytest.param(
            orjson.dumps({"studies": [study(None), study("NCT00000002")]}),
            1,
            [(reasons.NO_IDENTITY, 1)],
            id="no identity",
        ),
        pytest.param(
            b"[" + _doc(1, statusModule={"completionDateStruct": {"date": "2023-02-29"}}) + b"," + _doc(2) + b"]",
            1,
            [(reasons.IMPOSSIBLE_DATE, 1)],
            id="impossible date",
        ),
        pytest.param(b"[" + _titled(5) + b"," + _doc(2) + b"]", 1, [(reasons.WRONG_TYPE, 1)], id="number for text"),
        pytest.param(
            _doc(1) + b'\n{"protocolSection": ' + b'{"protocolSection": ' * 50_000 + b"\n" + _doc(3),
            2,
            [(reasons.TOO_DEEP, 2)],
            id="deep nesting",
        ),
        pytest.param(
            _titled('Robert\'); DROP TABLE staging.study; --\n"quoted"\r\n\x00\u202e'),
            1,
            [],
            id="SQL, quotes, newlines",
        ),
        pytest.param(gzip.compress(_doc(1)), 1, [], id="gzip"),
        pytest.param(
            gzip.compress(b"\n".join(_doc(number) for number in range(1, 400)))[:-200],
            None,
            [(landing_reasons.TRUNCATED_GZIP, None)],
            id="gzip cut",
        ),
        pytest.param(_zip({"01/NCT00000001.json": _doc(1), "02/NCT00000002.json": _doc(2)}), 2, [], id="zip"),
        pytest.param(
            _zip({"a.json": _doc(1), "b.json": _doc(2), "c.json": _doc(3)})[:-150], None, [], id="zip without its end"
        ),
        pytest.param(b"PK\x03\x04 this is no archive", 0, [], id="no zip at all"),
    ],
)
def test_what_bad_input_gets(
    build: duckdb.DuckDBPyConnection,
    landing: Path,
    tmp_path: Path,
    content: bytes,
    accepted: int | None,
    bad: list[tuple[str, int | None]],
) -> None:
    """Beside the bad file lies a good one, which is never touched by it."""
    (landing / 'odd file\'s "name"; --.json').write_bytes(content)
    (landing / "zz-good.json").write_bytes(_doc(99))
    report = ingest_landing(build, landing, tmp_path / "home")
    _conserved(build, report)
    found = build.execute("SELECT reason_code, position FROM quality.quarantine ORDER BY ALL").fetchall()
    if accepted is not None:
        assert report.records_accepted == accepted + 1
    if bad:
        assert [code for code, _ in bad] == [code for code, _ in found]
        assert all(wanted in (None, place) for (_, wanted), (_, place) in zip(bad, found, strict=True))
    else:
        assert accepted is None or accepted == 0 or found == []
    if accepted is None or accepted == 0:
        assert found
    assert build.execute(
        "SELECT count(*) FROM raw.record_version WHERE record_key = 'CTGOV:NCT00000099'"
    ).fetchone() == (1,)
    assert build.execute("SELECT count(*) FROM quality.quarantine WHERE reason = '' OR path IS NULL").fetchone() == (0,)


def test_a_field_of_50_megabytes_is_refused_and_its_neighbours_are_not(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    content = _doc(1) + b"\n" + _titled("x" * 50_000_000) + b"\n" + _doc(3) + b"\n"
    (landing / "big.ndjson").write_bytes(content)
    report = ingest_landing(build, landing, tmp_path / "home")
    _conserved(build, report)
    assert (report.records_accepted, report.quarantine_reasons) == (2, {reasons.RECORD_TOO_LARGE: 1})
    assert build.execute("SELECT position FROM quality.quarantine").fetchall() == [(2,)]


def test_limits_are_settings(build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path) -> None:
    (landing / "a.ndjson").write_bytes(_doc(1) + b"\n" + _titled("x" * 5_000) + b"\n")
    report = ingest_landing(build, landing, tmp_path / "home", limits=Limits(record_bytes=4_000))
    assert (report.records_accepted, report.quarantine_reasons) == (1, {reasons.RECORD_TOO_LARGE: 1})


def test_the_same_content_is_read_once(build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path) -> None:
    (landing / "a.json").write_bytes(_doc(1))
    (landing / "copy of a.json").write_bytes(_doc(1))
    assert ingest_landing(build, landing, tmp_path / "home").files == 1
    assert ingest_landing(build, landing, tmp_path / "home", run_id="run-2").files == 0


def test_a_record_met_in_two_files_of_one_run_is_unchanged_the_second_time(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    (landing / "a.json").write_bytes(_doc(1))
    (landing / "b.json").write_bytes(b"[" + _doc(1) + b"," + _doc(2) + b"]")
    report = ingest_landing(build, landing, tmp_path / "home")
    _conserved(build, report)
    assert (report.records_accepted, report.records_unchanged) == (2, 1)
    assert build.execute("SELECT count(*) FROM staging.study").fetchone() == (2,)


def _dated(day: str, title: str) -> bytes:
    document = study("NCT00000001", statusModule={"lastUpdatePostDateStruct": {"date": day}})
    document["protocolSection"]["identificationModule"]["briefTitle"] = title
    return orjson.dumps(document)


VERSIONS = [_dated("2024-01-05", "first"), _dated("2025-02-06", "second"), _dated("2026-03-07", "third")]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)], ids=["in order", "late ones", "one in between"])
def test_versions_stand_in_the_registry_s_order_however_they_arrive(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, order: tuple[int, ...]
) -> None:
    for number, index in enumerate(order):
        (landing / f"{number}.json").write_bytes(VERSIONS[index])
        ingest_landing(
            build, landing, tmp_path / "home", run_id=f"run-{number}", loaded_at=LOADED_AT + timedelta(days=number)
        )
    history = build.execute("""
        SELECT version_no, brief_title, valid_from::VARCHAR, valid_to::VARCHAR, is_current
        FROM raw.record_version JOIN staging.study USING (version_id) ORDER BY version_no
    """).fetchall()
    assert history == [
        (1, "first", "2024-01-05", "2025-02-06", False),
        (2, "second", "2025-02-06", "2026-03-07", False),
        (3, "third", "2026-03-07", None, True),
    ]


def _released(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, titles: Sequence[tuple[str, str]]
) -> list[tuple[str, bool]]:
    """A record with one date of update read in several releases (stamp, title), each in a run of its own: the titles
    of its versions in their order, and which is current."""
    for number, (released, title) in enumerate(titles):
        document = orjson.loads(_dated("2026-01-22", title))
        document["derivedSection"] = {"miscInfoModule": {"versionHolder": released}}
        (landing / f"{number}.json").write_bytes(orjson.dumps(document))
        ingest_landing(build, landing, tmp_path / "home", run_id=f"run-{number}")
    return build.execute("""
        SELECT brief_title, is_current FROM raw.record_version JOIN staging.study USING (version_id) ORDER BY version_no
    """).fetchall()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_of_versions_with_one_date_the_later_release_is_the_later_version(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """The registry changes derived terms without a new date; the shorter record of the later release is current."""
    titles = {"2026-02-03": "an older and longer one", "2026-02-11": "between", "2026-03-13": "new"}
    found = _released(build, landing, tmp_path, [list(titles.items())[index] for index in order])
    assert found == [("an older and longer one", False), ("between", False), ("new", True)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_versions_without_a_date_the_one_that_its_note_says_is_later_is_the_later_version(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """Texts of the EU register, records of ChiCTR and converted ones of ISRCTN have neither a date of update nor a
    stamp: of two deliveries the longer one, the older, stayed the current version for good."""
    arrivals = [
        ("without a note, and so of no day that is known", None),
        ("an older and longer one", Origin(fetched_at=datetime(2026, 3, 1, 9, tzinfo=UTC))),
        (
            "new",
            Origin(data_timestamp=datetime(2026, 4, 1, 9, tzinfo=UTC), fetched_at=datetime(2026, 2, 1, tzinfo=UTC)),
        ),
    ]
    for number, index in enumerate(order):
        title, note = arrivals[index]
        document = study(identificationModule={"nctId": "NCT01000001", "briefTitle": title})
        del document["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]
        if note is not None:
            write_note(landing / f"{number}.json", note)
        (landing / f"{number}.json").write_bytes(orjson.dumps(document))
        ingest_landing(build, landing, tmp_path / "home", run_id=f"run-{number}")
    found = build.execute("""
        SELECT brief_title, is_current FROM raw.record_version JOIN staging.study USING (version_id) ORDER BY version_no
    """).fetchall()
    assert found == [(arrivals[0][0], False), (arrivals[1][0], False), (arrivals[2][0], True)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_versions_of_no_known_day_the_longer_is_the_later_version(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, order: tuple[int, ...]
) -> None:
    titles = ["short", "another title of the same study, which says more of it"]
    for number, index in enumerate(order):
        document = study(statusModule={}, identificationModule={"nctId": "NCT01000001", "briefTitle": titles[index]})
        (landing / f"{number}.json").write_bytes(orjson.dumps(document))
        ingest_landing(build, landing, tmp_path / "home", run_id=f"run-{number}")
    found = build.execute(
        "SELECT brief_title FROM raw.record_version JOIN staging.study USING (version_id) ORDER BY version_no"
    ).fetchall()
    assert found == [(title,) for title in titles]


@pytest.mark.parametrize(("order", "current"), [((0, 1, 2), "other"), ((2, 1, 0), "first"), ((0, 2, 1), "other")])
def test_a_record_that_goes_back_to_what_it_was_under_one_date_counts_by_the_file_read_first(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, order: tuple[int, ...], current: str
) -> None:
    """The one thing that is left to the order of arrival (docs/history.md): A, B and A again are two versions."""
    titles = {"2026-02-03": "first", "2026-02-11": "other", "2026-03-13": "first"}
    found = _released(build, landing, tmp_path, [list(titles.items())[index] for index in order])
    assert (len(found), found[-1]) == (2, (current, True))


def test_a_version_is_of_the_day_of_its_posting_or_else_of_its_submission(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    posted = {"lastUpdatePostDateStruct": {"date": "2026-03-04"}, "lastUpdateSubmitDate": "2026-03-01"}
    (landing / "a.json").write_bytes(
        b"[" + _doc(1, statusModule=posted) + b"," + _doc(2, statusModule={"lastUpdateSubmitDate": "2026-02-01"}) + b"]"
    )
    ingest_landing(build, landing, tmp_path / "home")
    days = build.execute("SELECT registry_updated_on::VARCHAR FROM raw.record_version ORDER BY registry_id").fetchall()
    assert days == [("2026-03-04",), ("2026-02-01",)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_version_without_a_date_is_older_than_one_that_has_one(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, order: tuple[int, ...]
) -> None:
    undated = study(
        "NCT00000001", statusModule={"overallStatus": "RECRUITING"}, descriptionModule={"briefSummary": "x" * 500}
    )
    for number, index in enumerate(order):
        (landing / f"{number}.json").write_bytes((orjson.dumps(undated), VERSIONS[0])[index])
        ingest_landing(build, landing, tmp_path / "home", run_id=f"run-{number}")
    found = build.execute(
        "SELECT valid_from::VARCHAR, valid_to::VARCHAR FROM raw.record_version ORDER BY version_no"
    ).fetchall()
    assert found == [(None, "2024-01-05"), ("2024-01-05", None)]


def test_an_unknown_field_that_a_record_has_twice_is_in_one_record(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    outcomes = [{"measure": "a", "mood": "fair"}, {"measure": "b", "mood": "better"}]
    (landing / "a.json").write_bytes(_doc(1, outcomesModule={"primaryOutcomes": outcomes}))
    ingest_landing(build, landing, tmp_path / "home")
    found = build.execute("SELECT path, records, sample_value FROM quality.unknown_field").fetchall()
    assert found == [("protocolSection.outcomesModule.primaryOutcomes[].mood", 1, "better")]


def test_of_xml_of_one_date_the_one_that_the_registry_wrote_later_is_the_later_version(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """Two years without a word turn RECRUITING into UNKNOWN without a new date of update; of two downloads the longer
    one, the older, was the current version."""
    for number, (written, status) in enumerate(
        {"June 09, 2023": "Unknown status", "April 10, 2021": "Active, not recruiting"}.items()
    ):
        body = (
            f"<overall_status>{status}</overall_status><last_update_submitted>January 5, 2021</last_update_submitted>"
        )
        (landing / f"{number}.xml").write_bytes(xml(body, day=written))
        ingest_landing(build, landing, tmp_path / "home", run_id=f"run-{number}")
    found = build.execute("""
        SELECT overall_status, version_holder, is_current
        FROM raw.record_version JOIN staging.study USING (version_id) ORDER BY version_no
    """).fetchall()
    assert found == [("ACTIVE_NOT_RECRUITING", "2021-04-10", False), ("UNKNOWN", "2023-06-09", True)]


def test_a_copy_or_a_part_never_takes_the_place_of_the_whole(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another register's copy is newer than the registry's own record, says less, and must not hide it."""
    (whole,) = (reader for reader in readers.READERS if reader.format == "ctgov_v2")
    for number, (version, standing) in enumerate(
        ((VERSIONS[1], "whole"), (VERSIONS[2], "copy"), (VERSIONS[0], "part"))
    ):
        reader = replace(whole, format=f"ctgov_{standing}", standing=standing)
        monkeypatch.setattr(readers, "READERS", (reader,))
        monkeypatch.setattr(standing_of, "READERS", (*standing_of.READERS, reader))
        (landing / f"{number}.json").write_bytes(version)
        ingest_landing(build, landing, tmp_path / "home", run_id=f"run-{number}")
    found = build.execute("""
        SELECT version_no, source_format, valid_from::VARCHAR, valid_to::VARCHAR, is_current
        FROM raw.record_version ORDER BY version_no
    """).fetchall()
    assert found == [
        (1, "ctgov_copy", "2026-03-07", "2026-03-07", False),
        (2, "ctgov_part", "2024-01-05", "2025-02-06", False),
        (3, "ctgov_whole", "2025-02-06", None, True),
    ]


def test_an_item_of_the_search_list_of_ctis_never_takes_the_place_of_the_record(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    """Both are the API's JSON; a page of a search that was fetched later hid criteria, arms and sites of its trials."""
    number = {"ctNumber": "2023-512345-67-00", "ctStatus": 4}
    titles = {"clinicalTrialIdentifiers": {"fullTitle": "All of it", "publicTitle": "It"}}
    whole = {"authorizedApplication": {"authorizedPartI": {"trialDetails": titles}}, "lastUpdated": "05/01/2024"}
    listed = {"ctTitle": "All of it", "lastUpdated": "06/02/2025"}
    (landing / "1.json").write_bytes(orjson.dumps(number | whole))
    (landing / "2.json").write_bytes(orjson.dumps({"pagination": {"totalRecords": 1}, "data": [number | listed]}))
    ingest_landing(build, landing, tmp_path / "home")
    found = build.execute("""
        SELECT standing, brief_title, is_current
        FROM raw.record_version JOIN staging.study USING (version_id) ORDER BY version_no
    """).fetchall()
    assert found == [("chosen", None, False), ("whole", "It", True)]


@pytest.mark.parametrize("arriving", [_doc(5), b"", VERSIONS[0]], ids=["another record", "nothing", "an older version"])
def test_versions_that_older_code_numbered_without_a_standing_are_put_in_order_once_more(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path, arriving: bytes
) -> None:
    """Copies were current before there was a standing, and would stay so until the record's next version."""
    (landing / "a.json").write_bytes(b"[" + VERSIONS[1] + b"," + VERSIONS[2] + b"]")
    ingest_landing(build, landing, tmp_path / "home")
    build.execute(
        "UPDATE raw.record_version SET standing = NULL, version_no = 3 - version_no, is_current = NOT is_current"
    )
    (landing / "b.json").write_bytes(arriving)
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2")
    found = build.execute("""
        SELECT brief_title, standing, is_current FROM raw.record_version JOIN staging.study USING (version_id)
        WHERE registry_id = 'NCT00000001' AND run_id = 'run-1' ORDER BY version_no
    """).fetchall()
    assert found == [("second", "whole", False), ("third", "whole", True)]


def test_an_unreadable_thing_is_noted_until_it_can_be_read(
    build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes(_doc(1))
    (landing / "link.json").symlink_to(elsewhere)
    for run in ("run-1", "run-2"):
        report = ingest_landing(build, landing, tmp_path / "home", run_id=run)
        _conserved(build, report)
        assert build.execute("SELECT path, reason_code FROM quality.quarantine").fetchall() == [
            ("link.json", landing_reasons.SYMLINK)
        ]
        noted = build.execute("SELECT path, sha256, format, records_seen, records_quarantined FROM raw.file").fetchall()
        assert noted == [("link.json", "", None, 1, 1)]
    (landing / "link.json").unlink()
    (landing / "link.json").write_bytes(_doc(1))
    assert ingest_landing(build, landing, tmp_path / "home", run_id="run-3").records_accepted == 1
    assert build.execute("SELECT count(*) FROM quality.quarantine").fetchone() == (0,)
    assert build.execute("SELECT path, format, records_accepted FROM raw.file").fetchall() == [
        ("link.json", "ctgov_v2", 1)
    ]


def test_unknown_fields_are_kept_and_counted(build: duckdb.DuckDBPyConnection, landing: Path, tmp_path: Path) -> None:
    (landing / "a.json").write_bytes(b"[" + _doc(1, moodModule={"mood": "fair"}) + b"," + _doc(2) + b"]")
    report = ingest_landing(build, landing, tmp_path / "home")
    assert report.records_accepted == 2
    assert build.execute("SELECT path, registry, records, sample_value FROM quality.unknown_field").fetchall() == [
        ("protocolSection.moodModule.mood", "CTGOV", 1, "fair")
    ]
    (landing / "b.json").write_bytes(_doc(3, moodModule={"mood": "grand"}))
    ingest_landing(build, landing, tmp_path / "home", run_id="run-2", loaded_at=LOADED_AT + timedelta(days=1))
    counted = build.execute("SELECT records, first_seen_at FROM quality.unknown_field").fetchall()
    assert counted == [(2, LOADED_AT.replace(tzinfo=None))]


@pytest.mark.slow
def test_everything_in_the_shared_folder_is_accepted_or_quarantined(
    build: duckdb.DuckDBPyConnection, shared_dir: Path, tmp_path: Path
) -> None:
    report = ingest_landing(build, shared_dir / "data", tmp_path / "home")
    _conserved(build, report)
    assert report.records_accepted > 800
    repeated = ingest_landing(build, shared_dir / "data", tmp_path / "home", run_id="run-2")
    assert (repeated.files, repeated.records_seen) == (0, 0)
