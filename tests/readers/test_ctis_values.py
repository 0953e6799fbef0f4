"""CTIS records in the study shape: ids, statuses, dates, numbers and lists, and what stays null."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.study.record_ids import record_id
from tests.readers.ctis_records import NUMBER, Struct, own, record, study, unknown, with_information, with_part


def test_the_own_id_keeps_its_resubmission_suffix() -> None:
    section = study(record())["registrySection"]
    assert (section["registry"], section["recordId"]) == ("CTIS", NUMBER)
    own_id = record_id(section["recordId"], section["registry"])
    assert own_id is not None
    assert own_id.registry_id == NUMBER


def test_a_transitioned_trial_carries_its_other_numbers() -> None:
    numbers = {
        "nctNumber": {"id": 1, "number": "NCT01234567"},
        "isrctnNumber": {"id": 2, "number": "ISRCTN12345674"},
        "whoUniversalTrialNumber": {"id": 3, "number": "U1111-1234-5678"},
        "additionalRegistries": [{"id": 4, "number": "jRCT2031200001", "otherRegistryName": "jRCT"}],
    }
    part = {"trialDetails": {"clinicalTrialIdentifiers": {"secondaryIdentifyingNumbers": numbers, "shortTitle": "T-1"}}}
    found = study(with_part(part, eudraCt={"isTransitioned": True, "eudraCtCode": "2019-001234-56"}))
    identification = found["protocolSection"]["identificationModule"]
    assert identification["secondaryIdInfos"] == [
        {"id": "NCT01234567", "domain": "ClinicalTrials.gov"},
        {"id": "ISRCTN12345674", "domain": "ISRCTN"},
        {"id": "U1111-1234-5678", "domain": "WHO Universal Trial Number"},
        {"id": "jRCT2031200001", "domain": "jRCT"},
        {"id": "2019-001234-56", "type": "EUDRACT_NUMBER"},
    ]
    assert identification["orgStudyIdInfo"] == {"id": "T-1"}
    assert own(found)["isTransitioned"] is True


def test_ids_of_associated_trials_are_never_the_records_own() -> None:
    part = {
        "trialDetails": {"associatedClinicalTrials": [{"id": 1, "ctNumber": "2020-001234-56", "fullTitle": "Before"}]}
    }
    found = study(with_part(part))
    assert "identificationModule" not in found["protocolSection"]
    assert own(found)["associatedTrials"] == [{"ctNumber": "2020-001234-56", "title": "Before"}]


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        (2, "NOT_YET_RECRUITING", "Authorised, recruitment pending"),
        (5, "ACTIVE_NOT_RECRUITING", "Ongoing, recruitment ended"),
        (6, "SUSPENDED", "Temporarily halted"),
        (1, None, "Under evaluation"),
        (11, None, "Not authorised"),
        ("Authorised, not started", "NOT_YET_RECRUITING", "Authorised, not started"),
    ],
)
def test_statuses_map_where_they_mean_the_same(status: Any, expected: str | None, words: str) -> None:
    found = study(record(ctStatus=status))
    assert found["protocolSection"].get("statusModule", {}).get("overallStatus") == expected
    assert own(found)["publicStatus"] == words
    assert "fieldStates" not in found["registrySection"]


@pytest.mark.parametrize("status", [99, "Gone fishing"])
def test_a_status_nobody_knows_is_ambiguous(status: Any) -> None:
    (state,) = study(record(ctStatus=status))["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("ambiguous", str(status))


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["END_OF_TRIAL", "END_OF_TRIAL"], "COMPLETED"),
        (["EARLY_TERMINATION", "EARLY_TERMINATION"], "TERMINATED"),
        (["END_OF_TRIAL", "EARLY_TERMINATION"], None),
        ([], None),
    ],
)
def test_how_an_ended_trial_ended_is_told_by_its_notifications(kinds: list[str], expected: str | None) -> None:
    events = [
        {"mscName": name, "mscId": number, "events": [{"notificationType": kind, "date": "2024-05-06"}]}
        for number, (name, kind) in enumerate(zip(("Spain", "Italy"), kinds, strict=False))
    ]
    found = study(record(ctStatus=8, events={"trialEvents": events}))
    assert found["protocolSection"].get("statusModule", {}).get("overallStatus") == expected
    assert ("fieldStates" in found["registrySection"]) == (expected is None)


def test_an_early_termination_is_told_by_its_reason_as_well() -> None:
    said = {"mscName": "Spain", "mscId": 1, "earlyTerminationReason": "Money"}
    found = study(record(ctStatus="Ended", events={"trialEvents": [said]}))
    assert found["protocolSection"]["statusModule"]["overallStatus"] == "TERMINATED"


@pytest.mark.parametrize("name", ["startDateEU", "trialStartDate", "eeaStartDate"])
def test_a_trial_began_when_it_says_so_or_when_the_first_member_state_did(name: str) -> None:
    parts = [
        {"mscInfo": {"mscName": "Spain", "activeTrialPeriod": {"trialStartDate": "2021-03-04"}}},
        {"mscInfo": {"mscName": "Italy", "activeTrialPeriod": {"trialStartDate": "2021-02-04"}}},
    ]
    events = [
        {"mscName": "Spain", "events": [{"notificationType": "Start of trial", "date": "2021-03-03"},
                                        {"notificationType": "START_OF_RECRUITMENT", "date": "2020-01-01"}]},
    ]  # fmt: skip
    whole = with_part({}, authorizedPartsII=parts)
    started = study({**whole, "events": {"trialEvents": events}})["protocolSection"]["statusModule"]
    assert started["startDateStruct"] == {"date": "2021-02-04", "type": "ACTUAL"}
    del parts[1]
    started = study({**whole, "events": {"trialEvents": events}})["protocolSection"]["statusModule"]
    assert started["startDateStruct"] == {"date": "2021-03-03", "type": "ACTUAL"}
    started = study({**whole, name: "2021-05-06"})["protocolSection"]["statusModule"]
    assert started["startDateStruct"] == {"date": "2021-05-06", "type": "ACTUAL"}


@pytest.mark.parametrize("name", ["endDateEU", "trialEndDate", "eeaEndDate"])
def test_the_day_of_the_end_in_the_eea_is_that_of_trials_there(name: str) -> None:
    plan = {"trialDetails": {"trialInformation": {"trialDuration": {"estimatedGlobalEndDate": "2031-01-02"}}}}
    for elsewhere, expected in (
        (0, {"date": "2024-05-06", "type": "ACTUAL"}),
        (5, {"date": "2031-01-02", "type": "ESTIMATED"}),
    ):
        found = study({**with_part({"rowSubjectCount": elsewhere, **plan}), name: "2024-05-06"})
        assert found["protocolSection"]["statusModule"]["completionDateStruct"] == expected


def test_a_trial_was_submitted_with_its_initial_application() -> None:
    applications = [
        {"type": "SUBSTANTIAL MODIFICATION", "submissionDate": "2021-01-01"},
        {"type": "INITIAL", "submissionDate": "2022-03-04"},
    ]
    whole = record(authorizedApplication={"applicationInfo": applications}, submissionDate="2023-01-01")
    assert study(whole)["protocolSection"]["statusModule"]["studyFirstSubmitDate"] == "2022-03-04"
    del applications[1]
    assert study(whole)["protocolSection"]["statusModule"]["studyFirstSubmitDate"] == "2023-01-01"


@pytest.mark.parametrize(
    ("written", "phases", "words"),
    [
        ("10", ["PHASE2", "PHASE3"], "Phase II and Phase III (Integrated)"),
        ("therapeutic  use (phase IV)", ["PHASE4"], "Therapeutic use (Phase IV)"),
        ("99", None, None),
        ("Phase of the moon", None, "Phase of the moon"),
    ],
)
def test_phases_by_code_or_words(written: str, phases: list[str] | None, words: str | None) -> None:
    found = study(with_information({"trialCategory": {"trialPhase": written}}))
    assert found["protocolSection"]["designModule"].get("phases") == phases
    assert own(found).get("phase") == words


def test_dates_of_the_portal_are_day_before_month_and_those_of_records_iso() -> None:
    found = study(
        record(startDateEU="03/02/2021", lastUpdated="05/04/2024", publishDate="2024-04-06T03:39:42.531268872")
    )
    status = found["protocolSection"]["statusModule"]
    assert status["startDateStruct"] == {"date": "2021-02-03", "type": "ACTUAL"}
    assert status["lastUpdateSubmitDate"] == "2024-04-05"
    assert status["lastUpdatePostDateStruct"] == {"date": "2024-04-06"}


def test_a_date_that_no_calendar_has_is_null_with_a_state() -> None:
    found = study(record(lastUpdated="31/02/2024"))
    assert "lastUpdateSubmitDate" not in found["protocolSection"].get("statusModule", {})
    (state,) = found["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("damaged", "31/02/2024")


def test_estimates_stand_where_nothing_has_happened_yet() -> None:
    duration = {"estimatedRecruitmentStartDate": "2030-01-02", "estimatedGlobalEndDate": "2031-01-02"}
    status = study(with_information({"trialDuration": duration}))["protocolSection"]["statusModule"]
    assert status["startDateStruct"] == {"date": "2030-01-02", "type": "ESTIMATED"}
    assert status["completionDateStruct"] == {"date": "2031-01-02", "type": "ESTIMATED"}


@pytest.mark.parametrize(("rest_of_world", "expected"), [(0, "2031-01-02"), (5, None), (None, None)])
def test_the_end_in_the_eea_is_the_end_only_of_trials_there(rest_of_world: int | None, expected: str | None) -> None:
    part = {
        "rowSubjectCount": rest_of_world,
        "trialDetails": {"trialInformation": {"trialDuration": {"estimatedEndDate": "2031-01-02"}}},
    }
    found = study(with_part(part))
    status = found["protocolSection"]["statusModule"]
    assert status.get("completionDateStruct", {}).get("date") == expected
    assert own(found)["estimatedEndDateEea"] == "2031-01-02"


@pytest.mark.parametrize(
    ("counts", "rest_of_world", "expected"),
    [([7, 4], 0, 11), ([150], 290, 440), ([7, None], 0, None), ([7], None, None)],
    ids=["EEA only", "with the rest of the world", "a state without a number", "rest of the world unknown"],
)
def test_enrollment_is_the_sum_of_all_that_is_planned(
    counts: list[int | None], rest_of_world: int | None, expected: int | None
) -> None:
    parts = [{"mscInfo": {"mscName": f"State {n}"}, "recruitmentSubjectCount": count} for n, count in enumerate(counts)]
    design = study(with_part({"rowSubjectCount": rest_of_world}, authorizedPartsII=parts))["protocolSection"][
        "designModule"
    ]
    assert design.get("enrollmentInfo") == ({"count": expected, "type": "ESTIMATED"} if expected else None)


@pytest.mark.parametrize(
    ("groups", "accepts"),
    [(["Patients"], False), (["Patients", "Healthy volunteers"], True), ([None], None), ([], None)],
)
def test_healthy_volunteers_are_a_group_of_subjects(groups: list[str | None], accepts: bool | None) -> None:
    """A group that has no name does not say that it is not theirs."""
    population = {"clinicalTrialGroups": [{"code": "1", "name": name} for name in groups]}
    found = study(with_information({"populationOfTrialSubjects": population}))["protocolSection"]
    assert found.get("eligibilityModule", {}).get("healthyVolunteers") is accepts


def test_a_null_hides_nothing_that_stands_elsewhere_in_the_record() -> None:
    """Programs that convert records write null for what is not there."""
    info = {"mscName": "Spain", "recruitmentSubjectCount": 7}
    ages = [{"ageRangeCategoryCode": None, "ageRangeCategory": "2"}]
    part = {
        "rowSubjectCount": 0,
        "trialDetails": {"trialInformation": {"populationOfTrialSubjects": {"ageRanges": ages}}},
    }
    found = study(with_part(part, authorizedPartsII=[{"mscInfo": info, "recruitmentSubjectCount": None}]))
    assert found["protocolSection"]["designModule"]["enrollmentInfo"] == {"count": 7, "type": "ESTIMATED"}
    assert found["protocolSection"]["eligibilityModule"] == {"stdAges": ["CHILD"]}


def test_the_number_of_a_list_is_none_where_a_member_state_gives_its_own() -> None:
    parts = [{"mscInfo": {"mscName": "Spain", "recruitmentSubjectCount": 7}}, {"mscInfo": {"mscName": "Italy"}}]
    found = study({**with_part({"rowSubjectCount": 0}, authorizedPartsII=parts), "totalNumberEnrolled": "7"})
    assert "enrollmentInfo" not in found["protocolSection"]["designModule"]


def test_criteria_come_in_the_order_of_their_numbers() -> None:
    """The register lists item 10 after item 1."""
    items = [{"id": n, "number": n, "principalInclusionCriteria": f"Item {n}"} for n in (1, 10, 2)]
    found = study(with_information({"eligibilityCriteria": {"principalInclusionCriteria": items}}))
    text = found["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    assert text == "Inclusion Criteria:\n\n1. Item 1\n2. Item 2\n10. Item 10"
    assert found["registrySection"]["criteria"][1] == {
        "kind": "inclusion",
        "number": 2,
        "text": "Item 2",
        "damaged": False,
    }


def test_member_states_are_one_item_each_whatever_says_something_of_them() -> None:
    parts = [
        {
            "mscId": 5,
            "mscInfo": {"id": 5, "mscName": "Spain", "trialStatus": "Authorised"},
            "recruitmentSubjectCount": 7,
        }
    ]
    concerned = [
        {"mscName": "Spain", "mscId": 5, "lastDecisionDate": "2024-04-24T15:14:59.077", "mscPublicStatusCode": 4},
        {"mscName": "Italy", "mscId": 6, "mscPublicStatusCode": 2},
    ]
    events = {
        "trialEvents": [{"mscId": 5, "mscName": "Spain", "events": [{"notificationType": "X", "date": "2024-01-02"}]}]
    }
    found = study({**with_part({}, authorizedPartsII=parts, memberStatesConcerned=concerned), "events": events})
    assert own(found)["memberStates"] == [
        {
            "lastDecisionDate": "2024-04-24",
            "publicStatusCode": 4,
            "name": "Spain",
            "status": "Authorised",
            "subjectCount": 7,
            "events": [{"type": "X", "date": "2024-01-02"}],
            "publicStatus": "Ongoing, recruiting",
        },
        {"name": "Italy", "publicStatusCode": 2, "publicStatus": "Authorised, recruitment pending"},
    ]
    assert found["protocolSection"]["contactsLocationsModule"]["locations"] == [
        {"country": "Spain"},
        {"country": "Italy"},
    ]


def test_a_product_is_named_once_with_the_role_of_its_group() -> None:
    product = {"id": 3, "productDictionaryInfo": {"prodName": "Tea", "atcCode": "N/A", "activeSubstanceName": "TEAINE"}}
    groups = [{"id": 1, "productRoleName": "Comparator", "products": [dict(product)]}]
    found = study(with_part({"products": [product], "productRoleGroupInfos": groups}))
    assert own(found)["products"] == [{"name": "Tea", "substance": "TEAINE", "role": "Comparator"}]
    interventions = found["protocolSection"]["armsInterventionsModule"]["interventions"]
    assert interventions == [{"name": "Tea", "otherNames": ["TEAINE"]}]


def test_the_registers_row_numbers_make_no_new_version() -> None:
    def one(shift: int) -> Struct:
        sponsor = {"id": 1 + shift, "primary": True, "organisation": {"id": 2 + shift, "name": "Tea Ltd"}}
        part = {"id": 3 + shift, "sponsors": [sponsor]}
        return record(authorizedApplication={"authorizedPartI": part}, record_last_import=f"2024-01-0{1 + shift}")

    assert study(one(0)) == study(one(5))


def test_results_that_are_there() -> None:
    summaries = [
        {"id": 1, "title": "Summary", "submissionDate": "2024-06-07"},
        {"id": 2, "submissionDate": "2024-05-06"},
    ]
    found = study(record(results={"summaryResults": summaries}))
    assert found["hasResults"] is True
    assert found["protocolSection"]["statusModule"]["resultsFirstSubmitDate"] == "2024-05-06"
    assert unknown(found) == {}
    kept = {one["path"] for one in found["registrySection"]["sourceFields"]}
    assert kept == {"results/summaryResults/title", "results/summaryResults/submissionDate"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"results": {}}, False, id="shown, with nothing in it"),
        pytest.param({"results": {}, "resultsFirstReceived": "Yes"}, True, id="the list's word is later"),
        pytest.param({"results": {"laypersonResults": [{"submissionDate": "2025-01-02"}]}}, True, id="for laypersons"),
        pytest.param({"results": {"summaryResults": []}}, None, id="a list with nothing in it"),
        pytest.param({"results": None}, None, id="null"),
        pytest.param({}, None, id="not shown"),
    ],
)
def test_results_shown_empty_are_none(given: Struct, expected: bool | None) -> None:
    """The record of a trial shows `results` always, and nothing in it where the register's list says "No". As that said
    nothing here, all trials known to have or have not results had some: a share of 100 % for every sponsor."""
    assert study(record(**given)).get("hasResults") is expected


def test_a_eudract_number_of_the_older_layout_may_stand_in_the_record_itself() -> None:
    """It was read from the applications only; the record's own one was an unknown field, and the trial unlinked."""
    info = {"eudraCtCode": "2019-001234-56", "isTransitioned": True, "hasVhp": False}
    found = study(record(eudraCtInfo=info, applications=[{"type": "INITIAL", "eudraCtInfo": dict(info)}]))
    assert found["protocolSection"]["identificationModule"]["secondaryIdInfos"] == [
        {"id": "2019-001234-56", "type": "EUDRACT_NUMBER"}
    ]
    assert own(found)["isTransitioned"] is True
    assert unknown(found) == {}


@pytest.mark.parametrize(("words", "code"), [("Both", 3), ("EEA only", 1), ("Non-EEA only", 2), ("Elsewhere", None)])
def test_the_region_in_words_alone(words: str, code: int | None) -> None:
    """The record of one trial says "Both" where the portal's page has "In both EEA and non-EEA"."""
    assert own(study(record(trialRegion=words))).get("regionCode") == code


def test_translations_stand_beside() -> None:
    translated = [{"id": 1, "attributeTranslation": "Té", "languageDescription": "Spanish"}]
    identifiers = {"fullTitle": "Tea", "fullTitleTranslations": translated}
    found = study(with_part({"trialDetails": {"clinicalTrialIdentifiers": identifiers}}))
    assert own(found)["translations"] == [{"field": "fullTitle", "language": "Spanish", "text": "Té"}]
    assert found["protocolSection"]["identificationModule"]["officialTitle"] == "Tea"


def _unwrapped(value: Any) -> Any:
    """A record as programs write it that know neither lists of one nor numbers and truth values."""
    if isinstance(value, list):
        items = [_unwrapped(one) for one in value]
        return items[0] if len(items) == 1 else items
    if isinstance(value, dict):
        return {name: _unwrapped(inner) for name, inner in value.items()}
    return value if isinstance(value, str) else str(value).lower()


def test_lists_of_one_and_numbers_as_text_are_read_alike() -> None:
    """The sponsor, its contact, the only objective's place and the sexes went; "false" was taken for yes."""
    information = {
        "populationOfTrialSubjects": {"isFemaleSubjects": True, "isMaleSubjects": False},
        "medicalCondition": {"partIMedicalConditions": [{"medicalCondition": "Flu", "isConditionRareDisease": False}]},
        "endPoint": {"primaryEndPoints": [{"number": n, "endPoint": f"E{n}"} for n in (10, 9, 2)]},
    }
    sponsor = {
        "primary": True,
        "organisation": {"name": "Acme", "type": "Pharmaceutical company"},
        "publicContacts": [{"functionalName": "Info", "telephone": "1"}],
    }
    titles = {"publicTitle": "Flu", "publicTitleTranslations": [{"language": "es", "attributeTranslation": "Gripe"}]}
    details = {"trialInformation": information, "clinicalTrialIdentifiers": titles, "pubmedCode": ["123"]}
    whole = with_part({"sponsors": [sponsor], "trialDetails": details})
    assert study(_unwrapped(whole)) == study(whole)
    found = study(whole)["protocolSection"]
    assert found["sponsorCollaboratorsModule"]["leadSponsor"]["name"] == "Acme"
    assert found["eligibilityModule"]["sex"] == "FEMALE"
    assert [one["measure"] for one in found["outcomesModule"]["primaryOutcomes"]] == ["E2", "E9", "E10"]


def test_what_the_portal_shows_empty_is_missing_there() -> None:
    found = study(
        with_information(
            {
                "endPoint": {"primaryEndPoints": [], "secondaryEndPoints": [{"endPoint": "Itch"}]},
                "medicalCondition": {"partIMedicalConditions": []},
                "eligibilityCriteria": {"principalInclusionCriteria": [], "principalExclusionCriteria": []},
            }
        )
    )
    states = found["registrySection"]["fieldStates"]
    assert {one["field"].rpartition(".")[2] for one in states if one["state"] == "empty"} == {
        "primaryOutcomes",
        "conditions",
        "eligibilityCriteria",
    }
    elsewhere = study(with_information({"endPoint": {"primaryEndPoints": []}}) | {"primaryEndPoint": "Pain"})
    assert "empty" not in [one["state"] for one in elsewhere["registrySection"].get("fieldStates", ())]
