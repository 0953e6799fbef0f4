"""Dates of a study in their order, and how soon after one another.

Belongs here: rules over two or three dates of core.record. Does not: dates inside results, dates of files and builds.
Dates are intervals: a rule fails only where it fails for every pair of days that the dates can mean.
"""

from __future__ import annotations

from expectations.rows import RECORDS, records_with
from expectations.rule import ERROR, INFO, WARN, Rule, Severity
from expectations.rules.dates import DATES
from expectations.sql import CTGOV, Span, both, either, not_after, one_of, span
from expectations.thresholds import limit

_OVERLAP = "a date is missing or unreadable, or the days that the two can mean overlap"
_REGISTERED_PERHAPS = f"{_OVERLAP}, and it was not posted in time"


def _in_order(name: str, first: str, second: str, severity: Severity = ERROR, registries: tuple[str, ...] = ()) -> Rule:
    """A rule that the first date is not after the second."""
    return Rule(
        name=name,
        table="core.record",
        rows=RECORDS,
        severity=severity,
        registries=registries,
        description=f"The {DATES[first]} is not after the {DATES[second]}.",
        meaning=f"Durations between {DATES[first]} and {DATES[second]} come out negative; one of the two is wrong.",
        source="Registration form; API v2",
        columns=(f"{first}_raw", f"{second}_raw"),
        passes=not_after(span(first), span(second)),
        not_evaluable=_OVERLAP,
        message=(
            f"The {DATES[first]} {{{first}_raw}} lies after the {DATES[second]} {{{second}_raw}}: correct one of them."
        ),
    )


_ORDER = (
    _in_order("start_le_pcd", "start", "primary_completion"),
    _in_order("pcd_le_cd", "primary_completion", "completion"),
    _in_order("start_le_cd", "start", "completion"),
    _in_order("firstsubmit_le_qc", "first_submitted", "first_submitted_qc", registries=CTGOV),
    _in_order("firstqc_le_post", "first_submitted_qc", "first_posted", registries=CTGOV),
    _in_order("firstsubmit_le_post", "first_submitted", "first_posted", registries=CTGOV),
    _in_order("firstsubmit_le_lastupdate", "first_submitted", "last_update_submitted", registries=CTGOV),
    _in_order("firstpost_le_lastpost", "first_posted", "last_update_posted", registries=CTGOV),
    _in_order("lastsubmit_le_lastpost", "last_update_submitted", "last_update_posted", registries=CTGOV),
    _in_order("results_after_pcd", "primary_completion", "results_first_submitted", WARN),
)


def _sequence(name: str, stem: str, what: str, severity: Severity) -> Rule:
    """Submitted, then quality control, then posted; quality control may be missing."""
    submitted, checked, posted = f"{stem}_submitted", f"{stem}_submitted_qc", f"{stem}_posted"
    no_qc = f"{checked}_raw IS NULL"
    return Rule(
        name=name,
        table="core.record",
        rows=RECORDS,
        severity=severity,
        registries=CTGOV,
        description=f"{what}: submitted, met quality control and posted in this order; quality control may be missing.",
        meaning=f"The time that the {what.lower()} took cannot be computed; a date of the three is wrong.",
        source="API v2; results can be posted without quality control since 2020",
        columns=(f"{submitted}_raw", f"{checked}_raw", f"{posted}_raw"),
        passes=both(
            not_after(span(submitted), span(posted)),
            either(no_qc, not_after(span(submitted), span(checked))),
            either(no_qc, not_after(span(checked), span(posted))),
        ),
        not_evaluable=_OVERLAP,
        message=(
            f"{what} submitted {{{submitted}_raw}}, met quality control {{{checked}_raw}}, posted {{{posted}_raw}}: "
            "these do not follow each other."
        ),
    )


def _registered_by(day: Span) -> str:
    """The first submission is not after the day. What was posted by then was submitted by then, dates in order."""
    posted = both(not_after(span("first_posted"), day), "(first_posted_latest < first_submitted_earliest) IS NOT TRUE")
    return f"coalesce({not_after(span('first_submitted'), day)}, CASE WHEN {posted} THEN TRUE END)"


# A trial that began under the directive was registered under its EudraCT number, years before it came into CTIS.
_REGISTRATIONS = records_with("""
SELECT record_key, TRUE AS was_in_eudract FROM core.identifier
WHERE id_type = 'EUDRACT' AND role IN ('secondary', 'alias') AND is_valid
GROUP BY record_key
""")


_TIMELINESS = (
    Rule(
        name="cert_not_late",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=(
            f"For an FDA-regulated product, a certification of delay came within {limit('results_within')} of primary "
            "completion."
        ),
        meaning="A certificate after the deadline does not postpone it: results were already due.",
        source="42 CFR 11.44; TrialsTracker late certificates",
        columns=("disp_first_submitted_raw", "primary_completion_raw"),
        # The deadline binds regulated products only; others certify as they like (6 of 9 findings, 2026-11-21).
        evaluable="is_fda_regulated_drug IS TRUE OR is_fda_regulated_device IS TRUE",
        passes=not_after(span("disp_first_submitted"), span("primary_completion").plus(limit("results_within"))),
        not_evaluable=f"the product is not said to be regulated; or {_OVERLAP}",
        message=(
            "Certificate submitted {disp_first_submitted_raw}, over a year after completion {primary_completion_raw}."
        ),
    ),
    Rule(
        name="registered_21d",
        table="core.record",
        rows=RECORDS,
        severity=INFO,
        registries=CTGOV,
        description=f"The study was registered at most {limit('register_within')} after its start.",
        meaning="Late registration; its outcomes may have been chosen after the data were seen.",
        source="42 CFR 11.24; Gill 2012: 55.7 % on time",
        columns=("first_submitted_raw", "first_posted_raw", "start_raw"),
        passes=_registered_by(span("start").plus(limit("register_within"))),
        not_evaluable=_REGISTERED_PERHAPS,
        message="Registered {first_submitted_raw}, more than 21 days after the start {start_raw}.",
    ),
    Rule(
        name="prospective",
        table="core.record",
        rows=_REGISTRATIONS,
        severity=INFO,
        description=(
            "The study was registered (first submitted, or where only that is known, posted) before or on the "
            "day it started."
        ),
        meaning="Retrospective registration: many journals will not publish it, and outcomes may be post hoc.",
        source="ICMJE; Jones 2017: 159 of 404 retrospective",
        columns=("first_submitted_raw", "first_posted_raw", "start_raw"),
        # Other registries give one date of registration (639 records of the WHO's export of 2020). ClinicalTrials.gov
        # posts days after submission: by the day of posting alone a study may be prospective, not retrospective.
        passes=(
            f"nullif(CASE WHEN first_submitted_earliest IS NOT NULL OR {one_of('registry', CTGOV)} "
            f"THEN {_registered_by(span('start'))} "
            f"ELSE {not_after(span('first_posted'), span('start'))} END, "
            "CASE WHEN registry = 'CTIS' AND was_in_eudract THEN FALSE END)"
        ),
        not_evaluable=(
            f"{_REGISTERED_PERHAPS}; of ClinicalTrials.gov only the day of posting is known, and it is after the "
            "start; or so is the day in CTIS of a trial that has a EudraCT number, under which it was registered before"
        ),
        message="Registered {coalesce(first_submitted_raw, first_posted_raw)}, after the start {start_raw}.",
    ),
)

RULES = (
    *_ORDER,
    _sequence("results_order", "results_first", "Results", ERROR),
    _sequence("disp_order", "disp_first", "Certification of delay", WARN),
    *_TIMELINESS,
)
