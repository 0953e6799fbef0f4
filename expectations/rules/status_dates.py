"""The status of a study against its dates: has it started, is it over, who has looked at the record last.

Belongs here: rules that compare overall_status or has_results with dates. Does not: the status alone (status.py).
"""

from __future__ import annotations

from expectations.rows import RECORDS
from expectations.rule import ERROR, WARN, Rule
from expectations.sql import (
    CTGOV,
    OPEN_STATUSES,
    TODAY,
    TODAY_ANYWHERE,
    UNFINISHED_STATUSES,
    both,
    either,
    not_after,
    one_of,
    present,
    span,
)
from expectations.thresholds import limit

_STATUS = "protocolSection.statusModule"
_TYPE = "the registry or layout does not say ACTUAL or ESTIMATED, or the date is missing"

RULES = (
    Rule(
        name="not_yet_start_future",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description=f"A study not yet recruiting has an ESTIMATED start, at most {limit('update_within')} past.",
        meaning="The study has probably started, or was given up; the status cannot be trusted.",
        source="Registration form",
        columns=("overall_status", "start_raw", "start_type"),
        evaluable="overall_status = 'NOT_YET_RECRUITING' AND start_raw IS NOT NULL",
        passes=both("start_type = 'ESTIMATED'", not_after(TODAY.plus(f"-{limit('update_within')}"), span("start"))),
        not_evaluable=(
            "the status is another one, or the date is missing; or the registry or layout does not say ACTUAL or "
            "ESTIMATED, or the day is not certain, and the start may yet be to come"
        ),
        message=(
            "Not yet recruiting, but the start {start_raw} ({start_type}) is past or confirmed: update status or start."
        ),
    ),
    Rule(
        name="recruiting_started",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="A recruiting study has started.",
        meaning="Recruiting before the start contradicts itself: status or start date is wrong.",
        source="Registration form",
        columns=("overall_status", "start_raw"),
        evaluable="overall_status = 'RECRUITING'",
        passes=not_after(span("start"), TODAY_ANYWHERE),
        not_evaluable="the status is another one, the start is missing, or is tomorrow or this month",
        message="Recruiting, but the start {start_raw} is in the future: correct status or start.",
    ),
    Rule(
        name="completed_cd_past",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="A completed study has a completion date, and it is not in the future.",
        meaning="Nobody can say when the study ended; it drops out of every count by year of completion.",
        source="Registration form",
        columns=("overall_status", "completion_raw"),
        evaluable="overall_status = 'COMPLETED'",
        passes=both(
            present("completion_raw", f"{_STATUS}.completionDateStruct.date"),
            either("completion_raw IS NULL", not_after(span("completion"), TODAY_ANYWHERE)),
        ),
        not_evaluable="the status is another one, the layout lost the date, or it is tomorrow or this month",
        message="Completed, but the completion date is {completion_raw}: give the day the study ended.",
    ),
    Rule(
        name="open_cd_past",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description=(
            "A study that is not finished (open or suspended) has not passed both its primary completion and its "
            "completion date."
        ),
        meaning="The study is over by its own dates: the status is out of date.",
        source="TrialsTracker discrepant status; BMJ Open 2017 e017719: 31 % of 405 statuses wrong or late",
        columns=("overall_status", "primary_completion_raw", "completion_raw"),
        evaluable=one_of("overall_status", UNFINISHED_STATUSES) + " AND completion_raw IS NOT NULL",
        passes=either(
            not_after(TODAY, span("completion")),
            f"primary_completion_raw IS NOT NULL AND ({not_after(TODAY, span('primary_completion'))})",
        ),
        not_evaluable=(
            "the study is finished or unknown, the completion date is missing, or the check falls into its month"
        ),
        message="Status {overall_status}, but completion was {completion_raw}: update the status or the dates.",
    ),
    Rule(
        name="unknown_stale",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=f"Status UNKNOWN stands only where an open study was not verified for {limit('stale_after')}.",
        meaning="UNKNOWN is set by the registry; here its own condition does not hold.",
        source="Registry glossary: unknown",
        columns=("overall_status", "last_known_status", "verified_raw"),
        evaluable="overall_status = 'UNKNOWN'",
        passes=both(
            not_after(span("verified").plus(limit("stale_after")), TODAY),
            one_of("last_known_status", OPEN_STATUSES),
        ),
        not_evaluable=(
            "the status is another one, the last known status is missing, or the verification date is missing or "
            "cannot decide, and nothing else contradicts"
        ),
        message=(
            "Status UNKNOWN, but verified {verified_raw} and last known {last_known_status}: look at the record's "
            "history."
        ),
    ),
    Rule(
        name="open_should_be_unknown",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=f"An open study was verified within the past {limit('stale_after')}.",
        meaning="Nobody has confirmed this status for two years; count the study as unknown.",
        source="Registry glossary: unknown",
        columns=("overall_status", "verified_raw"),
        evaluable=one_of("overall_status", OPEN_STATUSES),
        passes=not_after(TODAY, span("verified").plus(limit("stale_after"))),
        not_evaluable="the study is not open, or the verification date is missing or cannot decide",
        message="Status {overall_status} was last verified {verified_raw}: verify it now.",
    ),
    Rule(
        name="verified_le_snapshot",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description="The record was not verified in the future.",
        meaning="A verification date in the future is a typing error; staleness cannot be judged.",
        source="Registration form",
        columns=("verified_raw",),
        passes=not_after(span("verified"), TODAY_ANYWHERE),
        not_evaluable="the verification date is missing, or is the month of the check",
        message="Verified {verified_raw}, which is after {$as_of}: correct it.",
    ),
    Rule(
        name="verified_present",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description="The record says when it was last verified.",
        meaning="Without it nobody knows how old the status is.",
        source="Registration form: required",
        columns=("verified_raw",),
        passes=present("verified_raw", f"{_STATUS}.statusVerifiedDate"),
        not_evaluable="the layout lost the date",
        message="No verification date: verify the record and give the month.",
    ),
    Rule(
        name="verified_annual",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=(
            "A study of an FDA-regulated product that is not finished (open or suspended) was verified within "
            f"{limit('verify_within')}."
        ),
        meaning="The yearly confirmation that the regulation asks for is overdue.",
        source="42 CFR 11.64",
        columns=("overall_status", "verified_raw"),
        evaluable=both(
            one_of("overall_status", UNFINISHED_STATUSES),
            "is_fda_regulated_drug IS TRUE OR is_fda_regulated_device IS TRUE",
        ),
        passes=not_after(TODAY.plus(f"-{limit('verify_within')}"), span("verified")),
        not_evaluable=(
            "the study is finished or unknown, or not said to be regulated, or the date is missing or cannot decide"
        ),
        message="Last verified {verified_raw}, more than a year ago: verify the record.",
    ),
    Rule(
        name="results_dates_iff",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        registries=CTGOV,
        description="A record has results exactly where it has a date of first results posting.",
        meaning="Counts of posted results disagree with the dates they are plotted by.",
        source="API v2",
        columns=("has_results", "results_first_posted_raw"),
        evaluable="has_results IS NOT NULL",
        passes=f"has_results = ({present('results_first_posted_raw', f'{_STATUS}.resultsFirstPostDateStruct.date')})",
        not_evaluable="the source does not say whether there are results, or the layout lost the date",
        message=(
            "has_results is {has_results}, results first posted {results_first_posted_raw}: fetch the record again."
        ),
    ),
)
