"""ICTRP's full and weekly exports: rows of a database, in the forms of five years, with what only these files say.

The structure is that of rows and headings which published readers of these files quote (seen 2026-11-23); all that the
rows here say is invented.
"""

from __future__ import annotations

import csv
import io

import pytest

from pipelines.readers.ictrp_csv import FULL_EXPORT
from tests.readers.ictrp_files import Fields, module, own, read_all, reader_of, states, studied, study

DATED = (FULL_EXPORT[0], "last_updated", *FULL_EXPORT[1:])
AGES = ("Agemin", "Agemax", "Gender")

ROW: Fields = {
    "TrialID": "EUCTR2012-100001-91-DE",
    "last_updated": "17 February 2025",
    "SecondaryIDs": "TEA-1",
    "public_title": "Tea for cough" + " " * 60,
    "Scientific_title": 'A "hot" trial of tea',
    "url": "https://example.org/ctr-search/search?query=eudract_number:2012-100001-91",
    "study_type": "Interventional clinical trial of medicinal product",
    "phase": (
        "Human pharmacology (Phase I): noTherapeutic exploratory (Phase II): yesTherapeutic confirmatory - "
        "(Phase III): noTherapeutic use (Phase IV): no"
    ),
    "Date_registration": "31/03/2020",
    "Date_enrollement": "01/04/2020",
    "Target_size": "40",
    "Recruitment_status": "Not Recruiting",
    "Primary_sponsor": "Institute of Tea",
    "Secondary_sponsors": "NULL",
    "Countries": "Greece",
    "Conditions": "Cough <br>MedDRA version: 20.0Level: LLTClassification code 10000001Term: Cough",
    "Agemin": "",
    "Gender": "<br>Female: yes<br>Male: yes<br>",
    "Bridging_flag": "NCT09000002" + " " * 39,
    "Bridged_type": "parent    ",
    "Childs": "NCT09000002",
    "type_enrolment": "Date trial authorised",
    "Retrospective_flag": "NULL",
    "results_date_posted": "NULL",
    "results_yes_no": "NULL",
    "Ethics_Status": "Approved",
    "Ethics_Approval_Date": "Mar 27 2020 12:00AM",
}


def written(fields: Fields, names: tuple[str, ...] = DATED) -> str:
    """A row as the database writes it: the id bare, texts (empty ones too) in marks of their own, NULL bare."""
    values = [fields.get(name, "") for name in names]
    text = io.StringIO(newline="")
    row = [values[0], *(value if value == "NULL" else f'"{value}"' for value in values[1:])]
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue()


def headed(*rows: Fields) -> str:
    """The same under the heading of 2021: a column without a name, ages with an underscore."""
    names = {"last_updated": "(No column name)", "Agemin": "Age_min", "Agemax": "Age_max"}
    return ",".join(names.get(name, name) for name in DATED) + "\r\n" + "".join(map(written, rows))


@pytest.mark.parametrize("text", [written(ROW) * 2, headed(ROW, ROW)], ids=["without heading", "with heading"])
def test_a_row_of_the_database_is_read_alike_with_and_without_a_heading(text: str) -> None:
    """Rows under a heading kept their second quotation marks, so that no date, word or number of them was read, and
    the day of the last update was of an unknown column."""
    found = studied(read_all(text)[1])
    assert module(found, "identificationModule") == {
        "briefTitle": "Tea for cough",
        "officialTitle": 'A "hot" trial of tea',
        "secondaryIdInfos": [{"id": "TEA-1"}],
    }
    assert found["derivedSection"]["miscInfoModule"]["versionHolder"] == "2025-02-17"
    assert module(found, "designModule") == {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE2"],
        "enrollmentInfo": {"count": 40},
    }
    assert module(found, "eligibilityModule")["sex"] == "ALL"
    assert module(found, "conditionsModule") == {"conditions": ["Cough"]}
    assert module(found, "contactsLocationsModule") == {"locations": [{"country": "Greece"}]}
    assert [name for name in found if ":" in name] == []
    assert states(found) == {"protocolSection.statusModule.overallStatus": "ambiguous"}


def test_null_of_the_database_is_nothing() -> None:
    """It was a collaborator's name, a date that cannot be read and a flag."""
    rows = read_all(written(ROW | {"Countries": "NULL", "phase": "NULL", "Agemax": "NULL", "Source_Support": "NULL"}))
    found = studied(rows[0])
    assert "collaborators" not in module(found, "sponsorCollaboratorsModule")
    assert "contactsLocationsModule" not in found["protocolSection"]
    assert "registrationFlag" not in own(found)
    assert "hasResults" not in found
    assert set(states(found)) == {"protocolSection.statusModule.overallStatus"}


def test_the_export_of_march_2020_has_neither_ages_nor_gender() -> None:
    names = tuple(name for name in DATED if name not in AGES)
    assert len(names) == 60
    found = studied(read_all(written(ROW, names))[0])
    assert module(found, "identificationModule")["briefTitle"] == "Tea for cough"
    assert module(found, "statusModule")["studyFirstPostDateStruct"] == {"date": "2020-03-31"}
    assert "eligibilityModule" not in found["protocolSection"]
    assert reader_of(written(ROW, names[1:]).encode()) is None


def test_a_title_in_quotation_marks_is_no_sign_of_a_full_export() -> None:
    text = headed(ROW).split("\r\n")[0] + "\r\n" + 'NCT09000001,,,"""Tea""","""Tea"" hot"'
    found = studied(read_all(text + "," * (len(DATED) - 5) + "\r\n")[0])
    assert module(found, "identificationModule")["briefTitle"] == '"Tea"'


def test_the_flag_of_bridged_records_is_the_number_of_one() -> None:
    """The full export names a record where the portal's export says TRUE; it was a flag that cannot be read."""
    found = own(studied(read_all(written(ROW))[0]))
    assert (found["isBridged"], found["bridgedRecordId"]) == (True, "NCT09000002")
    assert (found["bridgedType"], found["childRecordIds"]) == ("parent", ["NCT09000002"])
    found = own(studied(read_all(written(ROW | {"Bridging_flag": " " * 50}))[0]))
    assert "isBridged" not in found
    assert "bridgedRecordId" not in found
    found = own(study("ISRCTN90000001", Bridging_flag="False"))
    assert found["isBridged"] is False
    assert "bridgedRecordId" not in found


def test_the_eu_register_gives_the_day_of_authorisation_for_the_first_enrolment() -> None:
    """ "Date trial authorised" is its type; the day was taken for the start of the trial."""
    found = study("EUCTR2012-100001-91-DE", Date_enrollement="01/04/2020", type_enrolment="Date trial authorised")
    assert "startDateStruct" not in module(found, "statusModule")
    assert own(found)["authorisationDate"] == "2020-04-01"
    assert states(found) == {}
    found = study("CTIS2023-500001-91-00", Date_enrollement="01/04/2020")
    assert module(found, "statusModule")["startDateStruct"] == {"date": "2020-04-01"}
    assert "authorisationDate" not in own(found)


@pytest.mark.parametrize(
    ("text", "day"),
    [("Mar 27 2020 12:00AM", "2020-03-27"), ("Jan  5 2020 12:00AM", "2020-01-05"), ("Jan  1 1900 12:00AM", None)],
)
def test_a_moment_as_the_database_shows_it_is_its_day(text: str, day: str | None) -> None:
    found = study("ACTRN12619999999901", Ethics_review_status="Approved", Ethics_review_approval_date=text)
    assert own(found)["ethicsReviews"] == [{"status": "Approved"} | ({"approvalDate": day} if day else {})]
    assert states(found) == {}


def test_a_zero_is_no_date_of_registration() -> None:
    found = study("RBR-9aaaaaa", Date_registration="05/03/2020", Date_registration3="0")
    assert module(found, "statusModule")["studyFirstPostDateStruct"] == {"date": "2020-03-05"}
    assert states(found) == {}


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("0 (exploratory trials)", ["EARLY_PHASE1"]),
        ("Phase 0 (exploratory trials)", ["EARLY_PHASE1"]),
        ("II (Phase II study)", ["PHASE2"]),
        ("I+II (Phase I+Phase II)", ["PHASE1", "PHASE2"]),
        ("II (Phase III study)", None),
    ],
)
def test_phases_said_twice(text: str, phases: list[str] | None) -> None:
    assert module(study("TCTR20190900001", Phase=text), "designModule").get("phases") == phases


@pytest.mark.parametrize(
    ("text", "countries"),
    [("None", []), ("-", []), ("Japan;none", ["Japan"]), ("none (Japan only)", ["Japan"]),
     ("None other than Japan", ["Japan"]), ("Japan,Asia(except Japan)", ["Japan"])],
)  # fmt: skip
def test_words_for_no_country_are_none(text: str, countries: list[str]) -> None:
    found = module(study("JPRN-jRCT2090000001", Countries=text), "contactsLocationsModule")
    assert [one["country"] for one in found.get("locations", ())] == countries


def test_the_least_number_of_the_database_is_no_age() -> None:
    found = study("IRCT20190900001N1", Inclusion_agemin="-2147483648", Inclusion_agemax="70 Years")
    assert module(found, "eligibilityModule") == {"maximumAge": "70 Years"}
    assert states(found) == {}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Complete: follow-up complete", "COMPLETED"),
        ("Complete: follow-up continuing", "ACTIVE_NOT_RECRUITING"),
        ("Main results already published", "COMPLETED"),
        ("Pending (Not yet recruiting)", "NOT_YET_RECRUITING"),
        ("Preinitiation", "NOT_YET_RECRUITING"),
        ("Authorised, recruitment pending", "NOT_YET_RECRUITING"),
        ("Ongoing, recruitment ended", "ACTIVE_NOT_RECRUITING"),
        ("Authorised-recruitment may be ongoing or finished", None),
        ("Open to recruitment: actively recruiting participa", "RECRUITING"),
        ("Temporary halt or suspension", "SUSPENDED"),
        ("Stopped early", "TERMINATED"),
        ("Recruitment completed", None),
        ("No longer recruiting", None),
    ],
)
def test_words_of_primary_registries_for_the_status(text: str, status: str | None) -> None:
    found = study("ISRCTN90000001", Recruitment_Status=text)
    assert module(found, "statusModule").get("overallStatus") == status
    assert own(found)["recruitmentStatus"] == text


def test_bioequivalence_studies_of_the_indian_registry_are_interventional() -> None:
    assert module(study("CTRI/2019/09/900001", Study_type="BA/BE"), "designModule")["studyType"] == "INTERVENTIONAL"
