"""Each date of a study by itself: readable, of known precision, within plausible years, not posted in the future.

Belongs here: the names of the dates of core.record, rules on single dates. Does not: the order of dates
(date_order.py), their types (date_types.py), their agreement with the status (status_dates.py).
"""

from __future__ import annotations

from expectations.rows import RECORDS
from expectations.rule import ERROR, WARN, Rule
from expectations.sql import TODAY_ANYWHERE, both, either, not_after, span
from expectations.thresholds import limit

DATES = {
    "start": "start date",
    "primary_completion": "primary completion date",
    "completion": "completion date",
    "first_submitted": "date of first submission",
    "first_submitted_qc": "date of first submission that met quality control",
    "first_posted": "date of first posting",
    "results_first_submitted": "date of first results submission",
    "results_first_submitted_qc": "date of first results submission that met quality control",
    "results_first_posted": "date of first results posting",
    "disp_first_submitted": "date of first certification of delay",
    "disp_first_submitted_qc": "date of first certification of delay that met quality control",
    "disp_first_posted": "date of first posting of the certification",
    "last_update_submitted": "date of last update submission",
    "last_update_posted": "date of last update posting",
    "verified": "date of last verification",
}
"""Stem of the columns in core.record, and what people call the date."""

MILESTONES = ("start", "primary_completion", "completion")
"""The dates between which a study runs; these have a type."""

_POSTED = ("first_posted", "results_first_posted", "disp_first_posted", "last_update_posted")


def _listing(bad: str, shown: str = "{stem}_raw") -> str:
    """The dates for which `bad` holds, as `start = 2020-13; …`; `{stem}` stands for each date's stem."""
    cases = [
        f"CASE WHEN {bad.replace('{stem}', stem)} THEN '{stem} = ' || {shown.replace('{stem}', stem)} END"
        for stem in DATES
    ]
    return "concat_ws('; ', " + ", ".join(cases) + ")"


def _every(condition: str, stems: tuple[str, ...] = tuple(DATES)) -> str:
    return both(*(condition.replace("{stem}", stem) for stem in stems))


_ANY_RAW = either(*(f"{stem}_raw IS NOT NULL" for stem in DATES))
_ALL_RAW = tuple(f"{stem}_raw" for stem in DATES)
_UNREADABLE = "({stem}_raw IS NOT NULL AND {stem}_earliest IS NULL)"
_BAD_PRECISION = (
    "({stem}_earliest IS NOT NULL AND ({stem}_raw IS NULL OR coalesce({stem}_precision, '') "
    "NOT IN ('day', 'month', 'year')))"
)
_OUT_OF_RANGE = (
    f"coalesce(year({{stem}}_earliest) < {limit('first_year')} "
    f"OR year({{stem}}_latest) > year($as_of) + {limit('years_ahead')}, FALSE)"
)
_AT_MONTH_END = "({stem}_precision = 'day' AND {stem}_earliest = last_day({stem}_earliest))"
_DAYS_GIVEN = " + ".join(f"CAST(coalesce({stem}_precision = 'day', FALSE) AS INTEGER)" for stem in MILESTONES)

RULES = (
    Rule(
        name="date_parseable",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="Every date that is given is a real calendar day, month or year in a known form.",
        meaning="An unreadable date is kept as text and takes part in nothing: no trend, no duration, no other rule.",
        source="API v2: yyyy, yyyy-MM or yyyy-MM-dd",
        columns=_ALL_RAW,
        evaluable=_ANY_RAW,
        passes=_every(f"NOT {_UNREADABLE}"),
        value=_listing(_UNREADABLE),
        not_evaluable="the record gives no date at all",
        message=f"Not a calendar date: {{{_listing(_UNREADABLE)}}}. Give yyyy-MM-dd, yyyy-MM or yyyy.",
    ),
    Rule(
        name="date_precision_known",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="Every date that was read says how exact it is (day, month or year) and keeps its text.",
        meaning="Without its precision a date would pretend to a day that nobody stated.",
        source="API v2 PartialDate",
        columns=_ALL_RAW,
        evaluable=either(*(f"{stem}_earliest IS NOT NULL" for stem in DATES)),
        passes=_every(f"NOT {_BAD_PRECISION}"),
        value=_listing(_BAD_PRECISION, "coalesce({stem}_raw, CAST({stem}_earliest AS VARCHAR))"),
        not_evaluable="the record gives no readable date",
        message="A date lost its precision or its text on the way in; this is a fault of the pipeline, report it.",
    ),
    Rule(
        name="date_range",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description=f"Dates lie between {limit('first_year')} and {limit('years_ahead')} years from now.",
        meaning="Years far outside stretch every axis and average; they are typing errors nearly always.",
        source="Practice; nonsense years have been found in EUCTR",
        columns=_ALL_RAW,
        evaluable=either(*(f"{stem}_earliest IS NOT NULL" for stem in DATES)),
        passes=_every(f"NOT {_OUT_OF_RANGE}"),
        value=_listing(_OUT_OF_RANGE),
        not_evaluable="the record gives no readable date",
        message=f"Implausible year: {{{_listing(_OUT_OF_RANGE)}}}. Check the year.",
    ),
    Rule(
        name="month_end_suspect",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="Of the start and completion dates given to the day, not all are the last day of their month.",
        meaning="Some tools fill a month without a day up to its end; treat such days as months.",
        source="AACT pads months to their last day; seen in page texts made from it",
        columns=tuple(f"{stem}_raw" for stem in MILESTONES),
        # The registry's own format states its precision, so a last day there is a day (2026-11-21).
        evaluable=f"source_format LIKE 'page_text%' AND {_DAYS_GIVEN} >= 2",
        passes="NOT "
        + both(
            *(
                f"coalesce({stem}_precision <> 'day', TRUE) OR {_AT_MONTH_END}".replace("{stem}", stem)
                for stem in MILESTONES
            )
        ),
        not_evaluable="fewer than two dates are given to the day, or the format itself says how exact a date is",
        message=(
            "Start {start_raw}, primary completion {primary_completion_raw}, completion {completion_raw}: all at the "
            "end "
            "of a month, so the day may be invented. Compare with the registry."
        ),
    ),
    Rule(
        name="post_not_future",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="Nothing was posted later than today.",
        meaning="A posting date in the future cannot be true; time series get a false end.",
        source="Registry practice",
        columns=tuple(f"{stem}_raw" for stem in _POSTED),
        evaluable=either(*(f"{stem}_earliest IS NOT NULL" for stem in _POSTED)),
        passes=both(*(f"{stem}_earliest IS NULL OR {not_after(span(stem), TODAY_ANYWHERE)}" for stem in _POSTED)),
        not_evaluable="no posting date is given, or the last is tomorrow",
        message=(
            "Posted in the future: first {first_posted_raw}, results {results_first_posted_raw}, last update "
            "{last_update_posted_raw}; the check ran on {$as_of}."
        ),
    ),
)
