"""ICTRP's fields, registry by registry: each trap by its name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.ictrp.dates import date_converter, read_date
from pipelines.readers.ictrp.markup import line, plain, unwrapped
from pipelines.readers.mapping import Unreadable
from pipelines.staging.identity import canonical_sha256
from tests.readers.ictrp_files import module, own, states, study

START = "protocolSection.statusModule.startDateStruct.date"
COUNT = "protocolSection.designModule.enrollmentInfo.count"


@pytest.mark.parametrize(
    ("trial_id", "written", "day"),
    [
        ("NCT09000001", "March 5, 2020", "2020-03-05"),
        ("NCT09000001", "March 2020", "2020-03"),
        ("EUCTR2012-100001-91-DE", "05/03/2020", "2020-03-05"),
        ("CTIS2023-500001-91-00", "05/03/2020", "2020-03-05"),
        ("ISRCTN90000001", "05/03/2020", "2020-03-05"),
        ("ChiCTR2090000001", "2020-03-05", "2020-03-05"),
        ("JPRN-jRCT2090000001", "05/03/2020", "2020-03-05"),
        ("JPRN-UMIN000090001", "2020/03/05", "2020-03-05"),
        ("CTRI/2019/09/900001", "05-03-2020", "2020-03-05"),
        ("DRKS90000001", "05/03/2020", "2020-03-05"),
        ("ACTRN12619999999901", "05/03/2020", "2020-03-05"),
        ("KCT9000001", "2020-03-05", "2020-03-05"),
        ("IRCT20190900001N1", "2020-03-05", "2020-03-05"),
        ("RBR-9aaaaaa", "05/03/2020", "2020-03-05"),
        ("PACTR201909000000001", "05/03/2020", "2020-03-05"),
    ],
)
def test_first_enrolment_is_read_in_its_registrys_own_way(trial_id: str, written: str, day: str) -> None:
    found = study(trial_id, Date_enrollement=written)
    assert module(found, "statusModule")["startDateStruct"] == {"date": day}
    assert states(found) == {}


@pytest.mark.parametrize(
    ("trial_id", "written"),
    [("NCT09000001", "05/03/2020"), ("ChiCTR2090000001", "05/03/2020"), ("JPRN-UMIN000090001", "05/03/2020"),
     ("EUCTR2012-100001-91-DE", "5/3/2020"), ("ISRCTN90000001", "03/27/2020")],
    ids=["column without a known convention", "registry that writes the year first", "JPRN differs within",
         "rewritten by a spreadsheet", "against the convention"],
)  # fmt: skip
def test_day_and_month_that_cannot_be_told_apart_stay_null(trial_id: str, written: str) -> None:
    found = study(trial_id, Date_enrollement=written)
    assert "startDateStruct" not in module(found, "statusModule")
    assert states(found) == {START: "ambiguous"}
    (state,) = found["registrySection"]["fieldStates"]
    assert state["verbatim"] == written


@pytest.mark.parametrize(
    ("written", "day"),
    [("27/01/2020", "2020-01-27"), ("01/27/2020", "2020-01-27"), ("05/05/2021", "2021-05-05"), ("06/2019", "2019-06"),
     ("20200216", "2020-02-16"), ("2020/2/6", "2020-02-06"), ("30-Jun-2019", "2019-06-30"), ("2019", "2019")],
)  # fmt: skip
def test_dates_that_leave_no_choice_are_read_anywhere(written: str, day: str) -> None:
    assert read_date(written, day_first=False) == day


@pytest.mark.parametrize("written", ["31/02/2020", "13/13/2020", "20201301", "soon", "01/01/20", "27/01/2020 or so"])
def test_what_is_no_date_is_never_bent_into_one(written: str) -> None:
    with pytest.raises(Unreadable):
        read_date(written, day_first=True)


@given(st.dates(date(1901, 1, 1), date(2999, 12, 31)), st.sampled_from(["EUCTR", "ISRCTN", "CTRI"]))
def test_day_first_columns_give_every_day_back(day: date, registry: str) -> None:
    convert = date_converter(registry, "enrolment")
    year, month, of_month = str(day).split("-")
    joint = "-" if registry == "CTRI" else "/"
    assert convert(joint.join((of_month, month, year))) == str(day)


@given(st.text(alphabet="0123456789/-. abcJunemarch", max_size=14), st.booleans())
def test_a_date_is_read_or_refused_whatever_stands_there(text: str, day_first: bool) -> None:
    try:
        found = read_date(text, day_first=day_first)
    except Unreadable:
        return
    assert found[:4].isdigit()
    assert len(found) in (4, 7, 10)


def test_registration_is_the_submission_at_clinicaltrials_gov_and_the_posting_elsewhere() -> None:
    dates = {"Date_registration": "05/03/2020", "Date_registration3": "20200305"}
    assert module(study(**dates), "statusModule") == {"studyFirstSubmitDate": "2020-03-05"}
    found = study("ISRCTN90000001", **dates)
    assert module(found, "statusModule") == {"studyFirstPostDateStruct": {"date": "2020-03-05"}}


def test_two_dates_of_registration_that_disagree_are_neither_taken() -> None:
    found = study(Date_registration="05/03/2020", Date_registration3="20200503")
    assert "studyFirstSubmitDate" not in module(found, "statusModule")
    assert states(found) == {"protocolSection.statusModule.studyFirstSubmitDate": "ambiguous"}


def test_registration_in_figures_is_read_by_the_other_column_where_it_says_nothing_itself() -> None:
    found = study("IRCT20190900001N1", Date_registration="05/03/2020", Date_registration3="20200305")
    assert module(found, "statusModule")["studyFirstPostDateStruct"] == {"date": "2020-03-05"}
    assert states(found) == {}


def test_columns_that_ictrp_writes_itself_are_day_first_whatever_the_registry() -> None:
    found = study(
        "ChiCTR2090000001",
        results_date_posted="05/03/2020",
        results_date_completed="06/04/2020",
        Ethics_review_approval_date="07/02/2020",
        Ethics_review_status="Approved",
    )
    status = module(found, "statusModule")
    assert status["resultsFirstPostDateStruct"] == {"date": "2020-03-05"}
    assert status["completionDateStruct"] == {"date": "2020-04-06"}
    assert own(found)["ethicsReviews"] == [{"status": "Approved", "approvalDate": "2020-02-07"}]


def test_the_first_of_january_1900_is_no_date() -> None:
    found = study("JPRN-UMIN000090001", Ethics_review_approval_date="01/01/1900", Ethics_review_status="YES")
    assert own(found)["ethicsReviews"] == [{"status": "YES"}]
    assert states(found) == {}


@pytest.mark.parametrize(
    ("trial_id", "size", "info"),
    [
        ("NCT09000001", "120", {"count": 120}),
        ("NCT09000001", "0", {"count": 0}),
        ("ChiCTR2090000001", "Case series:40;", {"count": 40}),
        ("RBR-9aaaaaa", "Anticipated 120", {"count": 120, "type": "ESTIMATED"}),
        ("RBR-9aaaaaa", "90 (Actual)", {"count": 90, "type": "ACTUAL"}),
        ("CTRI/2019/09/900001", 'Total Sample Size="1,200"', {"count": 1200}),
        ("IRCT20190900001N1", "Target sample size: 60", {"count": 60}),
        ("NCT09000001", "60 participants", {"count": 60}),
        ("ChiCTR2090000001", "A: 40; B: 50; total: 90", {"count": 90}),
    ],
)
def test_a_single_stated_total_is_the_enrollment(trial_id: str, size: str, info: dict[str, object]) -> None:
    found = study(trial_id, Target_size=size)
    assert module(found, "designModule")["enrollmentInfo"] == info
    assert own(found)["targetSize"] == size


@pytest.mark.parametrize(
    "size",
    ["Target group: 30;control group:30;", "1.5: 100; control: 50", "Two groups:60;", "Control group:30;", "2-3",
     "some 40 or so", "arm A:49;arm B:49", "1:30;2:30;"],
)  # fmt: skip
def test_sizes_of_groups_are_not_added_up(size: str) -> None:
    found = study("ChiCTR2090000001", Target_size=size)
    assert "enrollmentInfo" not in module(found, "designModule")
    assert states(found) == {COUNT: "ambiguous"}
    assert own(found)["targetSize"] == size


def test_the_number_that_took_part_takes_the_place_of_the_target() -> None:
    found = study("ISRCTN90000001", Target_size="100", results_actual_enrollment="87")
    assert module(found, "designModule")["enrollmentInfo"] == {"count": 87, "type": "ACTUAL"}
    assert own(found)["targetSize"] == "100"


@pytest.mark.parametrize(
    ("trial_id", "low", "high", "ages"),
    [
        ("NCT09000001", "18 Years", "N/A", {"minimumAge": "18 Years"}),
        ("NCT09000001", "6 Months", "1 Year", {"minimumAge": "6 Months", "maximumAge": "1 Year"}),
        ("ChiCTR2090000001", "18", "75", {"minimumAge": "18 Years", "maximumAge": "75 Years"}),
        ("JPRN-jRCT2090000001", ">= 20age old", "<= 85age old", {"minimumAge": "20 Years", "maximumAge": "85 Years"}),
        ("JPRN-UMIN000090001", "20years-old", "Not applicable", {"minimumAge": "20 Years"}),
        ("KCT9000001", "60(Year)", "80(Year)", {"minimumAge": "60 Years", "maximumAge": "80 Years"}),
        ("CTRI/2019/09/900001", "18.00 Year(s)", "6.00 Month(s)", {"minimumAge": "18 Years", "maximumAge": "6 Months"}),
        ("RBR-9aaaaaa", "18Y", "65Y", {"minimumAge": "18 Years", "maximumAge": "65 Years"}),
        ("IRCT20190900001N1", "18 years", "no limit", {"minimumAge": "18 Years"}),
        ("DRKS90000001", "None", "no maximum age", {}),
        ("ACTRN12619999999901", "18 Years", "No limit", {"minimumAge": "18 Years"}),
    ],
)
def test_ages_in_each_registrys_words(trial_id: str, low: str, high: str, ages: dict[str, str]) -> None:
    found = study(trial_id, Inclusion_agemin=low, Inclusion_agemax=high)
    assert module(found, "eligibilityModule") == ages
    assert states(found) == {}


@pytest.mark.parametrize(
    ("trial_id", "name", "age"),
    [("CTIS2023-500001-91-00", "Inclusion_agemax", "65+"), ("JPRN-jRCT2090000001", "Inclusion_agemax", "< 80age old"),
     ("JPRN-jRCT2090000001", "Inclusion_agemin", "> 18age old"), ("ISRCTN90000001", "Inclusion_agemin", "18"),
     ("ChiCTR2090000001", "Inclusion_agemax", "??"), ("CTRI/2019/09/900001", "Inclusion_agemin", "0.50 Year(s)")],
)  # fmt: skip
def test_ages_that_are_not_one_age_stay_null(trial_id: str, name: str, age: str) -> None:
    found = study(trial_id, **{name: age})
    assert module(found, "eligibilityModule") == {}
    assert list(states(found).values()) == ["ambiguous"]


@pytest.mark.parametrize(
    ("written", "sex"),
    [("All", "ALL"), ("Both", "ALL"), ("Both, male and female", "ALL"), ("Both males and females", "ALL"),
     ("Male and Female", "ALL"), ("Females", "FEMALE"), ("Male", "MALE"),
     ("<br>Female: yes<br>Male: yes<br>", "ALL"), ("<br> Female: no<br> Male: yes<br>", "MALE"),
     ("Female: yes Male: no", "FEMALE")],
)  # fmt: skip
def test_sexes_in_each_registrys_words(written: str, sex: str) -> None:
    assert module(study(Inclusion_gender=written), "eligibilityModule") == {"sex": sex}


EU_PHASE = (
    "Human pharmacology (Phase I): {} Therapeutic exploratory (Phase II): {}"
    " Therapeutic confirmatory - (Phase III): {} Therapeutic use (Phase IV): {}"
)


@pytest.mark.parametrize(
    ("trial_id", "written", "phases"),
    [
        ("NCT09000001", "Phase 2/Phase 3", ["PHASE2", "PHASE3"]),
        ("NCT09000001", "Early Phase 1", ["EARLY_PHASE1"]),
        ("NCT09000001", "N/A", ["NA"]),
        (
            "EUCTR2012-100001-91-DE",
            EU_PHASE.format("no", "yes", "yes", "no").replace(" Therap", "\n   Therap"),
            ["PHASE2", "PHASE3"],
        ),
        ("ChiCTR2090000001", "2-3", ["PHASE2", "PHASE3"]),
        ("ChiCTR2090000001", "4", ["PHASE4"]),
        ("ISRCTN90000001", "Phase II/III", ["PHASE2", "PHASE3"]),
        ("ISRCTN90000001", "Not Applicable", ["NA"]),
        ("KCT9000001", "Phase1/Phase2", ["PHASE1", "PHASE2"]),
        ("CTRI/2019/09/900001", "Phase 2/ Phase 3", ["PHASE2", "PHASE3"]),
        ("JPRN-UMIN000090001", "I,II", ["PHASE1", "PHASE2"]),
        ("JPRN-UMIN000090001", "Phase IIa/IIb", ["PHASE2"]),
    ],
)
def test_phases_in_each_registrys_words(trial_id: str, written: str, phases: list[str]) -> None:
    found = study(trial_id, Phase=written, Study_type="Interventional")
    assert module(found, "designModule")["phases"] == phases
    assert own(found)["phase"] == line(written)


@pytest.mark.parametrize(
    ("trial_id", "written"),
    [("ChiCTR2090000001", "0"), ("ChiCTR2090000001", "Retrospective study"),
     ("EUCTR2012-100001-91-DE", EU_PHASE.format("no", "no", "no", "no")),
     ("CTRI/2019/09/900001", "Post Marketing Surveillance")],
)  # fmt: skip
def test_what_is_no_phase_stays_null(trial_id: str, written: str) -> None:
    found = study(trial_id, Phase=written)
    assert "phases" not in module(found, "designModule")
    assert states(found) == {"protocolSection.designModule.phases[]": "ambiguous"}


def test_no_phase_of_a_study_that_is_not_interventional_says_nothing() -> None:
    assert "phases" not in module(study(Phase="N/A", Study_type="Observational"), "designModule")
    assert module(study(Phase="Phase 4", Study_type="Observational"), "designModule")["phases"] == ["PHASE4"]


@pytest.mark.parametrize(
    "written", ["Not recruiting", "Not Recruiting", "Authorised", "Authorised-recruitment may be ongoing or finished"]
)
def test_not_recruiting_is_not_completed(written: str) -> None:
    found = study(Recruitment_Status=written)
    assert "overallStatus" not in module(found, "statusModule")
    assert states(found) == {"protocolSection.statusModule.overallStatus": "ambiguous"}
    assert own(found)["recruitmentStatus"] == written


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Recruiting", "RECRUITING"),
        ("Completed", "COMPLETED"),
        ("Prematurely Ended", "TERMINATED"),
        ("Not Available", None),
    ],
)
def test_status_words_that_mean_the_same(written: str, status: str | None) -> None:
    found = study(Recruitment_Status=written)
    assert module(found, "statusModule").get("overallStatus") == status
    assert states(found) == {}


def test_study_types() -> None:
    registry = study(Study_type="Observational [Patient Registry]")
    assert module(registry, "designModule") == {"studyType": "OBSERVATIONAL", "patientRegistry": True}
    diagnostic = study("ChiCTR2090000001", Study_type="Diagnostic test")
    assert module(diagnostic, "designModule") == {}
    assert own(diagnostic)["studyType"] == "Diagnostic test"


@pytest.mark.parametrize(
    ("trial_id", "written", "info"),
    [
        (
            "NCT09000001",
            ("Allocation: Randomized. Intervention model: Parallel Assignment. Primary purpose: Treatment."
            " Masking: Double (Participant, Outcomes Assessor). "),
            {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL", "primaryPurpose": "TREATMENT",
             "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "OUTCOMES_ASSESSOR"]}},
        ),
        (
            "NCT09000001",
            ("Allocation: Randomized, Endpoint Classification: Efficacy Study, Intervention Model:"
            " Crossover Assignment, Masking: Double Blind (Subject, Caregiver, Investigator, Outcomes Assessor),"
             " Primary Purpose: Prevention"),
            {"allocation": "RANDOMIZED", "interventionModel": "CROSSOVER", "primaryPurpose": "PREVENTION",
             "maskingInfo": {"masking": "QUADRUPLE",
                             "whoMasked": ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]}},
        ),
        (
            "EUCTR2012-100001-91-DE",
            ("Controlled: yes<br>Randomised: yes<br>Open: yes<br>Single blind: no<br>Double blind: no<br>"
            "Parallel group: no<br>Cross over: yes<br>Other: no<br>Placebo: no"),
            {"allocation": "RANDOMIZED", "interventionModel": "CROSSOVER", "maskingInfo": {"masking": "NONE"}},
        ),
        (
            "KCT9000001",
            "Primary Purpose : Diagnosis, Intervention Model : Others, Blinding/Masking : Open, Allocation : N/A",
            {"primaryPurpose": "DIAGNOSTIC", "maskingInfo": {"masking": "NONE"}, "allocation": "NA"},
        ),
        (
            "IRCT20190900001N1",
            ("Randomization: Not randomized, Blinding: Not blinded, Placebo: Not used, Assignment: Single,"
            " Purpose: Treatment, Randomization description: by lot, so to say."),
            {"allocation": "NON_RANDOMIZED", "maskingInfo": {"masking": "NONE"}, "interventionModel": "SINGLE_GROUP",
             "primaryPurpose": "TREATMENT"},
        ),
        ("ChiCTR2090000001", "Sequential", None),
    ],
)  # fmt: skip
def test_designs_are_read_where_they_are_labelled(trial_id: str, written: str, info: dict[str, object] | None) -> None:
    found = study(trial_id, Study_design=written)
    assert module(found, "designModule").get("designInfo") == info
    assert own(found)["studyDesign"] == plain(written)


def test_left_overs_of_html_go_and_paragraphs_stay() -> None:
    assert plain("a\r<br>b\n<br>c<br>d<br><br>e") == "a\nb\nc\nd\n\ne"
    assert plain("<p>one</p><p>two<br />\r<br>three</p>") == "one\n\ntwo\nthree"
    assert plain("x &lt; 5 &amp;lt; 6 &amp;amp; R&D &#32;") == "x < 5 < 6 & R&D"
    assert plain("eGFR <45 ml/min and p<0.05, <i>E. coli</i>") == "eGFR <45 ml/min and p<0.05, E. coli"
    assert line("a <br> b\n c" + " " * 4000) == "a b c"


@given(st.text(alphabet="ab<>br/ \r\n&;lt#1p", max_size=60))
def test_cleaning_twice_changes_no_line_ends(text: str) -> None:
    once = plain(text)
    assert once == once.strip()
    assert "\r" not in once
    assert "\n\n\n" not in once


def test_wrapped_lines_are_joined_and_items_of_lists_are_not() -> None:
    text = "<br>     Inclusion Criteria:\r<br>\r<br>       -  Age 18\r<br>          or more\r<br>       2. Cough\r<br>"
    assert unwrapped(text) == "Inclusion Criteria:\n\n- Age 18 or more\n2. Cough"


def test_criteria_stand_under_one_heading_each() -> None:
    found = study(
        "ISRCTN90000001",
        Inclusion_Criteria="Inclusion criteria: <br>  1. Cough<br>  2. Tea",
        Exclusion_Criteria="Exclusion criteria: None<br>",
    )
    text = "Inclusion Criteria:\n1. Cough\n2. Tea\n\nExclusion Criteria:\nNone"
    assert module(found, "eligibilityModule")["eligibilityCriteria"] == text
    both = "<br>   Inclusion Criteria:\r<br>\r<br>   Cough\r<br>\r<br>   Exclusion Criteria:\r<br>\r<br>   Tea"
    assert module(study(Inclusion_Criteria=both), "eligibilityModule") == {
        "eligibilityCriteria": "Inclusion Criteria:\n\nCough\n\nExclusion Criteria:\n\nTea"
    }
    empty = study(
        "JPRN-UMIN000090001", Inclusion_Criteria="Inclusion criteria:", Exclusion_Criteria="Exclusion criteria: Tea"
    )
    assert module(empty, "eligibilityModule")["eligibilityCriteria"] == "Exclusion Criteria:\nTea"


def test_countries_once_each_and_regions_are_none() -> None:
    def of(trial_id: str, text: str) -> list[str]:
        return [
            one["country"] for one in module(study(trial_id, Countries=text), "contactsLocationsModule")["locations"]
        ]

    assert of("IRCT20190900001N1", "Iran (Islamic Republic of);Iran (Islamic Republic of)") == [
        "Iran (Islamic Republic of)"
    ]
    assert of("JPRN-jRCT2090000001", "Japan;Asia except Japan;Europe") == ["Japan"]
    assert of("JPRN-UMIN000090001", "Japan,Asia(except Japan),Australia,Europe") == ["Japan", "Australia"]
    assert of("ACTRN12619999999901", "Korea, Republic of;Taiwan, Province Of China") == [
        "Korea, Republic of",
        "Taiwan, Province Of China",
    ]


def test_conditions_are_told_from_the_codes_behind_them() -> None:
    def of(trial_id: str, text: str) -> list[str]:
        found: list[str] = module(study(trial_id, Condition=text), "conditionsModule")["conditions"]
        return found

    assert of("NCT09000001", "Cough;Hiccup, chronic") == ["Cough", "Hiccup, chronic"]
    assert of("EUCTR2012-100001-91-DE", "Dry cough <br>MedDRA version: 21.1\nLevel: PT\n;Therapeutic area: X") == [
        "Dry cough"
    ]
    assert of("CTIS2023-500001-91-00", "Dry\ncough ;Therapeutic area: X") == ["Dry cough"]
    assert of("ISRCTN90000001", "Cough <br>Respiratory <br>Cough") == ["Cough"]
    assert of("DRKS90000001", "<br>R05;Cough;R05") == ["R05; Cough"]
    assert of("ACTRN12619999999901", "Cough;Hiccup; <br>Cough <br>Hiccup;Other") == ["Cough", "Hiccup"]


def test_interventions_of_clinicaltrials_gov_have_types_and_may_hold_semicolons() -> None:
    found = study(Intervention="Drug: Tea; hot;Other: No tea;Procedure/Surgery: Cup")
    assert module(found, "armsInterventionsModule")["interventions"] == [
        {"type": "DRUG", "name": "Tea; hot"},
        {"type": "OTHER", "name": "No tea"},
        {"type": "PROCEDURE", "name": "Cup"},
    ]


def test_products_of_the_eu_registers_are_told_apart() -> None:
    text = (
        "<br>Product Name: Tea<br>Pharmaceutical Form: Infusion<br>INN or Proposed INN: THEINE<br><br>"
        "Trade Name: Cup<br>Product Name: Cup<br>"
    )
    assert module(study("EUCTR2012-100001-91-DE", Intervention=text), "armsInterventionsModule")["interventions"] == [
        {"name": "Tea", "otherNames": ["THEINE"],
         "description": "Product Name: Tea\nPharmaceutical Form: Infusion\nINN or Proposed INN: THEINE"},
        {"name": "Cup", "description": "Trade Name: Cup\nProduct Name: Cup"},
    ]  # fmt: skip


def test_interventions_in_prose_stay_whole() -> None:
    found = study("ChiCTR2090000001", Intervention="Case series:Nil;")
    assert module(found, "armsInterventionsModule")["interventions"] == [{"description": "Case series:Nil;"}]


def test_outcomes_are_listed_only_where_the_registrys_items_are_titles() -> None:
    def of(trial_id: str, text: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = module(study(trial_id, Primary_outcome=text), "outcomesModule")["primaryOutcomes"]
        return found

    assert of("NCT09000001", "Cough; dry;Tea") == [{"measure": "Cough; dry"}, {"measure": "Tea"}]
    assert of("ChiCTR2090000001", "Cough;Tea;") == [{"measure": "Cough"}, {"measure": "Tea"}]
    assert of("ACTRN12619999999901", "Cough<br>[Day 3 ];Tea[Day 4]") == [
        {"measure": "Cough", "timeFrame": "Day 3"},
        {"measure": "Tea", "timeFrame": "Day 4"},
    ]
    assert of("IRCT20190900001N1", "Cough. Timepoint: Daily. Method of measurement: Ear.") == [
        {"measure": "Cough", "timeFrame": "Daily", "description": "Method of measurement: Ear."}
    ]
    assert of("ISRCTN90000001", "<br>  1. Cough; dry<br>  2. Tea") == [{"measure": "1. Cough; dry\n2. Tea"}]


def test_outcomes_of_the_eu_registers_in_any_order_of_their_labels() -> None:
    text = (
        "Timepoint(s) of evaluation of this end point: Day 3;Secondary Objective: To rest;"
        "Primary end point(s): Cough<br>;Main Objective: To drink; tea"
    )
    found = study("EUCTR2012-100001-91-DE", Primary_outcome=text)
    assert module(found, "outcomesModule")["primaryOutcomes"] == [{"measure": "Cough", "timeFrame": "Day 3"}]
    assert own(found)["mainObjective"] == "To drink; tea"
    assert own(found)["secondaryObjective"] == "To rest"


def test_secondary_numbers_are_listed_and_related_records_are_never_own_numbers() -> None:
    found = study(
        "EUCTR2012-100001-91-DE",
        Secondary_ID="NCT09000002;TEA-1; 2012-100001-91-FR;Nil known",
        Childs="ISRCTN90000009;DRKS90000009",
        Bridging_flag_truefalse="True",
        Bridged_type="parent    ",
        other_records="Yes",
    )
    ids = [one["id"] for one in module(found, "identificationModule")["secondaryIdInfos"]]
    assert ids == ["NCT09000002", "TEA-1", "2012-100001-91-FR", "Nil known"]
    assert own(found)["childRecordIds"] == ["ISRCTN90000009", "DRKS90000009"]
    assert (own(found)["isBridged"], own(found)["bridgedType"], own(found)["otherRecords"]) == (True, "parent", True)


def test_contacts_stand_side_by_side_only_where_the_columns_match() -> None:
    found = study(
        Contact_Firstname=" ; ; ",
        Contact_Lastname="A. Leaf, MD;B. Cup;B. Cup",
        Contact_Email=";b@example.org;b@example.org",
        Contact_Tel="-;1;1",
        Contact_Affiliation="Institute of Tea;",
    )
    assert module(found, "contactsLocationsModule")["centralContacts"] == [
        {"name": "B. Cup", "phone": "1", "email": "b@example.org"}
    ]
    assert own(found)["contacts"] == [
        {"lastName": "A. Leaf, MD", "affiliation": "Institute of Tea"},
        {"lastName": "B. Cup", "email": "b@example.org", "phone": "1"},
    ]


def test_scientific_contacts_are_officials_and_public_ones_central_contacts() -> None:
    found = study(
        "ISRCTN90000001",
        Public_Contact_Firstname="Ada",
        Public_Contact_Lastname="Leaf",
        Public_Contact_Email="a@example.org",
        Scientific_Contact_Firstname="Ben",
        Scientific_Contact_Lastname="Cup",
        Scientific_Contact_Affiliation="Institute; of Tea",
    )
    people = module(found, "contactsLocationsModule")
    assert people["centralContacts"] == [{"name": "Ada Leaf", "email": "a@example.org"}]
    assert people["overallOfficials"] == [{"name": "Ben Cup", "affiliation": "Institute; of Tea"}]
    assert [one["role"] for one in own(found)["contacts"]] == ["public", "scientific"]


def test_ethics_reviews_side_by_side() -> None:
    found = study(
        "NL-OMON90001",
        Ethics_review_status="Approved;Not approved",
        Ethics_review_approval_date="01/03/2021;06/05/2021",
        Ethics_review_contact_name=";",
        Ethics_review_contact_address="First board;Second board",
    )
    assert own(found)["ethicsReviews"] == [
        {"status": "Approved", "approvalDate": "2021-03-01", "contactAddress": "First board"},
        {"status": "Not approved", "approvalDate": "2021-05-06", "contactAddress": "Second board"},
    ]


def test_stamps_make_no_version() -> None:
    """What ICTRP stamps anew at each export must not make every record look changed."""
    old = study(Last_Refreshed_on="3 February 2020", Export_date="4/7/2020 10:40:56 AM")
    new = study(Last_Refreshed_on="17 May 2024", Export_date="06/09/2024 16:01:13")
    assert old["derivedSection"]["miscInfoModule"]["versionHolder"] == "2020-02-03"
    assert canonical_sha256(old) == canonical_sha256(new)


def test_page_links_are_kept_only_where_they_say_more_than_the_number() -> None:
    assert "recordUrl" not in study(web_address="https://clinicaltrials.gov/show/NCT09000001")["registrySection"]
    link = "http://www.chictr.org.cn/showproj.aspx?proj=49181"
    assert study("ChiCTR2090000001", web_address=link)["registrySection"]["recordUrl"] == link


def test_data_sharing_and_results() -> None:
    found = study(
        "ISRCTN90000001",
        results_IPD_plan="Yes",
        results_IPD_description="On <b>request</b>",
        results_yes_no="Yes",
        results_url_link="https://example.org/r",
        Source_Support="Please refer to primary and secondary sponsors",
        Secondary_Sponsor="Cup, Inc.;None;Leaf",
    )
    assert module(found, "ipdSharingStatementModule") == {"ipdSharing": "YES", "description": "On request"}
    assert found["hasResults"] is True
    assert own(found)["resultsUrl"] == "https://example.org/r"
    assert "sourceSupport" not in own(found)
    assert module(found, "sponsorCollaboratorsModule")["collaborators"] == [{"name": "Cup, Inc."}, {"name": "Leaf"}]
