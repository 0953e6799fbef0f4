"""Cases of the rules on dates. The day of the check is 21 November 2026."""

from __future__ import annotations

from tests.expectations.cases import Cases, failed, passed, unsure
from tests.quality.warehouse import PAGE, Row, child, record, says

STATUS = "protocolSection.statusModule"
FIRST_DAYS = ("first_posted", "results_first_posted", "disp_first_posted", "last_update_posted")


def in_order(first: str, second: str) -> list:
    """The cases that every rule of the form `first is not after second` has."""
    return [
        passed(record(**{first: "2020-01-01", second: "2020-01-02"})),
        passed(record(**{first: "2020-01-01", second: "2020-01-01"})),
        passed(record(**{first: "2020-01", second: "2020-02"})),
        passed(record(**{first: "2019", second: "2020-02"})),
        failed(record(**{first: "2020-01-02", second: "2020-01-01"})),
        failed(record(**{first: "2020-03", second: "2020-02-29"})),
        failed(record(**{first: "2021", second: "2020-12"})),
        unsure(record(**{first: "2020-02", second: "2020-02-10"})),
        unsure(record(**{first: "2020-06-01", second: "2020"})),
        unsure(record(**{first: "2020-06-01"})),
        unsure(record(**{second: "2020-06-01"})),
        unsure(record(**{first: "2020-06-01", f"{second}_raw": "soon"})),
    ]


def certified(primary_completion: str, submitted: str, **values: object) -> Row:
    """A record with a certification of delay."""
    return record(primary_completion=primary_completion, disp_first_submitted=submitted, **values)


def sequence(stem: str) -> list:
    """Submitted, met quality control, posted."""
    one, two, three = f"{stem}_submitted", f"{stem}_submitted_qc", f"{stem}_posted"
    return [
        passed(record(**{one: "2020-01-01", two: "2020-01-05", three: "2020-01-10"})),
        passed(record(**{one: "2020-01-01", three: "2020-01-10"})),
        failed(record(**{one: "2020-01-06", two: "2020-01-05", three: "2020-01-10"})),
        failed(record(**{one: "2020-01-01", two: "2020-01-15", three: "2020-01-10"})),
        failed(record(**{one: "2020-01-11", three: "2020-01-10"})),
        unsure(record(**{one: "2020-01-01", two: "2020-01-05"})),
        unsure(record(**{one: "2020-01", two: "2020-01-05", three: "2020-01-10"})),
    ]


ORDER: Cases = {
    name: in_order(first, second)
    for name, first, second in [
        ("start_le_pcd", "start", "primary_completion"),
        ("pcd_le_cd", "primary_completion", "completion"),
        ("start_le_cd", "start", "completion"),
        ("firstsubmit_le_qc", "first_submitted", "first_submitted_qc"),
        ("firstqc_le_post", "first_submitted_qc", "first_posted"),
        ("firstsubmit_le_post", "first_submitted", "first_posted"),
        ("firstsubmit_le_lastupdate", "first_submitted", "last_update_submitted"),
        ("firstpost_le_lastpost", "first_posted", "last_update_posted"),
        ("lastsubmit_le_lastpost", "last_update_submitted", "last_update_posted"),
        ("results_after_pcd", "primary_completion", "results_first_submitted"),
        ("prospective", "first_submitted", "start"),
    ]
}


def in_eudract(*, role: str = "secondary", is_valid: bool = True) -> list[Row]:
    """A EudraCT number of the record."""
    number = {"id_type": "EUDRACT", "id_raw": "2019-001234-56", "id_norm": "2019-001234-56"}
    return [child("core.identifier", role=role, is_valid=is_valid, **number)]


def actual(stem: str) -> list:
    """A date marked ACTUAL is not in the future."""
    return [
        passed(record(**{stem: ("2026-11-21", "ACTUAL")})),
        # In Auckland it is tomorrow already.
        unsure(record(**{stem: ("2026-11-22", "ACTUAL")})),
        failed(record(**{stem: ("2026-11-23", "ACTUAL")})),
        failed(record(**{stem: ("2026-12", "ACTUAL")})),
        unsure(record(**{stem: ("2026-11", "ACTUAL")})),
        unsure(record(**{stem: ("2027-01-01", "ESTIMATED")})),
        unsure(record(**{stem: "2027-01-01"})),
    ]


ORDER["prospective"] += [
    # The WHO's export has one date of registration, which stands as the day of posting.
    passed(record(registry="CHICTR", first_posted="2020-01-01", start="2020-01-01")),
    failed(record(registry="CHICTR", first_posted="2020-01-02", start="2020-01-01")),
    unsure(record(registry="CHICTR", first_posted="2020-01-02", start="2020-01")),
    passed(record(first_posted="2020-01-01", start="2020-01-02")),
    # ClinicalTrials.gov posts days after submission.
    unsure(record(first_posted="2020-01-02", start="2020-01-01")),
    failed(record(first_submitted="2020-01-02", first_posted="2020-01-01", start="2020-01-01")),
    # A submission known to the month was before its posting, unless the two contradict each other.
    passed(record(first_submitted="2020-01", first_posted="2020-01-15", start="2020-01-15")),
    unsure(record(first_submitted="2020-01", first_posted="2020-01-16", start="2020-01-15")),
    unsure(record(first_submitted="2020-01", first_posted="2019-12-16", start="2020-01-15")),
    passed(record(registry="CHICTR", first_submitted="2020-01", first_posted="2020-01-15", start="2020-01-15")),
    # A trial that began under the directive was registered under its EudraCT number before it came into CTIS.
    unsure(record(registry="CTIS", first_submitted="2024-03-04", start="2021-01-29"), *in_eudract()),
    passed(record(registry="CTIS", first_submitted="2024-03-04", start="2024-03-05"), *in_eudract()),
    failed(record(registry="CTIS", first_submitted="2024-03-04", start="2021-01-29")),
    failed(record(registry="CTIS", first_submitted="2024-03-04", start="2021-01-29"), *in_eudract(is_valid=False)),
    failed(record(registry="CTIS", first_submitted="2024-03-04", start="2021-01-29"), *in_eudract(role="mention")),
    failed(record(first_submitted="2024-03-04", start="2021-01-29"), *in_eudract()),
]

CASES: Cases = ORDER | {
    "results_order": sequence("results_first"),
    "disp_order": sequence("disp_first"),
    "cert_not_late": [
        passed(certified("2020-03-01", "2021-03-01", is_fda_regulated_drug=True)),
        failed(certified("2020-03-01", "2021-03-02", is_fda_regulated_drug=True)),
        failed(certified("2020-03-01", "2021-03-02", is_fda_regulated_drug=False, is_fda_regulated_device=True)),
        unsure(certified("2020-03-01", "2021-03-02", is_fda_regulated_drug=False, is_fda_regulated_device=False)),
        unsure(certified("2020-03-01", "2021-03-02")),
        unsure(certified("2020-03", "2021-03-02", is_fda_regulated_drug=True)),
        unsure(record(primary_completion="2020-03", is_fda_regulated_drug=True)),
    ],
    "registered_21d": [
        passed(record(start="2020-03-01", first_submitted="2020-03-22")),
        failed(record(start="2020-03-01", first_submitted="2020-03-23")),
        unsure(record(start="2020-03", first_submitted="2020-03-23")),
        # A submission known to the month was before its posting; by the day of posting alone nothing is denied.
        passed(record(start="2020-03-01", first_submitted="2020-03", first_posted="2020-03-22")),
        unsure(record(start="2020-03-01", first_submitted="2020-03", first_posted="2020-03-23")),
        passed(record(start="2020-03-01", first_posted="2020-03-22")),
        unsure(record(start="2020-03-01", first_posted="2020-03-23")),
    ],
    "date_parseable": [
        passed(record(start="2020", verified="2026-01")),
        failed(record(start="2020", completion_raw="31/31/2020")),
        unsure(record()),
    ],
    "date_precision_known": [
        passed(record(start="2020-01")),
        failed(record(start="2020-01", start_precision=None)),
        failed(record(start="2020-01", start_raw=None)),
        failed(record(start="2020-01", start_precision="week")),
        unsure(record(start_raw="soon")),
    ],
    "date_range": [
        passed(record(start="1900-01-01", completion="2056-12-31")),
        failed(record(start="1899-12-31")),
        failed(record(start="2020", completion="2057")),
        unsure(record(start_raw="soon")),
    ],
    "month_end_suspect": [
        passed(record(source_format=PAGE, start="2012-07-31", completion="2014-09-29")),
        failed(record(source_format=PAGE, start="2012-07-31", completion="2014-09-30")),
        failed(record(source_format=PAGE, start="2012-02-29", primary_completion="2013-02-28", completion="2014")),
        unsure(record(source_format=PAGE, start="2012-07-31")),
        unsure(record(start="2012-07-31", completion="2014-09-30")),
    ],
    "post_not_future": [
        passed(record(first_posted="2026-11-21", last_update_posted="2020-01-01")),
        unsure(record(first_posted="2020-01-01", last_update_posted="2026-11-22")),
        failed(record(first_posted="2020-01-01", last_update_posted="2026-11-23")),
        unsure(record()),
        unsure(record(first_posted="2026-11")),
    ],
    "start_type_actual_past": actual("start"),
    "pcd_type_actual_past": actual("primary_completion"),
    "cd_type_actual_past": actual("completion"),
    "start_type_est_future": [
        passed(record(overall_status="RECRUITING", start=("2026-11-21", "ESTIMATED"))),
        failed(record(overall_status="COMPLETED", start=("2026-11-20", "ESTIMATED"))),
        unsure(record(overall_status="RECRUITING", start=("2020-11-20", "ACTUAL"))),
        unsure(record(overall_status="RECRUITING", start="2020-11-20")),
        unsure(record(overall_status="WITHDRAWN", start=("2020-11-20", "ESTIMATED"))),
        unsure(record(overall_status="RECRUITING", start=("2026-11", "ESTIMATED"))),
    ],
    "pcd_est_past_overdue": [
        passed(record(primary_completion=("2026-10-22", "ESTIMATED"))),
        failed(record(primary_completion=("2026-10-21", "ESTIMATED"))),
        failed(record(primary_completion=("2026-09", "ESTIMATED"))),
        unsure(record(primary_completion=("2026-10", "ESTIMATED"))),
        failed(record(overall_status="UNKNOWN", primary_completion=("2020-01-01", "ESTIMATED"))),
        unsure(record(overall_status="WITHDRAWN", primary_completion=("2020-01-01", "ESTIMATED"))),
        unsure(record(primary_completion=("2020-01-01", "ACTUAL"))),
        unsure(record(primary_completion="2020-01-01")),
    ],
    "completed_actual_dates": [
        passed(
            record(
                overall_status="COMPLETED",
                start=("2019", "ACTUAL"),
                primary_completion=("2020", "ACTUAL"),
                completion=("2020", "ACTUAL"),
            )
        ),
        failed(record(overall_status="TERMINATED", start=("2019", "ACTUAL"), completion=("2020", "ESTIMATED"))),
        failed(record(overall_status="COMPLETED", start="2019", completion=("2020", "ESTIMATED"))),
        unsure(record(overall_status="COMPLETED", start="2019", completion=("2020", "ACTUAL"))),
        # One ACTUAL date does not vouch for those that are missing (NCT02014623 has a start only).
        unsure(record(overall_status="COMPLETED", start=("2019", "ACTUAL"))),
        unsure(record(overall_status="COMPLETED", start=("2019", "ACTUAL"), completion=("2020", "ACTUAL"))),
        unsure(record(overall_status="RECRUITING", start=("2019", "ESTIMATED"))),
        unsure(record(overall_status="COMPLETED")),
    ],
    "not_yet_start_future": [
        passed(record(overall_status="NOT_YET_RECRUITING", start=("2027-01", "ESTIMATED"))),
        passed(record(overall_status="NOT_YET_RECRUITING", start=("2026-10-22", "ESTIMATED"))),
        failed(record(overall_status="NOT_YET_RECRUITING", start=("2026-10-21", "ESTIMATED"))),
        failed(record(overall_status="NOT_YET_RECRUITING", start=("2027-01", "ACTUAL"))),
        failed(record(overall_status="NOT_YET_RECRUITING", start="2020")),
        unsure(record(overall_status="NOT_YET_RECRUITING", start="2027-01")),
        unsure(record(overall_status="RECRUITING", start="2020")),
    ],
    "recruiting_started": [
        passed(record(overall_status="RECRUITING", start="2026-11-21")),
        unsure(record(overall_status="RECRUITING", start="2026-11-22")),
        failed(record(overall_status="RECRUITING", start="2026-11-23")),
        failed(record(overall_status="RECRUITING", start="2026-12")),
        unsure(record(overall_status="RECRUITING", start="2026-11")),
        unsure(record(overall_status="RECRUITING")),
        unsure(record(overall_status="NOT_YET_RECRUITING", start="2027")),
    ],
    "completed_cd_past": [
        passed(record(overall_status="COMPLETED", completion="2026-11-21")),
        unsure(record(overall_status="COMPLETED", completion="2026-11-22")),
        failed(record(overall_status="COMPLETED", completion="2026-11-23")),
        failed(record(overall_status="COMPLETED")),
        failed(
            record(overall_status="COMPLETED", source_format=PAGE),
            says(f"{STATUS}.completionDateStruct.date", state="empty"),
        ),
        unsure(record(overall_status="COMPLETED", source_format=PAGE)),
        unsure(record(overall_status="COMPLETED", completion="2026-11")),
        unsure(record(overall_status="RECRUITING")),
    ],
    "open_cd_past": [
        passed(record(overall_status="RECRUITING", completion="2026-11-21")),
        passed(record(overall_status="RECRUITING", primary_completion="2027", completion="2020")),
        failed(record(overall_status="RECRUITING", primary_completion="2019", completion="2020")),
        failed(record(overall_status="ACTIVE_NOT_RECRUITING", completion="2026-11-20")),
        unsure(record(overall_status="RECRUITING", completion="2026-11")),
        failed(record(overall_status="SUSPENDED", completion="2020")),
        unsure(record(overall_status="RECRUITING")),
        unsure(record(overall_status="COMPLETED", completion="2020")),
        unsure(record(overall_status="UNKNOWN", completion="2020")),
    ],
    "unknown_stale": [
        passed(record(overall_status="UNKNOWN", last_known_status="RECRUITING", verified="2024-10")),
        failed(record(overall_status="UNKNOWN", last_known_status="RECRUITING", verified="2025-01")),
        failed(record(overall_status="UNKNOWN", last_known_status="COMPLETED", verified="2020-01")),
        failed(record(overall_status="UNKNOWN", verified="2025-01")),
        unsure(record(overall_status="UNKNOWN", verified="2024-11")),
        # Not known whether it was open before.
        unsure(record(overall_status="UNKNOWN", verified="2020-01")),
        unsure(record(overall_status="UNKNOWN")),
        unsure(record(overall_status="RECRUITING", verified="2020-01")),
    ],
    "open_should_be_unknown": [
        passed(record(overall_status="RECRUITING", verified="2024-12")),
        failed(record(overall_status="RECRUITING", verified="2024-10")),
        unsure(record(overall_status="RECRUITING", verified="2024-11")),
        unsure(record(overall_status="COMPLETED", verified="2010-10")),
        unsure(record(overall_status="RECRUITING")),
    ],
    "verified_le_snapshot": [
        passed(record(verified="2026-10")),
        failed(record(verified="2026-12")),
        unsure(record(verified="2026-11")),
        unsure(record()),
    ],
    "verified_present": [
        passed(record(verified="2026-10")),
        failed(record()),
        unsure(record(source_format=PAGE)),
        unsure(record(source_format=PAGE), says(f"{STATUS}.statusVerifiedDate", state="damaged")),
        unsure(record(source_format=PAGE), says(f"{STATUS}.statusVerifiedDate", state="ambiguous")),
        failed(record(source_format=PAGE), says(f"{STATUS}.statusVerifiedDate", state="empty")),
    ],
    "verified_annual": [
        passed(record(overall_status="RECRUITING", is_fda_regulated_drug=True, verified="2025-12")),
        failed(record(overall_status="RECRUITING", is_fda_regulated_device=True, verified="2025-10")),
        failed(record(overall_status="SUSPENDED", is_fda_regulated_drug=True, verified="2025-10")),
        unsure(record(overall_status="RECRUITING", is_fda_regulated_drug=True, verified="2025-11")),
        unsure(record(overall_status="RECRUITING", is_fda_regulated_drug=False, verified="2015-11")),
        unsure(record(overall_status="COMPLETED", is_fda_regulated_drug=True, verified="2015-11")),
    ],
    "results_dates_iff": [
        passed(record(has_results=True, results_first_posted="2020-01-01")),
        passed(record(has_results=False)),
        failed(record(has_results=True)),
        failed(record(has_results=False, results_first_posted="2020-01-01")),
        unsure(record(results_first_posted="2020-01-01", has_results=None)),
        unsure(record(has_results=False, source_format=PAGE)),
        # The XML before 2017 had results and no day of their posting.
        unsure(record(has_results=True, source_format="ctgov_xml")),
    ],
}
