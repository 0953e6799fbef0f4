"""Real files, where they are at hand: every study is found, and what cannot be read is refused with its reason."""

from __future__ import annotations

import zipfile
from pathlib import Path

import orjson
import pytest

from pipelines.readers import find_raw, read_file
from tests.readers.studies import LIMITS, bad, good


def take(path: Path) -> tuple[set[str], list[bytes], list[str]]:
    """(formats, raw studies, reasons of refusal) of a file."""
    formats: set[str] = set()
    found = []
    for reader, records in read_file(path, LIMITS):
        formats |= {reader.format} if reader else set()
        found += list(records)
    return formats, good(found), [f"{record.reason_code}: {record.reason}" for record in bad(found)]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("bulk.zip", 664),
        ("versions.zip", 1213),
        ("page_with_token.json", 10),
        ("website_download_array.json", 128),
        ("some.ndjson.gz", 120),
    ],
)
def test_every_study_is_found(shared_dir: Path, name: str, count: int) -> None:
    formats, raws, refused = take(shared_dir / "data" / "ctgov_v2" / name)
    assert (formats, len(raws), refused) == ({"ctgov_v2"}, count, [])
    assert all("protocolSection" in orjson.loads(raw) for raw in raws)


def test_members_are_those_that_zipfile_reads(shared_dir: Path) -> None:
    path = shared_dir / "data" / "ctgov_v2" / "bulk.zip"
    with zipfile.ZipFile(path) as archive:
        expected = [archive.read(name).strip() for name in archive.namelist()]
        last = archive.namelist()[-1]
    assert take(path)[1] == expected
    assert find_raw(path, last, 1, LIMITS) == expected[-1]


def test_a_real_page_holds_what_a_json_parser_finds(shared_dir: Path) -> None:
    path = shared_dir / "data" / "ctgov_v2" / "page_with_token.json"
    studies = orjson.loads(path.read_bytes())["studies"]
    assert [orjson.loads(raw) for raw in take(path)[1]] == studies


def test_seed_pages_are_read(shared_dir: Path) -> None:
    for path in sorted((shared_dir / "seeds").glob("*.txt")):
        reads = [(reader and reader.format, len(list(records))) for reader, records in read_file(path, LIMITS)]
        assert reads == [("page_text", 1)]


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("schemas", "unknown_format"),
        ("dirty", "empty_file|unknown_format"),
    ],
)
def test_what_holds_no_records_is_refused(shared_dir: Path, folder: str, reason: str) -> None:
    for path in sorted((shared_dir / "data" / folder).iterdir()):
        formats, raws, refused = take(path)
        if formats:
            continue  # a reader for it has come since
        assert raws == []
        assert len(refused) == 1
        assert refused[0].split(":")[0] in reason.split("|"), path.name
