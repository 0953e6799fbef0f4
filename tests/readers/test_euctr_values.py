"""The answers of EU Clinical Trials Register protocols in the study shape: what each becomes, what stays null."""

from __future__ import annotations

import pytest

from pipelines.readers.euctr.outcomes import split_items
from tests.readers.euctr_forms import form, own, states, studies, study, unknown

IDENTIFICATION = "identificationModule"
ALONE = "E.8.5 The trial involves multiple Member States"
ABROAD = "Trial being conducted"


def test_texts_in_the_member_states_language_stand_beside_or_for_the_english_ones() -> None:
    body = """A.3 Full title of the trial: Tea
A.3 Full title of the trial (es): Té
E.1.1 Medical condition(s) being investigated (es): Hipo"""
    found = study(body)
    assert own(found)["translations"] == [
        {"field": "A.3", "language": "es", "text": "Té"},
        {"field": "E.1.1", "language": "es", "text": "Hipo"},
    ]
    assert found["protocolSection"][IDENTIFICATION]["officialTitle"] == "Tea"
    assert found["protocolSection"]["conditionsModule"]["conditions"] == ["Hipo"]
    assert states(found)["protocolSection.conditionsModule.conditions[]"]["state"] == "inferred"


def test_repeated_blocks() -> None:
    body = """B. Sponsor Information
Sponsor 1
B.1.1 Name of Sponsor: Tea Ltd
B.1.3.4\tCountry: Ruritania
B.3.1 and B.3.2\tStatus of the sponsor: Commercial
B.4.1 Name of organisation providing support: Fund A
B.4.2 Country: Ruritania
B.4.1 Name of organisation providing support: TEA LTD
B.5.2 Functional name of contact point: Desk
B.5.6 E-mail: desk@example.org
Sponsor 2
B.1.1 Name of Sponsor: Second University
D. IMP Identification
D.IMP: 1
D.2.1.1.1 Trade name: Teavex
D.3.2 Product code: T-1
D.3.8 to D.3.10 IMP Identification Details (Active Substances)
D.3.8 INN - Proposed INN: teaine
D.3.9.1 CAS number: 58-08-2
D.3.10.3 Concentration number: 5
D.3.8 INN - Proposed INN: theanine
D.3.11.1 Active substance of chemical origin: Yes
D.IMP: 2
D.3.1 Product name: Teamab
D.3.11.2 Active substance of biological/ biotechnological origin (other than Advanced Therapy IMP (ATIMP): Yes
D.8 Information on Placebo
D.8 Placebo: 1
D.8.1 Is a Placebo used in this Trial? Yes
D.8.4 Route of administration of the placebo: Oral use
E. General Information on the Trial
MedDRA Classification
E.1.2 Medical condition or disease under investigation:
E.1.2 Version: 20.0
E.1.2 Term: Hiccups
E.1.2 Medical condition or disease under investigation:
E.1.2 Term: Cough
G. Investigator Networks to be involved in the Trial
G.4 Investigator Network to be involved in the Trial: 1
G.4.1 Name of Organisation: Tea Net"""
    found = study(body)
    section, protocol = own(found), found["protocolSection"]
    assert protocol["sponsorCollaboratorsModule"] == {
        "leadSponsor": {"name": "Tea Ltd", "class": "INDUSTRY"},
        "collaborators": [{"name": "Second University"}, {"name": "Fund A"}],
    }
    assert [one["name"] for one in section["sponsors"]] == ["Tea Ltd", "Second University"]
    assert len(section["sponsors"][0]["supports"]) == 2
    contact = {"name": "Desk", "email": "desk@example.org", "role": "CONTACT"}
    assert protocol["contactsLocationsModule"] == {"centralContacts": [contact]}
    first, second = section["imps"]
    assert first["substances"] == [{"inn": "teaine", "casNumber": "58-08-2", "strength": "5"}, {"inn": "theanine"}]
    assert protocol["armsInterventionsModule"]["interventions"] == [
        {"name": "Teavex", "type": "DRUG", "otherNames": ["teaine", "theanine", "T-1"]},
        {"name": "Teamab", "type": "BIOLOGICAL"},
    ]
    assert second["number"] == 2
    assert section["placebos"] == [{"number": 1, "isUsed": True, "route": "Oral use"}]
    assert section["meddra"] == [{"version": "20.0", "term": "Hiccups"}, {"term": "Cough"}]
    assert section["networks"] == [{"number": 1, "organisation": "Tea Net"}]
    assert unknown(found) == {}


def product(*flags: str, name: str = "Tea", more: str = "") -> str:
    """A product of the form, with these of its questions answered with yes."""
    answers = "".join(f"\n{flag}: Yes" for flag in flags)
    return f"D. IMP Identification\nD.IMP: 1\nD.3.1 Product name: {name}\n{more}{answers}"


def interventions(body: str) -> object:
    return study(body)["protocolSection"].get("armsInterventionsModule", {}).get("interventions")


CHEMICAL = "D.3.11.1 Active substance of chemical origin"
BIOLOGICAL = "D.3.11.2 Active substance of biological/ biotechnological origin (other than Advanced Therapy IMP (ATIMP)"
GENETIC = "D.3.11.3.2 Gene therapy medical product"
DEVICE = "D.3.11.4 Combination product that includes a device, but does not involve an Advanced Therapy"


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ([CHEMICAL], "DRUG"),
        ([BIOLOGICAL], "BIOLOGICAL"),
        ([CHEMICAL, BIOLOGICAL], None),
        ([BIOLOGICAL, GENETIC], "GENETIC"),
        ([CHEMICAL, DEVICE], "COMBINATION_PRODUCT"),
        ([], None),
    ],
)
def test_the_type_of_a_product_is_what_its_flags_agree_on(flags: list[str], kind: str | None) -> None:
    assert interventions(product(*flags)) == [{"name": "Tea", "type": kind} if kind else {"name": "Tea"}]


def test_products_named_alike_are_one_and_names_that_differ_in_case_alone_as_well() -> None:
    """A substance's INN is often repeated in other letters as its descriptive name."""
    substance = "D.3.8 INN - Proposed INN: {}\nD.3.9.3 Other descriptive name: {}\n"
    first = product(more=substance.format("THEINE", "Theine"))
    second = product(CHEMICAL, name="TEA", more=substance.format("tea", "caffeine")).replace("D.IMP: 1", "D.IMP: 2")
    nameless = "D.IMP: 3\nD.3.11.1 Active substance of chemical origin: Yes"
    body = "\n".join([first, second.partition("\n")[2], nameless])
    assert interventions(body) == [{"name": "Tea", "type": "DRUG", "otherNames": ["THEINE", "caffeine"]}]


def test_sponsors_of_one_contact_have_it_once_and_a_class_needs_a_name() -> None:
    body = """B. Sponsor Information
Sponsor 1
B.3.1 and B.3.2\tStatus of the sponsor: Commercial
B.5.2 Functional name of contact point: Desk
Sponsor 2
B.1.1 Name of Sponsor: Second University
B.5.2 Functional name of contact point: Desk"""
    protocol = study(body)["protocolSection"]
    assert protocol["sponsorCollaboratorsModule"] == {"collaborators": [{"name": "Second University"}]}
    assert protocol["contactsLocationsModule"] == {"centralContacts": [{"name": "Desk", "role": "CONTACT"}]}


@pytest.mark.parametrize(
    ("body", "sex"),
    [
        ("F.2.1 Female: Yes\nF.2.2 Male: Yes", "ALL"),
        ("F.2.1 Female: Yes\nF.2.2 Male: No", "FEMALE"),
        ("F.2.1 Female: No\nF.2.2 Male: Yes", "MALE"),
        ("F.2.1 Female: No\nF.2.2 Male: No", None),
    ],
)
def test_sexes_that_are_answered_with_yes(body: str, sex: str | None) -> None:
    assert study(body)["protocolSection"].get("eligibilityModule", {}).get("sex") == sex


def test_other_numbers_of_the_trial() -> None:
    body = """A.4.1 Sponsor's protocol code number: T-1
A.5.1 ISRCTN (International Standard Randomised Controlled Trial) Number: 12345674
A.5.2 US NCT (ClinicalTrials.gov registry) number: NCT01234567
A.5.3 WHO Universal Trial Reference Number (UTRN): U1111-1234-5678
A.5.4 Other Identifiers:
Name:IND NumberNumber:104,511
Name:Number:XY"""
    found = study(body)["protocolSection"][IDENTIFICATION]
    assert found["orgStudyIdInfo"] == {"id": "T-1"}
    assert found["secondaryIdInfos"] == [
        {"id": "12345674", "domain": "ISRCTN"},
        {"id": "NCT01234567", "domain": "ClinicalTrials.gov"},
        {"id": "U1111-1234-5678", "domain": "WHO Universal Trial Number"},
        {"id": "104,511", "domain": "IND Number"},
        {"id": "XY"},
    ]


def test_flags_that_exclude_each_other_are_ambiguous_and_null() -> None:
    body = """E.6.1 Diagnosis: Yes
E.6.3 Therapy: Yes
E.8.1.2 Open: Yes
E.8.1.4 Double blind: Yes
E.8.1.5 Parallel group: Yes
E.8.7 Trial has a data monitoring committee: perhaps
F.3.1 Healthy volunteers: No
F.3.3.1 Women of childbearing potential not using contraception : Yes
(For clinical trials recorded in the database before the 10th March 2011 this question read otherwise)"""
    found = study(body)
    design = found["protocolSection"]["designModule"]["designInfo"]
    assert design == {"interventionModel": "PARALLEL"}
    said = {name.rpartition(".")[2]: state["state"] for name, state in states(found).items()}
    assert said == {
        "primaryPurpose": "ambiguous",
        "masking": "ambiguous",
        "oversightHasDmc": "ambiguous",
        "hasDataMonitoringCommittee": "ambiguous",
    }
    assert own(found)["isWomenNotUsingContraception"] is True
    assert found["protocolSection"]["eligibilityModule"]["healthyVolunteers"] is False


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Completed", "COMPLETED"),
        ("Prematurely Ended", "TERMINATED"),
        ("Ongoing", None),
        ("Trial now transitioned", None),
    ],
)
def test_statuses_map_where_they_mean_the_same(status: str, expected: str | None) -> None:
    found = study("", status=status)
    assert found["protocolSection"]["statusModule"].get("overallStatus") == expected
    assert own(found)["trialStatus"] == status
    assert states(found) == {}


def test_a_status_nobody_knows_is_ambiguous() -> None:
    state = states(study("", status="Put to sleep"))["protocolSection.statusModule.overallStatus"]
    assert (state["state"], state["verbatim"]) == ("ambiguous", "Put to sleep")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("F.4.1 In the member state: 5\nF.4.2.2 In the whole clinical trial: 15", 15),
        ("E.8.5 The trial involves multiple Member States: No\nF.4.1 In the member state: 5", 5),
        ("E.8.5 The trial involves multiple Member States: Yes\nF.4.1 In the member state: 5", None),
        ("F.4.2.2 In the whole clinical trial: about 15", None),
        (f"{ALONE}: No\nF.4.1 In the member state: 5\nF.4.2.2 In the whole clinical trial: about 15", None),
        (f"{ALONE}: No\nE.8.6.1 {ABROAD} both within and outside the EEA: Yes\nF.4.1 In the member state: 5", None),
        (f"{ALONE}: No\nE.8.6.2 {ABROAD} completely outside of the EEA: Yes\nF.4.1 In the member state: 5", None),
        (f"{ALONE}: No\nE.8.6.1 {ABROAD} both within and outside the EEA: No\nF.4.1 In the member state: 5", 5),
        (f"{ALONE}: No", None),
    ],
    ids=["whole trial", "the only member state", "one of several", "prose", "prose of the whole", "outside as well",
         "outside alone", "not outside", "nothing said"],
)  # fmt: skip
def test_enrollment_is_that_of_the_whole_trial(body: str, expected: int | None) -> None:
    design = study(body)["protocolSection"]["designModule"]
    assert design.get("enrollmentInfo") == ({"count": expected, "type": "ESTIMATED"} if expected else None)


@pytest.mark.parametrize(
    ("randomised", "arms", "expected"),
    [("Yes", "", "RANDOMIZED"), ("No", "1", "NA"), ("No", "3", "NON_RANDOMIZED"), ("No", "", None)],
)
def test_not_randomised_needs_the_arms_to_say_what_it_is(randomised: str, arms: str, expected: str | None) -> None:
    body = f"E.8.1.1 Randomised: {randomised}\nE.8.2.4 Number of treatment arms in the trial: {arms}"
    design = study(body)["protocolSection"]["designModule"]
    assert design.get("designInfo", {}).get("allocation") == expected


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1. Pain\n2. Sleep, that is\nhours of it\n3. Death", ["Pain", "Sleep, that is hours of it", "Death"]),
        ("• Pain\n• Sleep", ["Pain", "Sleep"]),
        ("The first of:\n1. Pain\n2. Sleep", ["The first of: 1. Pain 2. Sleep"]),
        ("1. Pain\n3. Sleep", ["1. Pain 3. Sleep"]),
        ("1. Pain", ["1. Pain"]),
        ("1.Pain\n2)30 days", ["Pain", "30 days"]),
        ("1.5 years alive\n2.5 years alive", ["1.5 years alive 2.5 years alive"]),
        ("1. Dose, up to\n2.5 mg/kg\n2. Pain", ["Dose, up to 2.5 mg/kg", "Pain"]),
    ],
    ids=["numbered", "bulleted", "words before", "a number skipped", "one item", "no blanks", "decimals",
         "a decimal within"],
)  # fmt: skip
def test_end_points_are_cut_only_where_the_whole_text_is_a_list(text: str, items: list[str]) -> None:
    assert split_items(text) == items


def test_end_points_have_their_time_points() -> None:
    body = "E.5.1 Primary end point(s): 1. A\n2. B\nE.5.1.1 Timepoint(s) of evaluation of this end point: Week 4"
    outcomes = study(body)["protocolSection"]["outcomesModule"]["primaryOutcomes"]
    assert outcomes == [{"measure": "A", "timeFrame": "Week 4"}, {"measure": "B", "timeFrame": "Week 4"}]


def test_a_protocol_of_a_trial_outside_the_eu_asks_other_questions_and_may_end_before_the_review() -> None:
    body = """D.8 Information on Placebo
E.8.3 Will this trial be conducted at a single site globally?: No
E.8.4 Will this trial be conducted at multiple sites globally? : Yes
E.8.6.3 Specify the countries outside of the EEA in which trial sites are planned:
Japan
Brazil
F.4.2.2 In the whole clinical trial: 30
H.4 Third Country in which the trial was first authorised
H.4.1 Third Country in which the trial was first authorised: Japan"""
    text = form(body, country="3rd").replace("EEA CTA", "Outside EU/EEA").partition("P. End of Trial")[0]
    (found,) = studies(text)
    section = own(found)
    assert (section["isSingleSiteGlobally"], section["isMultipleSitesGlobally"]) == (False, True)
    assert "isSingleSite" not in section
    assert section["plannedCountries"] == ["Japan", "Brazil"]
    assert section["firstAuthorisedThirdCountry"] == "Japan"
    assert "contactsLocationsModule" not in found["protocolSection"]
    assert unknown(found) == {}


def test_what_the_form_shows_unanswered_is_missing_in_the_register() -> None:
    body = """A.3 Full title of the trial: Tea
E.1.1 Medical condition(s) being investigated:
E.5.1 Primary end point(s): Not answered
E.5.2 Secondary end point(s):
E.5.2 Secondary end point(s) (es): Sed
F.4 Planned number of subjects to be included
F.4.1 In the member state: 12
F.4.2.2 In the whole clinical trial:"""
    found = states(study(body))
    empty = {
        path.removeprefix("protocolSection."): one["lineStart"]
        for path, one in found.items()
        if one["state"] == "empty"
    }
    assert empty == {"conditionsModule.conditions": 11, "outcomesModule.primaryOutcomes": 12}
    assert "protocolSection.identificationModule.briefTitle" not in found
