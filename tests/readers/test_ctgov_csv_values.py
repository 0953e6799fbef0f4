"""ClinicalTrials.gov's CSV download: what each column means, and what is never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.readers.base import RawRecord
from tests.readers.ctgov_csv_tables import kept, protocol, states, study_of, table, take


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
        ("Single (Open Label)", None),
        ("Triple Blind (Subject, Caregiver)", None),
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
        ("30 June 2026", "2026-06-30"),
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
        ("5/12/2020", "ambiguous"),
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


@pytest.mark.parametrize(
    ("text", "day"),
    [("June 30, 2026", "2026-06-30"), ("No Study Results Posted", None), ("No Results Available", None)],
)
def test_results_that_are_not_posted_have_no_date(text: str, day: str | None) -> None:
    study = study_of(Results_First_Posted=text)
    posted = study["protocolSection"].get("statusModule", {}).get("resultsFirstPostDateStruct")
    assert (posted, states(study)) == ({"date": day} if day else None, [])


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
    assert states(study_of(Study_Type="Expanded Access:Individual Patients|Everybody")) == [
        ("designModule", "ambiguous")
    ]


def test_an_empty_cell_says_that_the_registry_has_nothing_and_a_column_that_was_not_chosen_says_nothing() -> None:
    found = study_of(Enrollment="", Conditions=" ", Interventions="DRUG: X", Study_Title="T", Title="")
    assert sorted(states(found)) == [("conditions", "empty"), ("count", "empty")]
    assert states(study_of(Study_Title="T")) == []
