"""ACTUAL and ESTIMATED dates against the day of the check and the status.

Belongs here: rules that need the type of a date. Does not: the order of dates (date_order.py).
"""

from __future__ import annotations

from expectations.rows import RECORDS
from expectations.rule import ERROR, WARN, Rule
from expectations.rules.dates import DATES, MILESTONES
from expectations.sql import TODAY, TODAY_ANYWHERE, both, not_after, one_of, span
from expectations.thresholds import limit

_TYPE = "the registry or layout does not say ACTUAL or ESTIMATED, or the date is missing"


def _actual_is_past(name: str, stem: str) -> Rule:
    return Rule(
        name=name,
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description=f"A {DATES[stem]} marked ACTUAL is not in the future.",
        meaning="Something that has not happened yet is reported as done; the date or its type is wrong.",
        source="Registration form",
        columns=(f"{stem}_raw", f"{stem}_type"),
        evaluable=f"{stem}_type = 'ACTUAL'",
        passes=not_after(span(stem), TODAY_ANYWHERE),
        not_evaluable=f"{_TYPE}; or the type is ESTIMATED; or the day is tomorrow or within this month",
        message=(
            f"The {DATES[stem]} {{{stem}_raw}} is marked ACTUAL but lies after {{$as_of}}: mark it ESTIMATED or "
            "correct it."
        ),
    )


RULES = (
    _actual_is_past("start_type_actual_past", "start"),
    _actual_is_past("pcd_type_actual_past", "primary_completion"),
    _actual_is_past("cd_type_actual_past", "completion"),
    Rule(
        name="start_type_est_future",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="A study that recruits or is completed does not have an ESTIMATED start date in the past.",
        meaning="The start was never confirmed; treat it as planned.",
        source="Registration form",
        columns=("overall_status", "start_raw", "start_type"),
        evaluable="start_type = 'ESTIMATED' AND " + one_of("overall_status", ("RECRUITING", "COMPLETED")),
        passes=not_after(TODAY, span("start")),
        not_evaluable=f"{_TYPE}; or the type is ACTUAL; or the status is another one",
        message="Status {overall_status}, yet the start {start_raw} is still ESTIMATED and past: confirm it as ACTUAL.",
    ),
    Rule(
        name="pcd_est_past_overdue",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description=f"An ESTIMATED primary completion date is not more than {limit('update_within')} past.",
        meaning="The record is behind the study: completion is neither confirmed nor moved.",
        source="42 CFR 11.64",
        columns=("primary_completion_raw", "primary_completion_type"),
        # A withdrawn study never began, so it has no completion to confirm (14 of 261 findings, 2026-11-21).
        evaluable="primary_completion_type = 'ESTIMATED' AND coalesce(overall_status, '') <> 'WITHDRAWN'",
        passes=not_after(TODAY.plus(f"-{limit('update_within')}"), span("primary_completion")),
        not_evaluable=f"{_TYPE}; or the type is ACTUAL; or the study is withdrawn",
        message=(
            "Primary completion {primary_completion_raw} was ESTIMATED and is past: confirm it or give a new estimate."
        ),
    ),
    Rule(
        name="completed_actual_dates",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description=(
            "A study that is completed or terminated has ACTUAL start, primary completion and completion dates."
        ),
        meaning="Dates of a finished study that are still estimates are plans, not what happened.",
        source="Registration form",
        columns=("overall_status", "start_type", "primary_completion_type", "completion_type"),
        evaluable=one_of("overall_status", ("COMPLETED", "TERMINATED")),
        # A date that is missing is not ACTUAL, and not an estimate either (2026-11-22).
        passes=both(*(f"CASE WHEN {stem}_raw IS NOT NULL THEN {stem}_type = 'ACTUAL' END" for stem in MILESTONES)),
        not_evaluable=f"of one of the three {_TYPE}, and none is ESTIMATED; or the study is not finished",
        message=(
            "Status {overall_status}, but start is {start_type}, primary completion {primary_completion_type}, "
            "completion "
            "{completion_type}: confirm them as ACTUAL."
        ),
    ),
)
