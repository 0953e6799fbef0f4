"""AACT flat files that are broken: the row, the table, the archive; and what becomes of the studies around."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipelines.readers import find_raw, read_file
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.sample import make_study
from pipelines.sample.render.aact_flat import render_tables
from pipelines.settings import Limits
from tests.readers.aact_exports import LIMITS, A, B, marked, packed, protocol, small, states, table, take


@pytest.mark.parametrize(
    ("row", "code", "excerpt"),
    [
        (f"9|{A}|Cold".encode(), "malformed_table", "3 fields, the heading 4"),
        (f"9|{A}|Cold|cold|extra".encode(), "malformed_table", "5 fields"),
        (f"9|{A}|C\xf6ld|cold".encode("latin-1"), "not_utf8", "not UTF-8"),
        (f'9|{A}|"Cold|cold'.encode(), "malformed_table", "never closed"),
        (f"9|{A}|Co\0ld|cold".encode(), "malformed_table", "NUL"),
    ],
    ids=["too few fields", "too many", "cp1252", "open quotation mark", "NUL"],
)
def test_a_broken_row_is_refused_and_its_study_says_so(tmp_path: Path, row: bytes, code: str, excerpt: str) -> None:
    lines = small()["conditions"].splitlines()
    files = small(conditions=b"\n".join([*lines[:2], row, *lines[2:]]) + b"\n")
    good, (bad,) = take(tmp_path, packed(files))
    assert (bad.reason_code, bad.member, bad.position, bad.registry_id) == (code, "conditions.txt", 3, A)
    assert excerpt in bad.reason
    assert "line 3 of table conditions" in bad.reason
    assert protocol(good[A], "conditionsModule", "conditions") == ["Ache", "Cough"]
    assert protocol(good[B], "conditionsModule", "conditions") == ["Hiccup"], "the row after it is whole"
    assert marked(good[A]) == ["protocolSection.conditionsModule.conditions[]"]
    assert marked(good[B]) == []
    for record in good.values():
        assert find_raw(tmp_path / "file", record.member, record.position, LIMITS) == record.raw


def test_a_row_of_no_study_is_refused(tmp_path: Path) -> None:
    good, (bad,) = take(tmp_path, packed(small(conditions=small()["conditions"] + b"4||Cold|cold\n")))
    assert (bad.reason_code, bad.position, len(good)) == ("malformed_table", 5, 2)
    assert "nct_id" in bad.reason


def test_rows_of_studies_that_are_not_there_are_counted(tmp_path: Path) -> None:
    more = b"7|NCT00000999|Cold|cold\n8|NCT00000998|Flu|flu\n"
    good, (bad,) = take(tmp_path, packed(small(conditions=small()["conditions"] + more)))
    assert (bad.reason_code, bad.member, len(good)) == ("malformed_table", "conditions.txt", 2)
    assert "2 rows" in bad.reason
    assert "NCT00000999 in line 5" in bad.reason


def test_a_broken_row_of_studies_costs_that_study_only(tmp_path: Path) -> None:
    files = small(studies=small()["studies"].replace(b"|COMPLETED|OBSERVATIONAL|", b"|COMPLETED|"))
    good, (bad,) = take(tmp_path, packed(files))
    assert list(good) == [B]
    assert (bad.reason_code, bad.member, bad.position, bad.registry_id) == ("malformed_table", "studies.txt", 3, A)


def test_a_second_row_of_a_study_is_refused(tmp_path: Path) -> None:
    again = small()["studies"].splitlines()[1].replace(b"Second", b"Other")
    good, (bad,) = take(tmp_path, packed(small(studies=small()["studies"] + again + b"\n")))
    assert protocol(good[B], "identificationModule", "briefTitle") == "Second"
    assert (bad.reason_code, bad.position, bad.registry_id) == ("malformed_table", 4, B)
    assert "line 2 is read" in bad.reason


def test_a_table_that_ends_too_early_marks_every_record(tmp_path: Path) -> None:
    """Nobody can tell whose rows were behind the break: they lie in no order."""
    data = bytearray(packed(small()))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        place = archive.getinfo("conditions.txt").header_offset + 30 + len("conditions.txt") + 20
    data[place] ^= 0xFF
    good, (bad,) = take(tmp_path, bytes(data))
    assert (bad.member, bad.reason_code) == ("conditions.txt", "broken_member")
    assert list(good) == [A, B]


def test_a_cut_archive_says_which_tables_are_lost(tmp_path: Path) -> None:
    files = render_tables([make_study(5, index) for index in range(30)])
    order = ["studies", *(name for name in files if name != "studies")]
    data = packed({name: files[name] for name in order})
    good, bad = take(tmp_path, data[: len(data) // 2])
    assert len(good) == 30
    assert {"missing_table", "broken_zip"} <= {one.reason_code for one in bad}
    assert all(states(record, "absent") for record in good.values())


def test_a_large_table_that_breaks_gives_its_rows_before_the_break(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.landing.containers.IN_MEMORY_BYTES", 64)
    monkeypatch.setattr("pipelines.readers.IN_MEMORY_BYTES", 64)
    data = packed(small())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        crc = archive.getinfo("conditions.txt").CRC.to_bytes(4, "little")
    good, (bad,) = take(tmp_path, data.replace(crc, b"\0\0\0\0"))
    assert (bad.member, bad.reason_code) == ("conditions.txt", "broken_member")
    assert protocol(good[A], "conditionsModule", "conditions") == ["Ache", "Cough"]
    for record in good.values():
        assert marked(record) == ["protocolSection.conditionsModule.conditions[]"]


def test_a_record_above_the_limit_is_refused_and_its_neighbour_read(tmp_path: Path) -> None:
    files = small(brief_summaries=table(f"id|nct_id|description\n1|{A}|{'long ' * 400}"))
    path = tmp_path / "file"
    path.write_bytes(packed(files))
    found = [one for _, records in read_file(path, Limits(record_bytes=200)) for one in records]
    codes = [one.reason_code for one in found if isinstance(one, BadRecord)]
    assert "record_too_large" in codes
    assert len([one for one in found if isinstance(one, RawRecord)]) >= 1


@pytest.mark.parametrize("block", [64, 100, 512, 4096])
def test_a_row_without_end_is_refused_and_the_next_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr("pipelines.readers.aact_flat.rows.BLOCK_BYTES", block)
    lines = small()["conditions"].splitlines()
    lines.insert(2, f"9|{A}|{'x' * 9000}|x".encode())
    path = tmp_path / "file"
    path.write_bytes(packed(small(conditions=b"\n".join(lines) + b"\n")))
    found = [one for _, records in read_file(path, Limits(record_bytes=400)) for one in records]
    (bad,) = [one for one in found if isinstance(one, BadRecord) and one.reason_code == "record_too_large"]
    assert (bad.member, bad.position, bad.registry_id) == ("conditions.txt", 3, A)
    good = [one for one in found if isinstance(one, RawRecord)]
    assert [protocol(one, "conditionsModule", "conditions") for one in good] == [["Ache", "Cough"], ["Hiccup"]]
    assert marked(good[0]) == ["protocolSection.conditionsModule.conditions[]"]
