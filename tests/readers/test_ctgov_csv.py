"""ClinicalTrials.gov's CSV download as a table: its rows, the forms it comes in, each kind of damage."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.landing.member import Member
from pipelines.readers import find_raw, read_file, recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.ctgov_csv import ALL_COLUMNS, READER
from pipelines.settings import Limits
from tests.readers.ctgov_csv_tables import LIMITS, protocol, states, table, take

ROWS = (
    ("NCT00000001", "One", "COMPLETED", "2020-03-01"),
    ("NCT00000002", 'Two, "quoted"\nline', "RECRUITING", "2021-05"),
    ("NCT00000003", "Thrée", "TERMINATED", ""),
)
NAMES = ("NCT Number", "Study Title", "Study Status", "Start Date")


def test_every_row_is_a_record_with_its_bytes_and_line(tmp_path: Path) -> None:
    data = table(NAMES, *ROWS)
    path = tmp_path / "ctg-studies.csv"
    path.write_bytes(data)
    ((reader, records),) = read_file(path, LIMITS)
    found = list(records)
    assert reader is READER
    assert [record.position for record in found] == [2, 3, 5]
    assert all(isinstance(record, RawRecord) and record.raw in data for record in found)
    assert find_raw(path, None, 3, LIMITS) == b'NCT00000002,"Two, ""quoted""\nline",RECRUITING,2021-05'


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + table(NAMES, *ROWS),
        table(NAMES, *ROWS, delimiter=";"),
        b"sep=;\r\n" + table(NAMES, *ROWS, delimiter=";"),
        table(NAMES, *ROWS, delimiter="\t"),
        table(NAMES, *ROWS, delimiter="\t").decode().encode("utf-16"),
        table(NAMES, *ROWS).decode().encode("utf-16"),
        table(NAMES, *ROWS).decode().encode("cp1252"),
    ],
    ids=["byte order mark", "semicolons", "sep line", "tabs", "Excel's Unicode text", "UTF-16", "cp1252"],
)
def test_what_spreadsheets_make_of_it(data: bytes) -> None:
    assert recognise(data) is READER
    found = [record.study for record in take(data) if isinstance(record, RawRecord)]
    assert [study and protocol(study, "identificationModule", "briefTitle") for study in found] == [
        row[1] for row in ROWS
    ]
    recoded = [study for study in found if ("registrySection", "inferred") in states(study or {})]
    assert len(recoded) == (1 if b"\xe9e" in data and not data.startswith(b"\xff\xfe") else 0)


@pytest.mark.parametrize(
    "names",
    [
        ("NCT.Number", "Study.Title", "Study.Status", "Start.Date"),
        ("nct_number", "study_title", "study_status", "start_date"),
        ("NCT NUMBER", "STUDY TITLE", "STUDY STATUS", "START DATE"),
        ("NCT\xa0Number", " Study  Title ", "Study\xa0Status", "Start Date"),
    ],
    ids=["R", "snake case", "capitals", "blanks"],
)
def test_columns_are_known_whatever_a_program_made_of_their_names(names: Sequence[str]) -> None:
    """R's data frames alone made files that were refused, though nothing had to be guessed; ICTRP's were read."""
    assert recognise(table(names, *ROWS)) is READER
    found = take(table(names, *ROWS))
    assert [record.study for record in found if isinstance(record, RawRecord)] == [
        record.study for record in take(table(NAMES, *ROWS)) if isinstance(record, RawRecord)
    ]


def test_a_second_column_of_nearly_the_same_name_is_another_one() -> None:
    (record,) = take(table([*NAMES, "start_date"], [*ROWS[0], "2019"]))
    assert isinstance(record, RawRecord)
    assert protocol(record.study or {}, "statusModule", "startDateStruct") == {"date": "2020-03-01"}
    assert (record.study or {})["ctgov_csv:start_date"] == "2019"


def test_line_ends_within_cells_do_not_change_the_record() -> None:
    """The same rows, saved on Windows, were versions of their own: their summaries had other line ends."""
    names, row = ("NCT Number", "Brief Summary"), ("NCT00000001", "One.\n\nTwo.")
    (record,) = take(table(names, row))
    (saved,) = take(table(names, (row[0], row[1].replace("\n", "\r\n"))))
    assert isinstance(record, RawRecord)
    assert isinstance(saved, RawRecord)
    assert saved.study == record.study


def test_the_classic_tab_separated_download_has_quotation_marks_in_its_text() -> None:
    documents = '"Study Protocol", https://ClinicalTrials.gov/ProvidedDocs/01/NCT00000001/Prot_000.pdf'
    data = f"Rank\tNCT Number\tTitle\tStudy Documents\n1\tNCT00000001\tOne\t{documents}\n".encode()
    (record,) = take(data)
    assert isinstance(record, RawRecord)
    assert (record.study or {})["documentSection"]["largeDocumentModule"]["largeDocs"][0]["label"] == "Study Protocol"


def test_later_pages_of_the_api_have_no_heading() -> None:
    cells = dict.fromkeys(ALL_COLUMNS, "")
    cells |= {"NCT Number": "NCT00000001", "Study URL": "https://clinicaltrials.gov/study/NCT00000001"}
    cells |= {"Study Title": "One", "Study Results": "NO", "Sponsor": "A"}
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(cells.values()), list(cells.values())])
    data = text.getvalue().encode()
    assert recognise(data) is READER
    found = take(data)
    assert [record.position for record in found] == [1, 2]
    assert all(isinstance(r, RawRecord) and r.study and r.study["hasResults"] is False for r in found)


# Damage


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("NCT Numbers", "Study Title", "Study Status", "Start Date"), "did you mean 'NCT Numbers'?"),
        (("Study Title", "Study Status", "Start Date"), "'NCT Number' is missing; "),
    ],
    ids=["renamed", "left out"],
)
def test_without_the_id_column_the_file_is_refused(names: Sequence[str], says: str) -> None:
    data = table(names, ["NCT00000001", "One", "COMPLETED", ""][: len(names)])
    assert recognise(data) is READER
    (record,) = take(data)
    assert isinstance(record, BadRecord)
    assert (record.reason_code, record.position) == ("missing_column", None)
    assert says in record.reason


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (b"NCT00000009,Nine,COMPLETED\r\n", "malformed_table"),
        (b"NCT00000009,Nine,COMPLETED,2020,more\r\n", "malformed_table"),
        (b'NCT00000009,"Nine,COMPLETED,2020\r\n', "malformed_table"),
        (b'NCT00000009,"Ni"ne",COMPLETED,2020\r\n', "malformed_table"),
        (b'NCT00000009,"Ni\r\nn"e,COMPLETED,2020\r\n', "malformed_table"),
        (b"NCT00000009,Ni\0ne,COMPLETED,2020\r\n", "malformed_table"),
        (b"NCT00000009,Ni\xffne,COMPLETED,2020\r\n", "not_utf8"),
    ],
    ids=["too few", "too many", "open quote", "quote within", "quote within lines", "NUL", "bytes"],
)
def test_a_broken_row_is_refused_and_its_neighbours_are_read(broken: bytes, code: str) -> None:
    lines = table(NAMES, *ROWS).splitlines(keepends=True)
    data = b"".join([*lines[:2], broken, *lines[2:]])
    found = take(data)
    assert [record.raw[:11] for record in found if isinstance(record, RawRecord)] == [
        b"NCT00000001",
        b"NCT00000002",
        b"NCT00000003",
    ]
    (bad,) = [record for record in found if isinstance(record, BadRecord)]
    assert (bad.reason_code, bad.position) == (code, 3)
    assert "line 3" in bad.reason


def test_files_put_one_behind_the_other() -> None:
    again = table(NAMES, ROWS[2])
    assert [type(record) for record in take(table(NAMES, *ROWS[:2]) + again)] == [RawRecord] * 3
    other = table([NAMES[0], NAMES[2], NAMES[1], NAMES[3]], ROWS[2])
    *good, bad = take(table(NAMES, *ROWS[:2]) + other)
    assert [type(record) for record in good] == [RawRecord] * 2
    assert isinstance(bad, BadRecord)
    assert bad.reason_code == "malformed_table"
    assert "second heading" in bad.reason


def test_a_download_that_stopped_loses_its_last_row_only() -> None:
    data = table(NAMES, *ROWS)
    found = take(data[: data.rindex(b"TERM")])
    assert [type(record) for record in found] == [RawRecord, RawRecord, BadRecord]


def test_a_huge_row_is_refused() -> None:
    limits = Limits(record_bytes=40_000)
    data = table(NAMES, ["NCT00000008", "x" * 20_000, "COMPLETED", ""], *ROWS)
    found = list(READER.read(Member.of_bytes(None, data), limits))
    assert [getattr(record, "reason_code", None) for record in found] == ["record_too_large", None, None, None]


def test_a_heading_alone_and_a_row_without_an_id() -> None:
    assert take(table(NAMES)) == []
    (record,) = take(table(NAMES, ["", "No id", "COMPLETED", ""]))
    assert isinstance(record, RawRecord)
    assert "identificationModule" in (record.study or {})["protocolSection"]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"NCT Number\nNCT00000001\n",
        b"nct_id|study_type|start_date|acronym|enrollment\nNCT00000001|x|y|z|1\n",
        b"TrialID,Last Refreshed on,Public title,Acronym,Study type,Phase\nNCT00000001,a,b,c,d,e\n",
        b'"NCT00000001","3 February 2020","Title"\n',
        b'{"protocolSection":{}}',
        b"<clinical_study></clinical_study>",
        b"name,city,country\na,b,c\n",
    ],
    ids=["nothing", "ids only", "AACT", "ICTRP", "ICTRP without heading", "JSON", "XML", "any table"],
)
def test_other_contents_are_not_recognised(head: bytes) -> None:
    assert not READER.recognise(head)


# Real files


@pytest.mark.parametrize(
    ("name", "count"), [("classic_columns.csv", 100), ("current_columns_a.csv", 682), ("current_columns_b.csv", 839)]
)
def test_real_downloads_are_read_whole(shared_dir: Path, name: str, count: int) -> None:
    path = shared_dir / "data" / "ctgov_csv" / name
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ((reader, records),) = read_file(path, LIMITS)
    found = list(records)
    assert reader is READER
    assert len(found) == len(rows) == count
    for record, row in zip(found, rows, strict=True):
        assert isinstance(record, RawRecord), record
        study = record.study or {}
        assert not [key for key in study if ":" in key]
        assert row["NCT Number"].encode() in record.raw
        assert protocol(study, "identificationModule", "nctId") == row["NCT Number"]
        assert protocol(study, "conditionsModule", "conditions") == row["Conditions"].split("|")
        dates = [value for key, value in protocol(study, "statusModule").items() if key.endswith("DateStruct")]
        assert all(len(one["date"]) in (7, 10) for one in dates)
        assert len(dates) == sum(bool(value) for key, value in row.items() if "Date" in key or "Posted" in key)
        sites = study["protocolSection"].get("contactsLocationsModule", {}).get("locations", [])
        assert len(sites) == (row.get("Locations") or "").count("|") + bool(row.get("Locations"))
        assert not [state for state in states(study) if state[1] == "damaged"]
