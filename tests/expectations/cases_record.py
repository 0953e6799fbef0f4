"""Cases of the rules on status, enrollment, identifiers and design."""

from __future__ import annotations

from tests.expectations.cases import Case, Cases, failed, passed, unsure
from tests.quality.warehouse import PAGE, Row, child, record, says

STATUS = "protocolSection.statusModule"
DESIGN = "protocolSection.designModule"


def identifier(raw: str, role: str = "own", **values: object) -> Row:
    """A row of core.identifier."""
    return child(
        "core.identifier",
        **({"id_type": "CTGOV", "id_raw": raw, "id_norm": raw, "role": role, "is_valid": True} | values),
    )


def secondary(
    raw: str, declared: str | None, *, read_as: str | None, is_valid: bool = True, reason: str | None = None
) -> list[Row]:
    """A secondary id as it was declared, and as it was read."""
    rows = [record(), child("staging.secondary_id", id=raw, type=declared)]
    if read_as:
        rows.append(identifier(raw, "secondary", id_type=read_as, is_valid=is_valid, reason=reason))
    return rows


def withdrawn(**values: object) -> Row:
    return record(overall_status="WITHDRAWN", **values)


def interventional(**values: object) -> Row:
    return record(study_type="INTERVENTIONAL", **values)


def observational(**values: object) -> Row:
    return record(study_type="OBSERVATIONAL", **values)


def flow(*started: str, period: int = 1) -> list[Row]:
    """A participant flow: how many started in a period, by group."""
    return [
        child("staging.participant_flow_period_milestone", period_position=period, type="STARTED"),
        *(
            child(
                "staging.participant_flow_period_milestone_achievement",
                period_position=period,
                milestone_position=1,
                position=n,
                group_id=f"FG{n}",
                num_subjects=text,
            )
            for n, text in enumerate(started, start=1)
        ),
    ]


def alike(count: int, usual: int, **outlier: object) -> list[Row]:
    """`count` interventional phase 2 records around one enrollment, and one more."""
    rows = [
        record(
            f"CTGOV:NCT1{n:07}",
            version_id=n + 10,
            study_type="INTERVENTIONAL",
            phase="PHASE2",
            enrollment=usual + n,
        )
        for n in range(count)
    ]
    return [*rows, record(**({"study_type": "INTERVENTIONAL", "phase": "PHASE2"} | outlier))]


def masked(masking: str | None, *roles: str, source_format: str = "ctgov_v2") -> list[Row]:
    """A record with its masking and the roles that are masked."""
    return [
        record(masking=masking, source_format=source_format),
        *(child("staging.who_masked", position=n, who_masked=role) for n, role in enumerate(roles, start=1)),
    ]


def dual(**differing: object) -> list[Row]:
    """Two records of one trial that agree in everything but what is named."""
    both = {"trial_id": "TRIAL:1", "overall_status": "COMPLETED", "enrollment": 10, "sex": "ALL", "has_results": False}
    if differing.get("enrollment_type") == "ESTIMATED":
        both["enrollment_type"] = "ESTIMATED"
    return [
        record(**both),
        record("EUDRACT:2031-009876-54", version_id=2, **(both | differing)),
        ("core.trial", {"trial_id": "TRIAL:1", "primary_record_key": "CTGOV:NCT00000001", "record_count": 2}),
    ]


_FOUR = {"allocation": "NA", "intervention_model": "SINGLE_GROUP", "primary_purpose": "TREATMENT", "masking": "NONE"}
_TWO = {"observational_model": "COHORT", "time_perspective": "PROSPECTIVE"}


def needs_arms(**design: object) -> list[Case]:
    """The cases of the rules that ask for two arms."""
    return [
        passed(record(arm_count=2, **design)),
        failed(record(arm_count=1, **design)),
        unsure(record(arm_count=0, **design)),
        unsure(record(arm_count=1, source_format=PAGE, **design)),
        unsure(record(arm_count=1)),
    ]


CASES: Cases = {
    "status_enum": [
        passed(record(overall_status="RECRUITING")),
        failed(record(overall_status="Recruiting")),
        unsure(record()),
    ],
    "status_type_match": [
        passed(record(overall_status="AVAILABLE", study_type="EXPANDED_ACCESS")),
        passed(interventional(overall_status="RECRUITING")),
        failed(interventional(overall_status="AVAILABLE")),
        failed(record(overall_status="RECRUITING", study_type="EXPANDED_ACCESS")),
        unsure(interventional(overall_status="WITHHELD")),
        unsure(record(overall_status="RECRUITING")),
        unsure(interventional(overall_status="Recruiting")),
    ],
    "unknown_has_last_known": [
        passed(record(overall_status="UNKNOWN", last_known_status="RECRUITING")),
        passed(record(overall_status="COMPLETED")),
        failed(record(overall_status="UNKNOWN")),
        failed(record(overall_status="COMPLETED", last_known_status="RECRUITING")),
        unsure(record(overall_status="UNKNOWN", source_format=PAGE), says(f"{STATUS}.lastKnownStatus", state="absent")),
        unsure(record()),
    ],
    "why_stopped_present": [
        passed(withdrawn(why_stopped="No money")),
        failed(withdrawn()),
        failed(withdrawn(why_stopped="  ")),
        failed(withdrawn(source_format="ctgov_xml")),
        unsure(withdrawn(source_format=PAGE)),
        unsure(record(overall_status="COMPLETED")),
    ],
    "why_stopped_only": [
        passed(record(overall_status="COMPLETED")),
        failed(record(overall_status="COMPLETED", why_stopped="No money")),
        failed(record(overall_status="COMPLETED", why_stopped="No money", source_format=PAGE)),
        passed(record(overall_status="COMPLETED", why_stopped=" ")),
        unsure(record(overall_status="COMPLETED", source_format=PAGE)),
        unsure(record(overall_status="UNKNOWN", why_stopped="No money")),
        unsure(withdrawn(why_stopped="No money")),
    ],
    "why_stopped_len": [
        passed(withdrawn(why_stopped="x" * 250)),
        passed(withdrawn(why_stopped="x" * 248 + r"\>5")),
        failed(withdrawn(why_stopped="x" * 251)),
        unsure(withdrawn()),
    ],
    "enrollment_present": [
        passed(interventional(enrollment=0)),
        failed(interventional()),
        unsure(interventional(source_format=PAGE)),
        unsure(record(study_type="EXPANDED_ACCESS")),
        unsure(record()),
    ],
    "enrollment_nonneg": [passed(record(enrollment=0)), failed(record(enrollment=-1)), unsure(record())],
    "withdrawn_zero": [
        passed(withdrawn(enrollment=0, enrollment_type="ACTUAL")),
        passed(withdrawn(enrollment=0)),
        failed(withdrawn(enrollment=3, enrollment_type="ACTUAL")),
        failed(withdrawn(enrollment=0, enrollment_type="ESTIMATED")),
        unsure(withdrawn()),
        unsure(withdrawn(enrollment_type="ESTIMATED")),
        unsure(record(overall_status="RECRUITING", enrollment=3)),
    ],
    "zero_only_withdrawn": [
        passed(withdrawn(enrollment=0)),
        passed(record(overall_status="COMPLETED", enrollment=1)),
        passed(record(overall_status="AVAILABLE", enrollment=0)),
        failed(record(overall_status="COMPLETED", enrollment=0)),
        # Whether a study of unknown status ever ran, only its last known status says.
        passed(record(overall_status="UNKNOWN", last_known_status="NOT_YET_RECRUITING", enrollment=0)),
        failed(record(overall_status="UNKNOWN", last_known_status="RECRUITING", enrollment=0)),
        unsure(record(overall_status="UNKNOWN", enrollment=0)),
        unsure(record(enrollment=0)),
        unsure(record(overall_status="COMPLETED")),
    ],
    "enroll_type_actual": [
        passed(record(overall_status="COMPLETED", enrollment_type="ACTUAL")),
        failed(record(overall_status="TERMINATED", enrollment_type="ESTIMATED")),
        unsure(record(overall_status="COMPLETED", enrollment=5)),
        unsure(record(overall_status="RECRUITING", enrollment_type="ESTIMATED")),
    ],
    "enroll_type_estimated": [
        passed(record(overall_status="RECRUITING", enrollment_type="ESTIMATED")),
        failed(record(overall_status="NOT_YET_RECRUITING", enrollment_type="ACTUAL")),
        passed(record(overall_status="ENROLLING_BY_INVITATION", enrollment_type="ESTIMATED")),
        failed(record(overall_status="ENROLLING_BY_INVITATION", enrollment_type="ACTUAL")),
        unsure(record(overall_status="RECRUITING", enrollment=5)),
        unsure(record(overall_status="COMPLETED", enrollment_type="ACTUAL")),
    ],
    "enroll_outlier": [
        passed(*alike(30, 100, enrollment=110)),
        passed(*alike(30, 100, enrollment=1)),
        failed(*alike(30, 100, enrollment=90_000)),
        failed(interventional(enrollment=1_000_001)),
        failed(interventional(enrollment=2**63 - 1)),  # 1 more than that: the rule could not run, for any record
        unsure(*alike(10, 100, enrollment=90_000)),
        unsure(record(enrollment=100)),
    ],
    "enroll_flow_match": [
        passed(record(enrollment=30, enrollment_type="ACTUAL"), flow("10", "20")),
        failed(record(enrollment=31, enrollment_type="ACTUAL"), flow("10", "20")),
        # Dose levels one after another: a group that nobody was in before begins in a later period.
        passed(record(enrollment=30, enrollment_type="ACTUAL"), flow("10", "0"), flow("0", "20", period=2)),
        passed(record(enrollment=30, enrollment_type="ACTUAL"), flow("10", "20"), flow("8", "15", period=2)),
        # A pilot and the main part of one study, with new people in one group of both.
        passed(record(enrollment=60, enrollment_type="ACTUAL"), flow("6", "0", "3"), flow("0", "26", "25", period=2)),
        failed(record(enrollment=45, enrollment_type="ACTUAL"), flow("10", "20"), flow("8", "7", period=2)),
        failed(record(enrollment=20, enrollment_type="ACTUAL"), flow("0", "0")),
        # The same people, given to new groups later.
        passed(record(enrollment=10, enrollment_type="ACTUAL"), flow("10", "0"), flow("0", "9", period=2)),
        failed(record(enrollment=31, enrollment_type="ACTUAL"), flow("10", "0"), flow("0", "20", period=2)),
        unsure(record(enrollment=31, enrollment_type="ACTUAL"), flow("10", "many")),
        unsure(record(enrollment=31, enrollment_type="ACTUAL"), flow("10", period=2)),
        unsure(record(enrollment=31, enrollment_type="ACTUAL")),
        unsure(record(enrollment=31, enrollment_type="ESTIMATED"), flow("10", "20")),
    ],
    "id_present": [passed(record()), failed(record(registry="")), failed(record(record_key=None))],
    "nct_format": [
        passed(record(), child("staging.study", nct_id="NCT01234567")),
        failed(record(), child("staging.study", nct_id="NCT0123456")),
        failed(record(), child("staging.study", nct_id="NCT00000000")),
        failed(record(), child("staging.study", nct_id="nct01234567 ")),
        unsure(record(), child("staging.study")),
    ],
    "nct_missing": [
        passed(record(), child("staging.study"), identifier("2031-009876-54", "secondary")),
        failed(record(), child("staging.study")),
        failed(record(), child("staging.study"), identifier("NCT99990001", "related")),
        failed(record(), child("staging.study"), identifier("na", "org", id_norm=None, is_valid=False)),
        unsure(record(), child("staging.study", nct_id="NCT01234567")),
    ],
    "identifier_valid": [
        passed(record(), identifier("NCT01234567")),
        failed(record(), identifier("NCT0123", is_valid=False, id_norm=None, reason="truncated")),
        unsure(record(), identifier("PROTOCOL-7", "org", id_type="OTHER")),
        # A sponsor numbers as it likes: nothing was checked, so nothing passed.
        unsure(record(), identifier("PROTOCOL-7", "org", id_type="ORG")),
        unsure(record(), identifier("NCT0123", "mention", is_valid=False)),
        unsure(record(), identifier("NCT00000000", is_valid=False, reason="all_zero")),
    ],
    "id_placeholder": [
        passed(record(), identifier("NCT01234567")),
        failed(record(), identifier("n/a", "org", is_valid=False, reason="placeholder")),
        failed(record(), identifier("NCT00000000", is_valid=False, reason="all_zero")),
        unsure(record(), identifier("NCT00000000", "mention", is_valid=False, reason="all_zero")),
    ],
    "secondary_id_format": [
        passed(*secondary("2031-009876-54", "EUDRACT_NUMBER", read_as="EUDRACT")),
        passed(*secondary("2039-599999-11-00", "CTIS", read_as="CTIS")),
        passed(*secondary("ISRCTN12345678", "REGISTRY", read_as="ISRCTN")),
        failed(*secondary("2011-1295", "EUDRACT_NUMBER", read_as="EUDRACT", is_valid=False)),
        failed(*secondary("ISRCTN12345678", "CTIS", read_as="ISRCTN")),
        failed(*secondary("ISRCTN123", "REGISTRY", read_as="ISRCTN", is_valid=False)),
        unsure(*secondary("NCI-2099-00001", "REGISTRY", read_as="OTHER")),
        failed(*secondary("2011-1295", "EUDRACT_NUMBER", read_as=None)),
        # Words for nothing are the matter of id_placeholder.
        unsure(*secondary("Nil known", "EUDRACT_NUMBER", read_as="EUDRACT", is_valid=False, reason="placeholder")),
        unsure(*secondary("000000", "REGISTRY", read_as="OTHER", is_valid=False, reason="all_zero")),
        unsure(*secondary("PROTOCOL-7", "OTHER", read_as="OTHER")),
        unsure(*secondary("PROTOCOL-7", None, read_as="OTHER")),
    ],
    "id_len": [
        passed(record(), identifier("x" * 30, "org")),
        failed(record(), identifier("x" * 31, "secondary")),
        unsure(record(), identifier("x" * 31, "mention")),
    ],
    "ids_cross_consistent": [
        passed(*dual()),
        passed(*dual(enrollment=None)),
        failed(*dual(overall_status="TERMINATED")),
        # Sizes of one kind; one reached and one aimed at, or not said which, are no disagreement.
        failed(*dual(enrollment_type="ESTIMATED", enrollment=11)),
        unsure(*dual(enrollment=11)),
        unsure(*dual(enrollment_type="ACTUAL", enrollment=11)),
        failed(*dual(enrollment=11, sex="MALE")),
        failed(*dual(sex="MALE")),
        failed(*dual(has_results=True)),
        # Nothing to compare is no agreement.
        unsure(*dual(overall_status=None, enrollment=None, sex=None, has_results=None)),
    ],
    "study_type_enum": [passed(interventional()), failed(record(study_type="Interventional")), unsure(record())],
    "phase_only_interventional": [
        passed(observational()),
        failed(observational(phase="PHASE2")),
        unsure(observational(source_format=PAGE)),
        unsure(interventional(phase="PHASE2")),
        unsure(record(phase="PHASE2")),
        unsure(record(study_type="Interventional", phase="PHASE2")),
    ],
    "phase_present": [
        passed(interventional(phase="NA")),
        failed(interventional()),
        unsure(interventional(source_format=PAGE), says(f"{DESIGN}.phases", state="absent")),
        unsure(observational()),
    ],
    "phase_pairs": [
        passed(record(phase="PHASE1/PHASE2")),
        passed(record(phase="NA")),
        failed(record(phase="PHASE1/PHASE3")),
        failed(record(phase="NA/PHASE1")),
        unsure(record()),
    ],
    "interventional_design": [
        passed(interventional(**_FOUR)),
        passed(observational()),
        failed(interventional(**(_FOUR | {"masking": None}))),
        failed(observational(masking="NONE")),
        failed(interventional(source_format="ctgov_xml", **(_FOUR | {"masking": None}))),
        # The XML leaves the allocation out where it is NA (NCT01298141).
        unsure(interventional(source_format="ctgov_xml", **(_FOUR | {"allocation": None}))),
        unsure(interventional(source_format=PAGE, **(_FOUR | {"masking": None}))),
        unsure(record(study_type="EXPANDED_ACCESS")),
        unsure(record(**_FOUR)),
    ],
    "observational_design": [
        passed(observational(**_TWO)),
        passed(interventional()),
        failed(observational(observational_model="COHORT")),
        failed(interventional(observational_model="COHORT")),
        unsure(observational(source_format=PAGE, observational_model="COHORT")),
        unsure(record(**_TWO)),
    ],
    "single_group_na": [
        passed(record(intervention_model="SINGLE_GROUP", allocation="NA", arm_count=1)),
        failed(record(intervention_model="SINGLE_GROUP", allocation="RANDOMIZED", arm_count=1)),
        failed(record(intervention_model="SINGLE_GROUP", allocation="NA", arm_count=2)),
        failed(record(intervention_model="SINGLE_GROUP", arm_count=2)),
        unsure(record(intervention_model="SINGLE_GROUP", arm_count=1)),
        unsure(record(intervention_model="SINGLE_GROUP", allocation="NA", arm_count=1, source_format=PAGE)),
        unsure(record(intervention_model="PARALLEL", allocation="NA", arm_count=1)),
    ],
    "randomized_arms": needs_arms(allocation="RANDOMIZED"),
    "crossover_arms": needs_arms(intervention_model="CROSSOVER"),
    "masking_who": [
        passed(*masked("NONE")),
        passed(*masked("DOUBLE", "PARTICIPANT", "INVESTIGATOR")),
        passed(*masked("QUADRUPLE", "PARTICIPANT", "INVESTIGATOR", "CARE_PROVIDER", "OUTCOMES_ASSESSOR")),
        failed(*masked("NONE", "PARTICIPANT")),
        failed(*masked("TRIPLE", "PARTICIPANT", "INVESTIGATOR")),
        failed(*masked("SINGLE")),
        unsure(*masked("QUADRUPLE", source_format=PAGE)),
        unsure(*masked(None)),
    ],
}
