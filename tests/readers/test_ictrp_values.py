"""ICTRP's coded fields, registry by registry: sizes, ages, sex, phases, status, types and designs."""

from __future__ import annotations

import pytest

from pipelines.readers.ictrp.markup import line, plain
from tests.readers.ictrp_files import module, own, states, study

COUNT = "protocolSection.designModule.enrollmentInfo.count"


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
        ("ISRCTN90000001", "Planned Sample Size: 1,200; UK Sample Size: 800", {"count": 1200, "type": "ESTIMATED"}),
        ("ChiCTR2090000001", "A: 40; B: 50; total: 90", {"count": 90}),
        ("ChiCTR2090000001", "A: 600; B: 600; total 1,200.", {"count": 1200}),
        ("ChiCTR2090000001", "Total sample of 90 patients, 45 in each arm", {"count": 90}),
        ("ChiCTR2090000001", "Arms of 45 (total: 90)", {"count": 90}),
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


@pytest.mark.parametrize(
    "size",
    ["A total of 2 groups, 30 each", "Total 30 per group", "total: 10-20", "in total 12.5", "Total: 1 200",
     "total 1.200", "total 30/arm", "A total 30; B total 40", "A total 30; B in total more", "1234567890", "²"],
)  # fmt: skip
def test_a_number_that_goes_on_is_no_total(size: str) -> None:
    """ "Total of 2 groups, 30 each" was a study of two people, "total 1,200" of one."""
    found = study("ChiCTR2090000001", Target_size=size)
    assert "enrollmentInfo" not in module(found, "designModule")
    assert states(found) == {COUNT: "ambiguous"}


def test_the_number_that_took_part_takes_the_place_of_the_target() -> None:
    found = study("ISRCTN90000001", Target_size="100", results_actual_enrollment="87")
    assert module(found, "designModule")["enrollmentInfo"] == {"count": 87, "type": "ACTUAL"}
    assert own(found)["targetSize"] == "100"


@pytest.mark.parametrize(("written", "count"), [("1", 1), ("0", 100)])
def test_nobody_who_took_part_is_no_number(written: str, count: int) -> None:
    found = study("ISRCTN90000001", Target_size="100", results_actual_enrollment=written)
    assert module(found, "designModule")["enrollmentInfo"]["count"] == count


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
        ("PACTR202001900000001", "Phase-3", ["PHASE3"]),
        ("PACTR202001900000001", "Phase-2/Phase-3", ["PHASE2", "PHASE3"]),
        ("JPRN-UMIN000090001", "Phase IIa/IIb", ["PHASE2"]),
        ("CTIS2023-500001-91-00", "Human Pharmacology (Phase I)- Other", ["PHASE1"]),
        ("CTIS2023-500001-91-00", "Human Pharmacology (Phase I) - Bioequivalence Study", ["PHASE1"]),
        ("CTIS2023-500001-91-00", "Therapeutic exploratory (Phase II)", ["PHASE2"]),
        ("CTIS2023-500001-91-00", "Phase II and Phase III (Integrated)", ["PHASE2", "PHASE3"]),
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


@pytest.mark.parametrize("trial_id", ["ChiCTR2090000001", "ITMCTR2090000001"])
def test_chinas_registries_list_purposes_as_types_and_a_perspective_as_a_phase(trial_id: str) -> None:
    """As in ChiCTR's own files; both were lost in ICTRP's copies."""
    diagnostic = study(trial_id, Study_type="Diagnostic test", Study_design="Sequential")
    assert module(diagnostic, "designModule") == {"designInfo": {"primaryPurpose": "DIAGNOSTIC"}}
    assert own(diagnostic)["studyType"] == "Diagnostic test"
    cohort = study(trial_id, Study_type="Prognosis study", Study_design="Cohort study", Phase="Retrospective study")
    info = {"observationalModel": "COHORT", "timePerspective": "RETROSPECTIVE"}
    assert module(cohort, "designModule") == {"designInfo": info}
    arm = study(trial_id, Study_type="Treatment study", Study_design="Single arm")
    info = {"primaryPurpose": "TREATMENT", "allocation": "NA", "interventionModel": "SINGLE_GROUP"}
    assert module(arm, "designModule") == {"designInfo": info}


def test_a_purpose_as_type_says_nothing_in_other_registries() -> None:
    assert module(study("JPRN-UMIN000090001", Study_type="Prevention"), "designModule") == {}
    assert module(study("CTRI/2019/09/900001", Phase="Retrospective study"), "designModule") == {}


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
        (
            "IRCT20190900001N1",  # what a description quotes later is no second answer
            "Blinding: Double blinded, Assignment: Parallel, Blinding description: by lot. Masking: None.",
            {"maskingInfo": {"masking": "DOUBLE"}, "interventionModel": "PARALLEL"},
        ),
        # lists of a form's words, without labels: 385 of 1,022 records of two exports lost their designs
        (
            "JPRN-jRCT1090000001",
            ("randomized controlled trial, open(masking not used), historical control, parallel assignment, treatment"
             " purpose"),
            {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "NONE"}, "interventionModel": "PARALLEL",
             "primaryPurpose": "TREATMENT"},
        ),
        (
            "JPRN-jRCT1090000001",  # one arm and a parallel assignment: neither is taken
            "single arm study, open(masking not used), uncontrolled control, parallel assignment, treatment purpose",
            {"maskingInfo": {"masking": "NONE"}, "primaryPurpose": "TREATMENT"},
        ),
        ("JPRN-UMIN090000001", "Parallel Randomized", {"interventionModel": "PARALLEL", "allocation": "RANDOMIZED"}),
        ("JPRN-UMIN090000001", "Not selected Not selected", None),
        (
            "CTRI/2019/09/900001",
            ("Randomized, Parallel Group Trial<br/>Method of generating randomization sequence:Other<br/>Method of"
             " allocation concealment:Open list, randomised<br/>Blinding and masking:Open Label"),
            {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL", "maskingInfo": {"masking": "NONE"}},
        ),
        ("JPRN-jRCT1090000001", "Multicenter, open-label study of treatment, Other, single", None),
        ("NL9001", "<br> Randomized: No, <br> Group: undefined, <br> Type: 2 or more arms, randomized<br>", None),
        (
            "NL9001",
            "<br> Randomized: Yes, <br> Masking: Double, <br> Control: Placebo, <br> Group: Parallel, <br> Type: x",
            {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "DOUBLE"}, "interventionModel": "PARALLEL"},
        ),
        (
            "KCT9000001",
            "Intervention Model : Cross-over, Allocation : Non-RCT",
            {"interventionModel": "CROSSOVER", "allocation": "NON_RANDOMIZED"},
        ),
        ("DRKS90000001", "Allocation: Randomized controlled study; Control: placebo;", {"allocation": "RANDOMIZED"}),
        ("ISRCTN90000001", "Observational study, prevention", None),
        ("ChiCTR2090000001", "Parallel", {"interventionModel": "PARALLEL"}),
        ("ChiCTR2090000001", "Single arm", {"allocation": "NA", "interventionModel": "SINGLE_GROUP"}),
        ("ChiCTR2090000001", "Sequential", None),
    ],
)  # fmt: skip
def test_designs_are_read_where_they_are_certain(trial_id: str, written: str, info: dict[str, object] | None) -> None:
    found = study(trial_id, Study_design=written)
    assert module(found, "designModule").get("designInfo") == info
    assert own(found)["studyDesign"] == plain(written)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes - There is a plan to make this available", "YES"),
        ("No - There is not a plan to make this available", "NO"),
        ("Undecided - It is not yet known", "UNDECIDED"),
        ("Yes", "YES"),
    ],
)
def test_irans_registry_says_a_sentence_of_the_plan_to_share_data(text: str, said: str) -> None:
    found = study("IRCT20200000000091N1", results_IPD_plan=text)
    assert module(found, "ipdSharingStatementModule") == {"ipdSharing": said}
    assert states(found) == {}


def test_a_phase_that_is_not_available_is_none() -> None:
    found = study("SLCTR/2021/901", Phase="Not Available")
    assert (module(found, "designModule"), states(found)) == ({}, {})
