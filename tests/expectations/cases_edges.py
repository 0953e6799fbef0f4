"""Cases on the edge: the last value that passes beside the first that fails, and each word of each list.

Every comparison, number, AND, OR and list of the rules was changed by one once (2026-11); what no case noticed then has
its case here or beside the others of its rule. The words are those of the registry's data dictionary.
"""

from __future__ import annotations

from tests.expectations.cases import Case, Cases, failed, passed, unsure
from tests.expectations.cases_content import ages, arm, conditions, groups, place
from tests.expectations.cases_dates import FIRST_DAYS, certified
from tests.expectations.cases_record import identifier, interventional, masked
from tests.quality.warehouse import PAGE, child, record

STATUSES = (
    *("ACTIVE_NOT_RECRUITING", "COMPLETED", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING", "RECRUITING", "SUSPENDED"),
    *("TERMINATED", "WITHDRAWN", "AVAILABLE", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE"),
    *("APPROVED_FOR_MARKETING", "WITHHELD", "UNKNOWN"),
)
OF_EXPANDED_ACCESS = STATUSES[8:12]
OPEN = ("ACTIVE_NOT_RECRUITING", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING", "RECRUITING")
STOPPED = ("TERMINATED", "SUSPENDED", "WITHDRAWN")
STUDY_TYPES = ("EXPANDED_ACCESS", "INTERVENTIONAL", "OBSERVATIONAL")
PHASES = ("NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "PHASE1/PHASE2", "PHASE2/PHASE3")
ARM_TYPES = (
    *("EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION", "OTHER"),
)
INTERVENTION_TYPES = (
    *("BEHAVIORAL", "BIOLOGICAL", "COMBINATION_PRODUCT", "DEVICE", "DIAGNOSTIC_TEST", "DIETARY_SUPPLEMENT", "DRUG"),
    *("GENETIC", "PROCEDURE", "RADIATION", "OTHER"),
)
SPONSOR_CLASSES = ("NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK", "AMBIG", "OTHER", "UNKNOWN")


def one_day(stem: str) -> list[Case]:
    """Submitted, checked and posted on one day, or on days known by their month alone."""
    one, two, three = f"{stem}_submitted", f"{stem}_submitted_qc", f"{stem}_posted"
    return [
        passed(record(**{one: "2020-01-01", two: "2020-01-01", three: "2020-01-01"})),
        unsure(record(**{one: "2020-01-31", two: "2020-01", three: "2020-02-01"})),
        unsure(record(**{one: "2020-01-01", two: "2020-01-31", three: "2020-01"})),
        unsure(record(**{one: "2020-01-31", three: "2020-01"})),
    ]


def at_most(table: str, column: str, longest: int, **values: object) -> list[Case]:
    """A text as long as the form allows, and one character more."""
    return [
        passed(record(), child(table, **{column: "x" * longest}, **values)),
        failed(record(), child(table, **{column: "x" * (longest + 1)}, **values)),
    ]


def of_record(column: str, longest: int) -> list[Case]:
    """As at_most, of a text of the record itself; what Markdown escapes with a backslash counts as one character."""
    return [
        passed(record(**{column: "x" * longest})),
        passed(record(**{column: "x" * (longest - 1) + r"\>"})),
        failed(record(**{column: "x" * (longest + 1)})),
        failed(record(**{column: "x" * longest + r"\>"})),
    ]


DATES: Cases = {
    "prospective": [
        passed(record(first_posted="2020-01-10", start="2020-01-10")),
        unsure(record(first_submitted="2020-01-31", start="2020-01")),
        unsure(record(registry="CHICTR", first_posted="2020-01-31", start="2020-01")),
    ],
    "results_order": one_day("results_first"),
    "disp_order": one_day("disp_first"),
    "cert_not_late": [unsure(certified("2020-03", "2021-03-31", is_fda_regulated_drug=True))],
    "registered_21d": [unsure(record(start="2020-03", first_submitted="2020-04-21"))],
    "month_end_suspect": [
        # A day that does not end its month, one known by its month alone, and the same the other way round.
        passed(record(source_format=PAGE, start="2012-07-30", completion="2014-09-30")),
        failed(record(source_format=PAGE, start="2012-07", primary_completion="2013-02-28", completion="2014-09-30")),
        passed(
            record(source_format=PAGE, start="2012-07-31", primary_completion="2013-02-27", completion="2014-09-30")
        ),
        failed(record(source_format=PAGE, start="2012-07-31", primary_completion="2013-02", completion="2014-09-30")),
    ],
    "post_not_future": [
        case
        for posted in FIRST_DAYS
        for case in (
            passed(record(**{posted: "2026-11-21"})),
            unsure(record(**{posted: "2026-11-22"})),
            failed(record(**{posted: "2026-11-23"})),
        )
    ],
    "open_cd_past": [
        *(failed(record(overall_status=status, completion="2020")) for status in (*OPEN, "SUSPENDED")),
        passed(record(overall_status="RECRUITING", primary_completion="2026-11-21", completion="2020")),
        unsure(record(overall_status="RECRUITING", primary_completion="2026-11", completion="2020")),
    ],
    "completed_cd_past": [unsure(record(overall_status="COMPLETED", completion_raw="soon"))],
    "completed_actual_dates": [
        failed(record(overall_status="COMPLETED", start=("2019", "ESTIMATED"), completion=("2020", "ACTUAL"))),
    ],
    "unknown_stale": [
        passed(record(overall_status="UNKNOWN", last_known_status=status, verified="2024-10")) for status in OPEN
    ]
    + [
        passed(record(overall_status="UNKNOWN", last_known_status="RECRUITING", verified="2024-11-21")),
        failed(record(overall_status="UNKNOWN", last_known_status="RECRUITING", verified="2024-11-22")),
    ],
    "open_should_be_unknown": [failed(record(overall_status=status, verified="2024-10")) for status in OPEN]
    + [
        passed(record(overall_status="RECRUITING", verified="2024-11-21")),
        failed(record(overall_status="RECRUITING", verified="2024-11-20")),
    ],
    "verified_le_snapshot": [
        passed(record(verified="2026-11-21")),
        unsure(record(verified="2026-11-22")),
        failed(record(verified="2026-11-23")),
    ],
    "verified_annual": [
        failed(record(overall_status=status, is_fda_regulated_drug=True, verified="2025-10"))
        for status in (*OPEN, "SUSPENDED")
    ]
    + [
        passed(record(overall_status="RECRUITING", is_fda_regulated_drug=True, verified="2025-11-21")),
        failed(record(overall_status="RECRUITING", is_fda_regulated_drug=True, verified="2025-11-20")),
    ],
    "start_type_est_future": [
        unsure(record(overall_status="RECRUITING", start=("2026-11", "ESTIMATED"))),
        passed(record(overall_status="RECRUITING", start=("2026-12", "ESTIMATED"))),
    ],
    "not_yet_start_future": [unsure(record(overall_status="NOT_YET_RECRUITING"))],
}

WORDS: Cases = {
    "status_enum": [passed(record(overall_status=status)) for status in STATUSES],
    "status_type_match": [
        passed(record(overall_status=status, study_type="EXPANDED_ACCESS")) for status in OF_EXPANDED_ACCESS
    ]
    + [failed(record(overall_status=status, study_type="OBSERVATIONAL")) for status in OF_EXPANDED_ACCESS],
    "why_stopped_present": [failed(record(overall_status=status)) for status in STOPPED],
    "why_stopped_only": [unsure(record(overall_status=status, why_stopped="No money")) for status in STOPPED],
    "study_type_enum": [passed(record(study_type=kind)) for kind in STUDY_TYPES],
    "phase_only_interventional": [failed(record(study_type="EXPANDED_ACCESS", phase="PHASE2"))],
    "phase_pairs": [passed(record(phase=phase)) for phase in PHASES],
    "arm_type": [passed(interventional(), arm("A", type=kind)) for kind in ARM_TYPES],
    "intervention_type": [
        passed(record(), child("core.intervention", name="X", type=kind)) for kind in INTERVENTION_TYPES
    ],
    "sex_enum_gender": [passed(record(sex=sex)) for sex in ("ALL", "FEMALE", "MALE")],
    "lead_sponsor_one": [
        passed(record(lead_sponsor="A", lead_sponsor_class=kind), child("core.sponsor", role="lead", name="A"))
        for kind in (None, *SPONSOR_CLASSES)
    ],
    "identifier_valid": [
        failed(record(), identifier("NCT0123", role, is_valid=False, reason="truncated"))
        for role in ("own", "alias", "secondary", "org")
    ]
    + [unsure(record(), identifier("n/a", "org", is_valid=False, reason="placeholder"))],
    "id_placeholder": [
        failed(record(), identifier("n/a", role, is_valid=False, reason="placeholder"))
        for role in ("own", "alias", "secondary", "org")
    ],
    "crossover_arms": [
        failed(record(arm_count=1, intervention_model=model)) for model in ("CROSSOVER", "PARALLEL", "FACTORIAL")
    ],
    "masking_who": [
        failed(*masked("SINGLE", "PARTICIPANT", "INVESTIGATOR")),
        passed(*masked("SINGLE", "PARTICIPANT")),
        failed(*masked("DOUBLE", "PARTICIPANT")),
        # Older records call three masked roles double too.
        passed(*masked("DOUBLE", "PARTICIPANT", "INVESTIGATOR", "CARE_PROVIDER")),
        passed(*masked("TRIPLE", "PARTICIPANT", "INVESTIGATOR", "CARE_PROVIDER")),
        failed(*masked("QUADRUPLE", "PARTICIPANT", "INVESTIGATOR", "CARE_PROVIDER")),
    ],
    "retraction_flag": [
        failed(
            record(),
            child("staging.reference", pmid="1", type=kind),
            child("staging.reference_retraction", reference_position=1, pmid="2", source="Journal"),
        )
        for kind in ("RESULT", "DERIVED")
    ],
}

LENGTHS: Cases = {
    "why_stopped_len": [passed(record(overall_status="WITHDRAWN", why_stopped="x" * 250))],
    "arm_label_unique": at_most("core.arm_group", "label", 100),
    "arm_description_len": at_most("core.arm_group", "description", 999, label="A"),
    "title_len": [*of_record("brief_title", 300), *of_record("official_title", 600), *of_record("acronym", 14)],
    "text_len": [
        *of_record("brief_summary", 5000),
        *of_record("detailed_description", 32_000),
        *of_record("responsible_party_affiliation", 160),
    ],
    "conditions_present": [passed(*conditions("x" * 200)), failed(*conditions("x" * 201))],
}

NUMBERS: Cases = {
    "enroll_outlier": [
        unsure(interventional(enrollment=1_000_000)),
        unsure(record(study_type="OBSERVATIONAL", enrollment=1_000_001)),
    ],
    "age_std_match": [
        passed(*groups("17 Years", None, "CHILD", "ADULT", "OLDER_ADULT")),
        passed(*groups("65 Years", None, "OLDER_ADULT")),
        failed(*groups("65 Years", None, "ADULT", "OLDER_ADULT")),
        passed(*groups("18 Years", "65 Years", "ADULT", "OLDER_ADULT")),
        passed(*groups(None, "18 Years", "CHILD", "ADULT")),
    ],
    "age_format": [passed(record(maximum_age="65 Years")), failed(record(maximum_age="65"))],
    "age_order": [failed(ages("19 Years", "18 Years"))],
    "geo_plausible": [
        passed(*place(geo_point_lat=90.0, geo_point_lon=180.0)),
        passed(*place(geo_point_lat=-90.0, geo_point_lon=-180.0)),
        failed(*place(geo_point_lat=90.1, geo_point_lon=0.0)),
        failed(*place(geo_point_lat=-90.1, geo_point_lon=0.0)),
        failed(*place(geo_point_lat=0.0, geo_point_lon=180.1)),
        failed(*place(geo_point_lat=0.0, geo_point_lon=-180.1)),
        passed(*place(geo_point_lat=51.5, geo_point_lon=0.0)),
    ],
}

CASES: Cases = DATES | WORDS | LENGTHS | NUMBERS
