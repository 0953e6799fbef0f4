"""The known attacks, each against everything that it could hit: archives, links, entities, depth, figures, marks.

What the campaigns found beyond these is in test_found.py and test_growth.py; names of members, cuts and damage of
archives in tests/landing/test_containers.py.
"""

from __future__ import annotations

import gzip
import os
import socket
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import pytest

from pipelines.landing.catalogue import scan
from pipelines.readers import read_file
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.reasons import REASONS
from pipelines.settings import Limits
from tests.fuzz.archives import tar_of
from tests.fuzz.campaign import Run
from tests.fuzz.seeds import READER_FORMATS, members_of
from tests.fuzz.targets import read_bytes, targets
from tests.fuzz.test_found import codes
from tests.readers.studies import compact, ndjson, streamed_zip_of, study, zip_of
from tests.staging.build import empty_build, ingest_landing

pytestmark = pytest.mark.slow

BLANKS = compact(study(1)) + b" " * 30_000_000
"""A study and 30 MB of nothing: 30 kB when packed."""
JSON = ("ctgov_v2", "ctis_json", "isrctn_json", "drks_json")
XML = [name for name in READER_FORMATS if name.endswith("xml") or "xml_" in name]


def told(folder: Path, data: bytes, limits: Limits | None = None) -> list[str]:
    """What a file gives: "record", or a reason code."""
    path = folder / "file"
    path.write_bytes(data)
    found = [record for _, records in read_file(path, limits or Limits()) for record in records]
    return [record.reason_code if isinstance(record, BadRecord) else "record" for record in found]


def many(count: int) -> dict[str, bytes]:
    """Members each of which is small, and harmless alone."""
    return {f"{number}.json": compact(study(number)) + b" " * 1_000_000 for number in range(count)}


BOMBS = {
    "one member": lambda: zip_of({"a.json": BLANKS}),
    "sizes follow": lambda: streamed_zip_of({"a.json": BLANKS}),
    "gzip": lambda: gzip.compress(BLANKS, 9),
    "small members": lambda: zip_of(many(40)),
    "zip in zip": lambda: zip_of({"x.zip": zip_of(many(40))}),
    "gzip in zip": lambda: zip_of({"a.gz": gzip.compress(BLANKS, 9)}),
    "gzip in gzip": lambda: gzip.compress(gzip.compress(BLANKS, 9)),
    "many zips in zip": lambda: zip_of({f"{number}.zip": zip_of(many(4)) for number in range(12)}),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs(tmp_path: Path, bomb: str) -> None:
    """The ratio counts for a member and for the file as a whole, whatever lies in what."""
    found = told(tmp_path, BOMBS[bomb]())
    assert "compression_bomb" in found
    assert found.count("record") < 40
    found = told(tmp_path, BOMBS[bomb](), Limits(compression_ratio=10**7))
    assert "compression_bomb" not in found


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_a_file_may_decompress_to_in_all(tmp_path: Path, bomb: str) -> None:
    found = told(tmp_path, BOMBS[bomb](), Limits(compression_ratio=10**7, file_bytes=5_000_000))
    assert "archive_too_large" in found


def test_archives_in_archives_in_archives(tmp_path: Path) -> None:
    inner = zip_of({"a.json": compact(study(1))})
    for _ in range(5):
        inner = zip_of({"x.zip": inner})
    assert told(tmp_path, inner) == ["nested_archive"]


def test_an_archive_that_holds_itself_over_and_over(tmp_path: Path) -> None:
    """Directories count as well: their local headers may each claim the rest of the file."""
    one = streamed_zip_of({"a/": b"", "b.json": compact(study(1))})
    assert told(tmp_path, one[:-22] * 30).count("record") == 30


def test_many_ends_of_an_archive(tmp_path: Path) -> None:
    """Each could have a whole list of contents behind it to be looked through."""
    archive = zip_of({"a.json": compact(study(1))})
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(archive), 0, 0)
    assert told(tmp_path, archive + end * 2000) == ["record", "broken_zip"]
    assert told(tmp_path, b"PK\x03\x04" + b"PK\x05\x06\xff" * 2000) == ["broken_zip"]


def test_nothing_is_unpacked_anywhere(tmp_path: Path) -> None:
    names = ("../../up.json", "/absolute.json", "a/../../b.json", "C:\\c.json", "..\\d.json", "~/e.json")
    before = sorted(tmp_path.parent.rglob("*"))
    found = told(tmp_path, zip_of({name: compact(study(number)) for number, name in enumerate(names, 1)}))
    assert found == ["record"] * len(names)
    assert sorted(tmp_path.parent.rglob("*")) == sorted([*before, tmp_path / "file"])


@pytest.mark.parametrize("packed", [False, True])
def test_a_tar_with_links_is_not_opened(tmp_path: Path, packed: bool) -> None:
    tar = tar_of({"a.json": compact(study(1))}, {"passwd": "/etc/passwd", "up": "../../x"})
    assert told(tmp_path, gzip.compress(tar) if packed else tar) == ["unknown_format"]


def test_what_is_no_file_in_landing(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    landing.mkdir()
    os.mkfifo(landing / "pipe.json")
    (landing / "device.json").symlink_to("/dev/zero")
    (landing / "loop").symlink_to(landing)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(landing / "socket.json"))
        found = scan(landing)
    assert {bad.relative_path: bad.reason_code for bad in found.bad} == {
        "pipe.json": "not_a_file",
        "device.json": "symlink",
        "loop": "symlink",
        "socket.json": "not_a_file",
    }
    assert not found.files


LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
ENTITIES = {
    "laughs": '<!DOCTYPE x [<!ENTITY a "lol">' + LAUGHS + "]>",
    "quadratic": '<!DOCTYPE x [<!ENTITY i "' + "a" * 30_000 + '">]>',
    "file": '<!DOCTYPE x [<!ENTITY i SYSTEM "file://{secret}">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file://{secret}"> %p; <!ENTITY i "x">]>',
    "network": '<!DOCTYPE x [<!ENTITY i SYSTEM "http://127.0.0.1:9/x">]>',
}  # fmt: skip


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("attack", ENTITIES)
def test_entities(tmp_path: Path, name: str, attack: str) -> None:
    """Neither expanded nor fetched: whatever is read, nothing of the other file is in it."""
    secret = tmp_path / "secret"
    secret.write_text("TOP SECRET")
    data = members_of(name)[0]
    end = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    prolog = ENTITIES[attack].replace("{secret}", str(secret)).encode()
    text = data[end:].replace(b"</", b" &i;</", 400)
    found = read_bytes(data[:end] + prolog + text)
    assert found
    for _, record in found:
        assert b"SECRET" not in orjson.dumps(record.study if isinstance(record, RawRecord) else record.reason)
        assert isinstance(record, BadRecord)
        assert record.reason_code in ("xml_entity", "malformed_xml", "unknown_format")


def with_value(name: str, raw: bytes) -> bytes:
    """A good record with one more name, whose value stands as it is given; as the one record of the member."""
    document = orjson.loads(members_of(name)[0])
    record = document[0] if isinstance(document, list) else document
    record = record["studies"][0] if "studies" in record else record
    return orjson.dumps(record)[:-1] + b',"briefNote":' + raw + b"}"


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep"),
        (b'{"a":1,"a":2}', "duplicate_key"),
        (b"NaN", "malformed_json"),
        (b"-Infinity", "malformed_json"),
        (b"1e999", "malformed_json"),
        (b'"\\ud800"', "malformed_json"),
        ("\ud800".encode("utf-8", "surrogatepass").join((b'"', b'"')), "not_utf8"),
        (b'"\0"', "malformed_json"),
    ],
)
def test_values_that_no_record_may_have(name: str, raw: bytes, code: str) -> None:
    assert codes(with_value(name, raw)) == [code]


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize(
    "raw",
    [
        b'"\\u0000"',
        '"\u202egnp.exe\u202c \u200f\u2066"'.encode(),
        b'"' + b"A" * 1_000_000 + b'"',
        b'"' + "e\u0301".encode() * 100_000 + b'"',
        b"9" * 300,
        b"\"=cmd|' /C calc'!A0\"",
    ],
    ids=["nul", "right to left", "megabyte", "combining", "digits", "formula"],
)
def test_values_that_are_odd_and_kept(name: str, raw: bytes) -> None:
    """They harm nobody here; what they could do elsewhere is escaped where they go there."""
    assert codes(with_value(name, raw)) == ["accepted"]


def test_marks_and_tokens_come_through_as_they_are() -> None:
    title = "a\u202egnp.exe\u202c\u0000b" + "x" * 1_000_000
    ((_, found),) = read_bytes(compact(study(1, identificationModule={"nctId": "NCT00000001", "briefTitle": title})))
    assert isinstance(found, RawRecord)
    assert orjson.loads(found.raw)["protocolSection"]["identificationModule"]["briefTitle"] == title


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """A landing folder of every target's inputs, among good files."""
    yield "good.ndjson", ndjson([compact(study(number)) for number in range(1001, 1030)])
    for name, target in targets().items():
        if target.together:
            run = Run(target, 4)
            for number in range(3 if name == "aact_flat" else 8):
                yield f"{name}/{number}.bin", run.made(number)
    for name, bomb in BOMBS.items():
        yield f"bombs/{name}.zip", bomb()


def test_a_landing_folder_full_of_it(tmp_path: Path) -> None:
    """Through the real intake into a real build: every file is there, its sum holds, its reasons are known, the good
    records are accepted."""
    landing = tmp_path / "landing"
    files = dict(hostile_files())
    for name, data in files.items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    os.mkfifo(landing / "pipe")
    (landing / "link").symlink_to("/etc/passwd")
    with empty_build(tmp_path / "build.duckdb") as connection:
        report = ingest_landing(connection, landing, tmp_path / "home")
        assert report.records_seen == report.records_accepted + report.records_unchanged + report.records_quarantined
        rows = connection.execute(
            "SELECT path, records_seen, records_accepted, records_unchanged, records_quarantined FROM raw.file"
        ).fetchall()
        assert len(rows) == report.files
        assert all(seen == sum(parts) for _, seen, *parts in rows)
        assert ("good.ndjson", 29, 29, 0, 0) in rows
        assert {path for path, *_ in rows} <= {*files, "pipe", "link"}
        told_of = connection.execute(
            "SELECT path, reason_code, count(*) FROM quality.quarantine GROUP BY ALL"
        ).fetchall()
        assert {code for _, code, _ in told_of} <= set(REASONS) - {"reader_failed"}
        assert len({code for _, code, _ in told_of}) > 12
        assert _by_path(told_of) == {path: bad for path, _, _, _, bad in rows if bad}


def _by_path(rows: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for path, _, count in rows:
        found[path] = found.get(path, 0) + count
    return found
