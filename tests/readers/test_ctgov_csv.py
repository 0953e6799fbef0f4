"""ClinicalTrials.gov's CSV download: what each column means, what is never guessed, each kind of damage."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.landing.member import Member
from pipelines.readers import find_raw, read_file, recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.ctgov_csv import ALL_COLUMNS, READER
from pipelines.settings import Limits

LIMITS = Limits()


def table(names: Sequence[str], *rows: Sequence[str], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([names, *rows])
    return text.getvalue().encode()


def take(data: bytes) -> list[RawRecord | BadRecord]:
    return list(READER.read(Member.of_bytes("m.csv", data), LIMITS))


def study_of(**cells: str) -> dict[str, Any]:
    """The study of a row with these cells; `_` in a name stands for a blank."""
    names = [name.replace("_", " ") for name in cells]
    (record,) = take(table(["NCT Number", *names], ["NCT01234567", *cells.values()]))
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    return record.study


def protocol(study: dict[str, Any], *names: str) -> Any:
    found: Any = study["protocolSection"]
    for name in names:
        found = found[name]
    return found


def states(study: dict[str, Any]) -> list[tuple[str, str]]:
    found = study.get("registrySection", {}).get("fieldStates", [])
    return [(one["field"].rpartition(".")[2], one["state"]) for one in found]


def kept(study: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["place"], one["value"]) for one in study.get("registrySection", {}).get("sourceFields", [])]


ROWS = (
    ("NCT00000001", "One", "COMPLETED", "2020-03-01"),
    ("NCT00000002", 'Two, "quoted"\nline', "RECRUITING", "2021-05"),
    ("NCT00000003", "Thrée", "TERMINATED", ""),
)
NAMES = ("NCT Number", "Study Title", "Study Status", "Start Date")


# What columns mean


def test_interventions_are_cut_only_where_a_type_stands_behind_the_bar() -> None:
    study = study_of(Interventions="DRUG: A|B 5: mg|DIETARY_SUPPLEMENT: C|OTHER: Drug: D")
    assert protocol(study, "armsInterventionsModule", "interventions") == [
        {"type": "DRUG", "name": "A|B 5: mg"},
        {"type": "DIETARY_SUPPLEMENT", "name": "C"},
        {"type": "OTHER", "name": "Drug: D"},
    ]
    classic = study_of(Interventions="Combination Product: A|Drug: B")
    assert [one["type"] for one in protocol(classic, "armsInterventionsModule", "interventions")] == [
        "COMBINATION_PRODUCT",
        "DRUG",
    ]


def test_an_outcome_measure_is_never_cut_at_its_commas() -> None:
    study = study_of(Primary_Outcome_Measures="Survival, at 1, 2 years, in weeks, 2 years|Deaths")
    assert protocol(study, "outcomesModule", "primaryOutcomes") == [
        {"measure": "Survival, at 1, 2 years, in weeks, 2 years"},
        {"measure": "Deaths"},
    ]
    assert states(study) == [("measure", "ambiguous")]
    assert states(study_of(Secondary_Outcome_Measures="Deaths|Falls")) == []


def test_of_a_location_only_the_country_is_told_apart_and_the_text_is_kept() -> None:
    cell = "A, B Clinic, Seoul, Korea, Republic of|North | South Ward, Town, 1210, Luxembourg|Ward, Nowhere"
    study = study_of(Locations=cell)
    assert protocol(study, "contactsLocationsModule", "locations") == [
        {"country": "Korea, Republic of"},
        {"country": "Luxembourg"},
    ]
    assert [text for _, text in kept(study)] == [
        "A, B Clinic, Seoul, Korea, Republic of",
        "North | South Ward, Town, 1210, Luxembourg",
        "Ward, Nowhere",
    ]
    assert ("facility", "ambiguous") in states(study)


def test_study_design_of_today_and_of_the_classic_site() -> None:
    masked = {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "OUTCOMES_ASSESSOR"]}
    today = study_of(
        Study_Design="Allocation: RANDOMIZED|Intervention Model: CROSSOVER|"
        "Masking: DOUBLE (PARTICIPANT, OUTCOMES_ASSESSOR)|Primary Purpose: ECT"
    )
    classic = study_of(
        Study_Designs="Allocation: Randomized|Intervention Model: Crossover Assignment|"
        "Masking: Double (Participant, Outcomes Assessor)|Primary Purpose: Educational/Counseling/Training"
    )
    assert protocol(today, "designModule") == protocol(classic, "designModule")
    assert protocol(today, "designModule", "designInfo", "maskingInfo") == masked
    assert states(today) == states(classic) == []


@pytest.mark.parametrize(
    ("masking", "expected"),
    [
        ("NONE", {"masking": "NONE"}),
        ("None (Open Label)", {"masking": "NONE"}),
        ("Open Label", {"masking": "NONE"}),
        ("Single Blind (Subject)", {"masking": "SINGLE", "whoMasked": ["PARTICIPANT"]}),
        ("Double Blind (Subject, Caregiver)", {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "CARE_PROVIDER"]}),
        ("Double Blind (Subject, Caregiver, Investigator)", None),
        ("Double-Blind", None),
        ("Quadruple (Participant, Statistician)", None),
    ],
)
def test_masking_is_read_only_where_it_means_todays_word(masking: str, expected: dict[str, Any] | None) -> None:
    study = study_of(Study_Designs=f"Masking: {masking}")
    assert study["protocolSection"].get("designModule", {}).get("designInfo", {}).get("maskingInfo") == expected
    assert states(study) == ([] if expected else [("maskingInfo", "ambiguous")])


def test_todays_download_loses_the_design_of_observational_studies() -> None:
    study = study_of(Study_Type="OBSERVATIONAL", Study_Design="Observational Model: |Time Perspective: p")
    assert protocol(study, "designModule") == {"studyType": "OBSERVATIONAL"}
    assert ("timePerspective", "damaged") in states(study)
    classic = study_of(Study_Designs="Observational Model: Case-Only|Time Perspective: Cross-Sectional")
    assert protocol(classic, "designModule", "designInfo") == {
        "observationalModel": "CASE_ONLY",
        "timePerspective": "CROSS_SECTIONAL",
    }


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        ("CHILD, ADULT, OLDER_ADULT", {"stdAges": ["CHILD", "ADULT", "OLDER_ADULT"]}),
        ("Child, Adult, Older Adult", {"stdAges": ["CHILD", "ADULT", "OLDER_ADULT"]}),
        (
            "18 Years to 65 Years \u00a0 (Adult, Older Adult)",
            {"minimumAge": "18 Years", "maximumAge": "65 Years", "stdAges": ["ADULT", "OLDER_ADULT"]},
        ),
        ("1 Day and older \u00a0 (Child)", {"minimumAge": "1 Day", "stdAges": ["CHILD"]}),
        ("up to 17 Years \u00a0 (Child)", {"maximumAge": "17 Years", "stdAges": ["CHILD"]}),
    ],
)
def test_ages(age: str, expected: dict[str, Any]) -> None:
    assert protocol(study_of(Age=age), "eligibilityModule") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-03-01", "2020-03-01"),
        ("2020-03", "2020-03"),
        ("2020", "2020"),
        ("June 30, 2026", "2026-06-30"),
        ("June 2026", "2026-06"),
        ("9/20/2018", "2018-09-20"),
        ("20.9.2018", "2018-09-20"),
        ("5/5/2018", "2018-05-05"),
    ],
)
def test_dates_keep_their_precision(text: str, expected: str) -> None:
    study = study_of(Start_Date=text, Last_Update_Posted=text)
    assert protocol(study, "statusModule", "startDateStruct") == {"date": expected}
    assert protocol(study, "statusModule", "lastUpdatePostDateStruct") == {"date": expected}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("3/4/2020", "ambiguous"),
        ("Dec-15", "damaged"),
        ("31 June 2020", "damaged"),
        ("2020-02-30", "damaged"),
        ("13/13/2020", "damaged"),
        ("43831", "damaged"),
    ],
)
def test_dates_that_a_spreadsheet_wrote_over_are_null_with_a_state(text: str, state: str) -> None:
    study = study_of(Start_Date=text)
    assert "statusModule" not in study["protocolSection"] or not protocol(study, "statusModule").get("startDateStruct")
    assert states(study) == [("date", state)]


def test_the_organisations_id_comes_first_among_several() -> None:
    study = study_of(Other_IDs="ABC-1|2011-001295-19|U1111-1111-1111")
    assert protocol(study, "identificationModule", "orgStudyIdInfo") == {"id": "ABC-1"}
    assert protocol(study, "identificationModule", "secondaryIdInfos") == [
        {"id": "2011-001295-19"},
        {"id": "U1111-1111-1111"},
    ]
    assert states(study) == [("id", "inferred")]
    assert states(study_of(Other_IDs="ABC-1")) == []


def test_classic_sponsors_and_their_classes() -> None:
    names = ["NCT Number", "Sponsor/Collaborators", "Funded Bys"]
    rows = [
        ["NCT00000001", "A|B, Inc.|C", "Other|Industry"],
        ["NCT00000002", "D", "NIH"],
        ["NCT00000003", "E", "Other"],
    ]
    studies = [record.study for record in take(table(names, *rows)) if isinstance(record, RawRecord)]
    modules = [study["protocolSection"]["sponsorCollaboratorsModule"] for study in studies if study]
    assert modules == [
        {"leadSponsor": {"name": "A"}, "collaborators": [{"name": "B, Inc."}, {"name": "C"}]},
        {"leadSponsor": {"name": "D", "class": "NIH"}},
        {"leadSponsor": {"name": "E"}},
    ]
    assert ("Funded Bys/listed", "Other|Industry") in kept(studies[0] or {})


def test_classic_outcome_measures_are_kept_because_their_kind_is_not_said() -> None:
    study = study_of(Outcome_Measures="Survival|Falls")
    assert "outcomesModule" not in study["protocolSection"]
    assert kept(study) == [("Outcome Measures", "Survival|Falls")]


def test_headings_before_2017() -> None:
    study = study_of(
        Recruitment="Active, not recruiting",
        Study_Results="No Results Available",
        Age_Groups="Adult|Senior",
        Study_Types="Observational [Patient Registry]",
        Study_Designs="Endpoint Classification: Safety Study|Masking: Open Label",
        First_Received="April 22, 2016",
        Last_Updated="May 1, 2016",
        Last_Verified="April 2016",
        Results_First_Received="No Study Results Posted",
        Gender="Both",
    )
    status = protocol(study, "statusModule")
    assert status["overallStatus"] == "ACTIVE_NOT_RECRUITING"
    assert (status["studyFirstSubmitDate"], status["lastUpdateSubmitDate"]) == ("2016-04-22", "2016-05-01")
    assert (status["statusVerifiedDate"], "resultsFirstSubmitDate" in status) == ("2016-04", False)
    assert protocol(study, "eligibilityModule") == {"stdAges": ["ADULT", "OLDER_ADULT"], "sex": "ALL"}
    assert protocol(study, "designModule", "patientRegistry") is True
    assert study["hasResults"] is False
    assert kept(study) == [("Study Designs/Endpoint Classification", "Safety Study")]
    assert states(study) == []


def test_documents() -> None:
    today = "Study Protocol: Amendment 1, https://cdn.clinicaltrials.gov/large-docs/67/NCT01234567/Prot_001.pdf"
    classic = '"Study Protocol and Statistical Analysis Plan", https://ClinicalTrials.gov/ProvidedDocs/67/NCT01/Prot_SAP_000.pdf'
    first, second = study_of(Study_Documents=f"{today}|{classic}")["documentSection"]["largeDocumentModule"][
        "largeDocs"
    ]
    assert first == {
        "label": "Study Protocol: Amendment 1",
        "filename": "Prot_001.pdf",
        "typeAbbrev": "Prot",
        "hasProtocol": True,
        "hasSap": False,
        "hasIcf": False,
    }
    assert (second["typeAbbrev"], second["hasSap"]) == ("Prot_SAP", True)


def test_words_that_nobody_foresaw_are_null_with_a_state_and_columns_are_unknown_fields() -> None:
    study = study_of(Study_Status="PAUSED", Enrollment="about 100", Colour="red", Study_Type="Something")
    assert study["ctgov_csv:Colour"] == "red"
    assert states(study) == [("overallStatus", "ambiguous"), ("count", "damaged"), ("designModule", "ambiguous")]
    assert protocol(study_of(Enrollment="1200.0"), "designModule", "enrollmentInfo") == {"count": 1200}


def test_expanded_access() -> None:
    study = study_of(Study_Type="Expanded Access:Individual Patients|Treatment IND/Protocol", Study_Status="AVAILABLE")
    assert protocol(study, "designModule") == {
        "studyType": "EXPANDED_ACCESS",
        "expandedAccessTypes": {"individual": True, "treatment": True},
    }


# The table around them


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
        table(NAMES, *ROWS).decode().encode("utf-16"),
        table(NAMES, *ROWS).decode().encode("cp1252"),
    ],
    ids=["byte order mark", "semicolons", "sep line", "tabs", "UTF-16", "cp1252"],
)
def test_what_spreadsheets_make_of_it(data: bytes) -> None:
    assert recognise(data) is READER
    found = [record.study for record in take(data) if isinstance(record, RawRecord)]
    assert [study and protocol(study, "identificationModule", "briefTitle") for study in found] == [
        row[1] for row in ROWS
    ]
    recoded = [study for study in found if ("registrySection", "inferred") in states(study or {})]
    assert len(recoded) == (1 if b"\xe9e" in data and not data.startswith(b"\xff\xfe") else 0)


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
        (("NCT.Number", "Study.Title", "Study.Status"), "did you mean 'NCT.Number'?"),
        (("nct_number", "study_title", "study_status"), "did you mean 'nct_number'?"),
        (("Study Title", "Study Status", "Start Date"), "'NCT Number' is missing; "),
    ],
    ids=["dots", "snake case", "left out"],
)
def test_without_the_id_column_the_file_is_refused(names: Sequence[str], says: str) -> None:
    data = table(names, ["NCT00000001", "One", "COMPLETED"])
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
