"""AACT flat files: many tables that make one record, and every way in which they can be incomplete."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.landing.member import Member
from pipelines.readers import READERS, find_raw, read_file, read_member, recognise
from pipelines.readers.aact_flat import READER, reader, store
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.sample import make_study
from pipelines.sample.render.aact_flat import render_file
from pipelines.sample.render.aact_flat_tables import COLUMNS
from tests.readers.aact_exports import LIMITS, A, B, Files, packed, protocol, small, states, table, take

# recognising


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_every_table_is_recognised_by_its_heading(name: str) -> None:
    heading = "|".join(COLUMNS[name]).encode()
    for head in (heading, heading + b"\n1|2", b"\xef\xbb\xbf" + heading + b"\r\n", heading.replace(b"|", b",") + b"\n"):
        assert [one.format for one in READERS if one.recognise(head)] == ["aact_flat"]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"nct_id|x|y\nNCT00000001|1|2\n",
        b"id|name|title\n1|2|3\n",
        b"NCT Number|Title|Status\n",
        b"id|nct_id|name|name\n",
        b"id|nct_id|N\xc3\xa4me\n",
        b'{"id": 1, "nct_id": 2, "x": 3}',
        b"id,nct_id\n1,2\n",
    ],
)
def test_other_headings_are_not(head: bytes) -> None:
    assert recognise(head) is not READER


# the archive


@pytest.mark.parametrize(
    "pack",
    [
        packed,
        lambda files: packed(files, "20260703_export/"),
        lambda files: packed({"readme": b"about these tables\n"} | files, "a/b/"),
        lambda files: packed({name: content.replace(b"\n", b"\r\n") for name, content in files.items()}),
        lambda files: packed({name: b"\xef\xbb\xbf" + content for name, content in files.items()}),
        lambda files: packed(dict(reversed(files.items()))),
        lambda files: packed({f"{name}.txt": gzip.compress(content) for name, content in files.items()}),
        lambda files: packed({"inner": packed(files, "export/")}),
    ],
    ids=["top", "folder", "with other files", "CRLF", "BOM", "reversed", "gzip", "nested archive"],
)
def test_many_tables_make_one_record(tmp_path: Path, pack: Callable[[Files], bytes]) -> None:
    good, _ = take(tmp_path, pack(small()))
    assert list(good) == [A, B], "in the order of their ids"
    assert protocol(good[A], "conditionsModule", "conditions") == ["Ache", "Cough"], "in AACT's order, not the file's"
    assert protocol(good[B], "conditionsModule", "conditions") == ["Hiccup"]
    assert protocol(good[B], "sponsorCollaboratorsModule", "leadSponsor", "name") == 'A|B "One" Institute'
    path = tmp_path / "file"
    for record in good.values():
        assert find_raw(path, record.member, record.position, LIMITS) == record.raw


def test_raw_bytes_are_the_rows_as_they_stand(tmp_path: Path) -> None:
    good, _ = take(tmp_path, packed(small(mesh_terms=b"id|qualifier|tree_number|description|mesh_term\n1|||x|y\n")))
    assert good[A].raw.decode() == (
        f"studies.txt\n{A}|First|COMPLETED|OBSERVATIONAL||2020-05-31|2020-05-31\n"
        f"conditions.txt\n3|{A}|Cough|cough\n2|{A}|Ache|ache\n"
        f"sponsors.txt\n1|{A}|INDUSTRY|lead|Acme\n"
    )
    assert (good[A].member, good[A].position) == ("studies.txt", 3)
    with pytest.raises(LookupError):
        find_raw(tmp_path / "file", "studies.txt", 4, LIMITS)


def test_two_folders_are_two_exports(tmp_path: Path) -> None:
    other = {name: content.replace(b"NCT000001", b"NCT000002") for name, content in small().items()}
    data = io.BytesIO(packed(small(), "one/"))
    with zipfile.ZipFile(data, "a") as archive:
        for name, content in other.items():
            archive.writestr(f"two/{name}.txt", content)
    good, bad = take(tmp_path, data.getvalue())
    assert [record.member for record in good.values()] == ["one/studies.txt"] * 2 + ["two/studies.txt"] * 2
    assert bad == []


@pytest.mark.parametrize("name", ["conditions", "studies", "calculated_values"])
def test_a_table_alone_is_refused_and_says_what_is_missing(tmp_path: Path, name: str) -> None:
    content = small().get(name, b"id|nct_id|number_of_facilities\n1|NCT00000101|3\n")
    for data, member in ((content, None), (packed({name: content}), f"{name}.txt")):
        good, (bad,) = take(tmp_path, data)
        assert (good, bad.reason_code, bad.member, bad.position) == ({}, "missing_table", member, None)
        assert ("all but studies" if name == "studies" else "missing: studies") in bad.reason
        assert "whole archive" in bad.reason


def test_a_member_read_for_itself_is_a_table_alone() -> None:
    ((found, records),) = read_member(Member.of_bytes("sponsors.txt", small()["sponsors"]), LIMITS)
    assert found is None or found is READER
    assert [one.reason_code for one in records if isinstance(one, BadRecord)] == ["missing_table"]


def test_tables_without_studies_are_refused(tmp_path: Path) -> None:
    files = small()
    del files["studies"]
    good, (bad,) = take(tmp_path, packed(files, "export/"))
    assert (good, bad.reason_code, bad.member) == ({}, "missing_table", "export")
    assert "2 tables" in bad.reason


def test_missing_tables_are_named_and_every_record_says_so(tmp_path: Path) -> None:
    heading, *rows = small()["studies"].splitlines()
    ends = [b"|2021-02-03", b"|"]
    studies = [heading + b"|results_first_posted_date", *(row + end for row, end in zip(rows, ends, strict=True))]
    path = tmp_path / "file"
    path.write_bytes(packed(small(studies=b"\n".join(studies) + b"\n")))
    bad, without, with_results = [record for _, found in read_file(path, LIMITS) for record in found]
    assert isinstance(bad, BadRecord)
    assert isinstance(without, RawRecord)
    assert isinstance(with_results, RawRecord)
    named = set(re.findall(r"\w+", bad.reason))
    assert bad.reason_code == "missing_table"
    assert "keywords" in named
    assert not named & {"conditions", "sponsors", "retractions"}
    absent = {one["label"] for one in states(with_results, "absent")}
    assert {"keywords", "eligibilities", "outcomes"} <= absent
    assert not absent & {"conditions", "sponsors", "retractions", "documents"}
    absent = {one["label"] for one in states(without, "absent")}
    assert "keywords" in absent
    assert "outcomes" not in absent, "a study without results lacks nothing by that"


def test_a_whole_export_lacks_nothing(tmp_path: Path) -> None:
    good, bad = take(tmp_path, render_file([make_study(5, index) for index in range(20)]))
    assert (len(good), bad) == (20, [])
    assert not [one for record in good.values() for one in states(record, "absent") + states(record, "damaged")]


def test_a_second_file_of_a_table_is_refused(tmp_path: Path) -> None:
    files = small() | {"conditions.old": table(f"id|nct_id|name|downcase_name\n9|{A}|Other|other")}
    good, (bad,) = take(tmp_path, packed(files))
    assert (bad.reason_code, bad.member) == ("malformed_table", "conditions.old.txt")
    assert protocol(good[A], "conditionsModule", "conditions") == ["Ache", "Cough"]


# scratch


@pytest.mark.parametrize("way", ["read to the end", "given up", "thrown into"])
def test_scratch_is_gone_however_reading_ends(tmp_path: Path, way: str) -> None:
    path, scratch = tmp_path / "file", tmp_path / "scratch"
    path.write_bytes(packed(small()))
    ((_, records),) = read_file(path, LIMITS, scratch)
    while not isinstance(next(records), RawRecord):
        pass
    assert len(list(scratch.iterdir())) == 1
    if way == "read to the end":
        assert len(list(records)) == 1
    elif way == "given up":
        records.close()  # type: ignore[attr-defined]
    else:
        with pytest.raises(KeyboardInterrupt):
            records.throw(KeyboardInterrupt())  # type: ignore[attr-defined]
    assert list(scratch.iterdir()) == []


def test_many_small_batches_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = render_file([make_study(5, index) for index in range(12)])
    whole, _ = take(tmp_path, data)
    monkeypatch.setattr(store, "BATCH_BYTES", 2_000)
    monkeypatch.setattr(store, "_FETCHED_ROWS", 7)
    monkeypatch.setattr("pipelines.readers.aact_flat.rows.BLOCK_BYTES", 512)
    pieces, _ = take(tmp_path, data)
    assert {key: (one.raw, one.study) for key, one in pieces.items()} == {
        key: (one.raw, one.study) for key, one in whole.items()
    }


def test_scratch_folders_are_not_made_for_what_is_refused(tmp_path: Path) -> None:
    member = Member.of_bytes("studies.txt", small()["studies"])
    assert len(list(reader.read_archive([member], LIMITS, tmp_path / "scratch"))) == 1
    assert not (tmp_path / "scratch").exists()
