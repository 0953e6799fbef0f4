"""The CTIS portal's table: the fields of the search list under the portal's labels, read as the list is."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from pipelines.readers import recognise
from pipelines.readers.base import BadRecord, Member, RawRecord
from pipelines.readers.ctis_csv import LISTED_AS, read
from pipelines.settings import Limits
from tests.readers import ctis_records

NUMBER = "2023-512345-67-00"
Struct = dict[str, Any]
ROW = {
    "Trial number": NUMBER,
    "Title of the trial": "Tea for coughs",
    "Protocol code": "T-1",
    "Overall trial status": "Ongoing, recruiting",
    "Location(s) and recruitment status": "Spain:Ongoing, recruiting, Italy:Authorised, recruitment pending",
    "Age group": "18-64 years,65+ years",
    "Age range secondary identifier": "N/A",
    "Gender": "Female, Male",
    "Number of participants enrolled": "120",
    "Trial region": "EEA only",
    "Medical conditions": "Cough",
    "Therapeutic area": '["Diseases [C] - Virus Diseases [C01]","Diseases [C] - Eye Diseases [C11]"]',
    "Trial phase": "Therapeutic confirmatory (Phase III)",
    "Product": "TEA",
    "Primary endpoint": "Pain",
    "Secondary endpoints": "Sleep\nMood",
    "Decision date": "08/09/2024",
    "Start date": "09/10/2024",
    "End date": "N/A",
    "Global end of the trial": "N/A",
    "Trial results": "No",
    "Sponsor/Co-Sponsors": "Tea, Inc.",
    "Sponsor type": "Pharmaceutical company",
    "Last updated": "10/11/2024",
}


def table(*rows: dict[str, str], end: str = "\n", **changes: str) -> str:
    out = io.StringIO(newline="")
    given = rows or (ROW,)
    writer = csv.DictWriter(out, list(given[0]) + [name for name in changes if name not in ROW], lineterminator=end)
    writer.writeheader()
    for row in given:
        writer.writerow({**row, **changes})
    return out.getvalue()


def take(text: str | bytes) -> list[RawRecord | BadRecord]:
    raw = text.encode("utf-8-sig") if isinstance(text, str) else text
    return list(read(Member.of_bytes(None, raw), Limits()))


def only(row: dict[str, str] | None = None, **changes: str) -> Struct:
    (record,) = take(table({**ROW, **(row or {})}, **changes))
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    return record.study


def unknown(study: Struct) -> Struct:
    return {name: value for name, value in study.items() if ":" in name}


def test_a_row() -> None:
    found = only()
    own = found["registrySection"]["ctis"][0]
    assert own.pop("memberStates") == [
        {"name": "Spain", "publicStatus": "Ongoing, recruiting"},
        {"name": "Italy", "publicStatus": "Authorised, recruitment pending"},
    ]
    assert own == {
        "publicStatus": "Ongoing, recruiting",
        "ageGroups": "18-64 years,65+ years",
        "sexes": "Female, Male",
        "subjectCountStated": 120,
        "therapeuticAreas": ["Diseases [C] - Virus Diseases [C01]", "Diseases [C] - Eye Diseases [C11]"],
        "productNames": "TEA",
        "decisionDateOverall": "2024-09-08",
        "startDateEea": "2024-10-09",
        "sponsorType": "Pharmaceutical company",
        "phase": "Therapeutic confirmatory (Phase III)",
        "regionCode": 1,
    }
    assert found["protocolSection"] == {
        "identificationModule": {"officialTitle": "Tea for coughs", "orgStudyIdInfo": {"id": "T-1"}},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2024-10-09", "type": "ACTUAL"},
            "lastUpdateSubmitDate": "2024-11-10",
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Tea, Inc.", "class": "INDUSTRY"}},
        "conditionsModule": {"conditions": ["Cough"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE3"],
            "enrollmentInfo": {"count": 120, "type": "ESTIMATED"},
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Pain"}], "secondaryOutcomes": [{"measure": "Sleep\nMood"}]},
        "eligibilityModule": {"sex": "ALL", "stdAges": ["ADULT", "OLDER_ADULT"]},
        "contactsLocationsModule": {"locations": [{"country": "Spain"}, {"country": "Italy"}]},
    }
    assert found["hasResults"] is False
    assert (found["registrySection"]["registry"], found["registrySection"]["recordId"]) == ("CTIS", NUMBER)
    assert unknown(found) == {}


def test_what_is_worked_out_is_that_of_the_list_of_the_api() -> None:
    item = {name: ROW[column] for column, name in LISTED_AS.items() if ROW[column] != "N/A"}
    listed, row = ctis_records.study(item)["protocolSection"], only()["protocolSection"]
    for part in ("statusModule", "sponsorCollaboratorsModule", "designModule", "eligibilityModule", "conditionsModule"):
        assert listed[part] == {name: value for name, value in row[part].items() if name != "lastUpdateSubmitDate"}


def test_a_trial_that_has_ended() -> None:
    ends = {"Overall trial status": "Ended", "End date": "01/02/2025", "Global end of the trial": "03/04/2025"}
    found = only({**ends, "Trial results": "Yes"})
    assert found["protocolSection"]["statusModule"]["completionDateStruct"] == {"date": "2025-04-03", "type": "ACTUAL"}
    own = found["registrySection"]["ctis"][0]
    assert (own["endDate"], own["globalEndDate"]) == ("2025-02-01", "2025-04-03")
    assert found["hasResults"] is True
    (state,) = found["registrySection"]["fieldStates"]
    assert (state["label"], state["verbatim"]) == ("Overall trial status", "Ended")


def test_words_for_nothing() -> None:
    found = only(dict.fromkeys(ROW.keys() - {"Trial number"}, "N/A"))
    assert found["protocolSection"] == {"designModule": {"studyType": "INTERVENTIONAL"}}
    assert "hasResults" not in found
    assert {(one["field"].rpartition(".")[2], one["state"]) for one in found["registrySection"]["fieldStates"]} == {
        ("officialTitle", "empty"),
        ("conditions", "empty"),
        ("primaryOutcomes", "empty"),
        ("secondaryOutcomes", "empty"),
    }
    assert unknown(found) == {}


@pytest.mark.parametrize(
    ("cell", "states"),
    [
        ("Spain:Ended", [{"name": "Spain", "publicStatus": "Ended"}]),
        ("Spain:Ended,Italy:Ended", [{"name": name, "publicStatus": "Ended"} for name in ("Spain", "Italy")]),
        ("Spain:, Italy:Ended", [{"name": "Spain"}, {"name": "Italy", "publicStatus": "Ended"}]),
    ],
)
def test_countries(cell: str, states: list[dict[str, str]]) -> None:
    assert only({"Location(s) and recruitment status": cell})["registrySection"]["ctis"][0]["memberStates"] == states


@pytest.mark.parametrize("cell", ["Spain", ":Ended", "Spain:Ended:Ended", "Spain, Italy:Ended"])
def test_places_that_cannot_be_read_are_kept(cell: str) -> None:
    found = only({"Location(s) and recruitment status": cell})
    assert unknown(found) == {"ctis_csv:Location(s) and recruitment status": cell}
    assert "contactsLocationsModule" not in found["protocolSection"]


@pytest.mark.parametrize(
    ("cell", "areas"),
    [
        ("Diseases [C] - Eye Diseases [C11]", ["Diseases [C] - Eye Diseases [C11]"]),
        ("Not possible to specify", ["Not possible to specify"]),
        ('["Tea', ['["Tea']),
    ],
)
def test_therapeutic_areas(cell: str, areas: list[str]) -> None:
    assert only({"Therapeutic area": cell})["registrySection"]["ctis"][0]["therapeuticAreas"] == areas


def test_a_column_that_nobody_foresaw() -> None:
    assert unknown(only(Colour="green")) == {"ctis_csv:Colour": "green"}


def test_a_date_that_cannot_be_read() -> None:
    (state,) = only({"Decision date": "soon"})["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("damaged", "soon")


def test_rows_without_a_number_and_broken_rows_leave_their_neighbours_alone() -> None:
    text = table(ROW, {**ROW, "Trial number": "N/A"}, {**ROW, "Trial number": "2023-512345-68-00"})
    good, bad, other = take(text)
    assert isinstance(good, RawRecord)
    assert isinstance(other, RawRecord)
    assert isinstance(bad, BadRecord)
    assert bad.reason_code == "no_identity"
    assert [record.position for record in (good, bad, other)] == [2, 4, 6]
    lines = table(ROW, ROW, ROW).split("\n")
    lines[3] = lines[3].replace('"', "", 1)
    found = take("\n".join(lines))
    assert [type(one) for one in (found[0], found[-1])] == [RawRecord, RawRecord]
    assert any(isinstance(one, BadRecord) for one in found)


def test_files_put_one_behind_the_other() -> None:
    assert [type(one) for one in take(table() + table())] == [RawRecord, RawRecord]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_table_is_recognised(end: str, mark: str) -> None:
    reader = recognise((mark + table(end=end)).encode())
    assert reader is not None
    assert reader.format == "ctis_csv"


def test_chosen_columns_are_enough() -> None:
    names = ("Trial number", "Title of the trial", "Overall trial status", "Trial results", "Sponsor type", "Gender")
    reader = recognise(table({name: ROW[name] for name in names}).encode())
    assert reader is not None
    assert reader.format == "ctis_csv"
    (record,) = take(table({name: ROW[name] for name in names}))
    assert isinstance(record, RawRecord)
    assert record.study is not None
    assert record.study["protocolSection"]["statusModule"] == {"overallStatus": "RECRUITING"}
    assert "fieldStates" not in record.study["registrySection"]


@pytest.mark.parametrize("missing", ["Trial number", "Gender"])
def test_another_table_is_none(missing: str) -> None:
    names = ("Trial number", "Title of the trial", "Overall trial status", "Trial results", "Sponsor type", "Gender")
    reader = recognise(table({name: ROW[name] for name in names if name != missing}).encode())
    assert reader is None
