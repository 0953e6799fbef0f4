"""From any file to its records: who reads what, what nobody reads, and the way back to the raw bytes."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.landing.containers import open_members
from pipelines.landing.member import Member
from pipelines.readers import READERS, find_raw, format_guess, read_file, read_member, recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.settings import Limits
from tests.readers.studies import (
    CONTAINERS,
    LIMITS,
    SHAPES,
    as_array,
    as_page,
    bad,
    compact,
    good,
    ndjson,
    pretty,
    records,
    streamed_zip_of,
    study,
    zip_of,
)

RAWS = [compact(study(number)) for number in range(1, 6)]


def the_bad(found: list[RawRecord | BadRecord]) -> BadRecord:
    (record,) = found
    assert isinstance(record, BadRecord)
    return record


def test_readers_have_names_of_their_own() -> None:
    assert len({reader.format for reader in READERS}) == len(READERS)


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\0" * 5000], ids=repr)
@pytest.mark.parametrize("container", ["plain", "gzip", "zip"])
def test_nothing_in_it(tmp_path: Path, data: bytes, container: str) -> None:
    found = the_bad(records(tmp_path / "f", CONTAINERS[container](data)))
    assert (found.reason_code, found.position) == ("empty_file", None)
    assert found.member == ("35/file.json" if container == "zip" else None)


@pytest.mark.parametrize(
    ("data", "guess"),
    [
        (
            b"<?xml version='1.0'?>\n<!-- x --><PubmedArticleSet rank='1'><a/></PubmedArticleSet>",
            "root element <PubmedArticleSet>",
        ),
        (b"\xef\xbb\xbf<Trials_downloaded><Trial/>", "root element <Trials_downloaded>"),
        (b"<!DOCTYPE html>\n<html><body>", "an HTML page"),
        (b"\n<html lang='en'>", "an HTML page"),
        (b'"Rank","Number","Name"\n1,"NCT00000001","x"\n', 'CSV of 3 columns, the first being "Rank"'),
        (b"a;b;c;d\n1;2;3;4\n", "CSV with semicolons of 4 columns"),
        (b"nct_id\tx\ty\nNCT00000001\t1\t2\n", "tab-separated text of 3 columns"),
        (b"nct_id|x|y\nNCT00000001|1|2\n", "text with | between fields of 3 columns"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Office document"),
        (b"x" * 257 + b"ustar\x0000" + bytes(300), "a tar archive"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a 7-Zip archive"),
        (b"SQLite format 3\0" + bytes(100), "a SQLite database"),
        (b'{"drksId": "DRKS00000001"}', "German register"),
        (b'{"FieldValuesResponse": {"FieldValues": []}}', "ended in 2024, without studies"),
        (b'{"changes": [{"version": 0, "moduleLabels": []}]}', "the list of a study's versions"),
        (b'{"data": {"items": [{"protocolSection": {}}]}}', "API v2 inside something else"),
        (b"TY  - DBASE\nID  - NCT90000001\nER  - \n", "a RIS file"),
        (b'NCT90000001,"Tea, hot",https://clinicaltrials.gov/study/NCT90000001,x\n', "CSV without their heading"),
        (b'APIVrs: 1.01.03\nDataVrs: x\n\n"Rank","NCTId"\n1,NCT90000001\n', "above its heading"),
        (b'{"id": 1}', 'other JSON, whose first name is "id"'),
        (b"[1, 2, 3]", "JSON that holds no objects"),
        (b"[]", "JSON without records"),
        (bytes(range(256)) * 4, "binary data"),
        (b"Just some words.\nAnd more, of them.\n", "plain text"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_no_reader_knows_is_named(tmp_path: Path, data: bytes, guess: str) -> None:
    assert recognise(data) is None
    found = the_bad(records(tmp_path / "f", data))
    assert found.reason_code == "unknown_format"
    assert guess in found.reason
    assert guess in format_guess(data)
    assert found.excerpt or not data.strip()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_without_a_mark_is_refused(tmp_path: Path, encoding: str) -> None:
    found = the_bad(records(tmp_path / "f", RAWS[0].decode().encode(encoding)))
    assert found.reason_code == "not_utf8"
    assert "save it as UTF-8" in found.reason


def test_members_of_a_zip_are_each_read_for_themselves(tmp_path: Path) -> None:
    members = {
        "1.json": RAWS[0],
        "2.txt": b"hello there",
        "3.ndjson": ndjson(RAWS[1:3]),
        "4.json": b"",
        "5.json": as_page(RAWS[3:]),
        "6.json": RAWS[0][:-40],
    }
    path = tmp_path / "f"
    path.write_bytes(zip_of(members))
    found = [(reader and reader.format, list(inner)) for reader, inner in read_file(path, LIMITS)]
    assert [name for name, _ in found] == ["ctgov_v2", None, "ctgov_v2", None, "ctgov_v2", "ctgov_v2"]
    everything = [record for _, inner in found for record in inner]
    assert good(everything) == RAWS
    assert [(record.member, record.reason_code) for record in bad(everything)] == [
        ("2.txt", "unknown_format"),
        ("4.json", "empty_file"),
        ("6.json", "truncated_json"),
    ]


def test_a_broken_member_is_one_bad_record(tmp_path: Path) -> None:
    data = zip_of({f"{number}.json": raw for number, raw in enumerate(RAWS)})
    place = data.index(b"2.json") + 60
    found = records(tmp_path / "f", data[:place] + b"\xff" * 20 + data[place + 20 :])
    assert good(found) == [*RAWS[:2], *RAWS[3:]]
    assert [(record.member, record.reason_code) for record in bad(found)] == [("2.json", "broken_member")]


@pytest.mark.parametrize("packer", [zip_of, streamed_zip_of], ids=["sizes first", "sizes after"])
def test_a_download_that_stopped(tmp_path: Path, packer: object) -> None:
    raws = [compact(study(number)) for number in range(100)]
    data = packer({f"{number:02d}/NCT{number:08d}.json": raw for number, raw in enumerate(raws)})  # type: ignore[operator]
    for cut in range(len(data) // 5, len(data), len(data) // 5 + 7):
        found = records(tmp_path / "f", data[:cut])
        kept = good(found)
        assert kept == raws[: len(kept)]
        told = [record.reason_code for record in bad(found)]
        assert told in (["truncated_member", "broken_zip"], ["broken_zip"])
        assert "fetch the archive again" in bad(found)[-1].reason


def test_a_large_member_cut_in_the_middle_keeps_its_first_records(tmp_path: Path) -> None:
    raws = [compact(study(number)) for number in range(500)]
    data = zip_of({"all.ndjson": ndjson(raws)})
    found = records(tmp_path / "f", data[: len(data) // 2])
    kept = good(found)
    assert 50 < len(kept) < 500
    assert kept == raws[: len(kept)]
    assert [(record.position, record.reason_code) for record in bad(found)] == [
        (len(kept) + 1, "truncated_member"),
        (None, "broken_zip"),
    ]


def test_archives_too_deep_in_each_other(tmp_path: Path) -> None:
    found = the_bad(records(tmp_path / "f", zip_of({"a.zip": zip_of({"b.zip": zip_of({"c.json": RAWS[0]})})})))
    assert (found.member, found.reason_code) == ("a.zip!/b.zip", "nested_archive")


def test_members_are_read_in_any_thread(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(zip_of({f"{number}.json": raw for number, raw in enumerate(RAWS)}))

    def take(member: Member | BadRecord) -> list[bytes]:
        assert isinstance(member, Member)
        return [raw for _, inner in read_member(member, LIMITS) for raw in good(inner)]

    with ThreadPoolExecutor(3) as pool:
        assert [raw for raws in pool.map(take, open_members(path, LIMITS)) for raw in raws] == RAWS


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_way_back_to_the_raw_bytes(tmp_path: Path, container: str, shape: str) -> None:
    raws = [pretty(study(number)) for number in range(3)]
    path = tmp_path / "f"
    path.write_bytes(CONTAINERS[container](SHAPES[shape](raws)))
    for _, inner in read_file(path, LIMITS):
        for record in inner:
            assert isinstance(record, RawRecord)
            assert find_raw(path, record.member, record.position, LIMITS) == record.raw == raws[record.position - 1]


def test_the_way_back_past_bad_pieces_and_equal_names(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(as_array([RAWS[0], b"17", RAWS[1][:-1], RAWS[2]]))
    assert find_raw(path, None, 4, LIMITS) == RAWS[2]
    for position in (2, 5):
        with pytest.raises(LookupError, match=f"no record at position {position}"):
            find_raw(path, None, position, LIMITS)
    path.write_bytes(zip_of({"a.json": RAWS[0], "b.json.gz": gzip.compress(RAWS[1])}))
    assert find_raw(path, "b.json.gz", 1, LIMITS) == RAWS[1]
    with pytest.raises(LookupError, match=r"member 'c\.json'"):
        find_raw(path, "c.json", 1, LIMITS)


def test_too_large_a_record_in_a_zip(tmp_path: Path) -> None:
    found = records(tmp_path / "f", zip_of({"1.json": RAWS[0], "2.json": RAWS[1] + b" " * 5}), Limits(record_bytes=100))
    assert [(record.member, record.reason_code) for record in bad(found)] == [
        ("1.json", "record_too_large"),
        ("2.json", "record_too_large"),
    ]
