"""How many people took part: present, plausible, in agreement with status, type and participant flow.

Belongs here: rules on the enrollment of core.record. Does not: denominators inside results.
"""

from __future__ import annotations

from expectations.rows import RECORDS, records_with
from expectations.rule import ERROR, WARN, Reach, Rule
from expectations.sql import CTGOV, EXPANDED_ACCESS_STATUSES, both, one_of, present
from expectations.thresholds import limit

_COUNT = "protocolSection.designModule.enrollmentInfo.count"
_MAY_BE_ZERO = ("WITHDRAWN", "NOT_YET_RECRUITING", "WITHHELD", *EXPANDED_ACCESS_STATUSES)

# DuckDB 1.5.5 reads every column of core.record beside a materialised CTE: six times the time (2026-11).
_AMONG_ALIKE = f"""
WITH logs AS NOT MATERIALIZED (
  SELECT study_type, coalesce(phase, '') AS phase, ln(1 + enrollment::DOUBLE) AS log_count
  FROM core.record WHERE enrollment >= 0
), middles AS (
  SELECT study_type, phase, median(log_count) AS middle, count(*) AS group_size FROM logs GROUP BY ALL
), spreads AS (
  SELECT study_type, phase, any_value(middle) AS middle, any_value(group_size) AS group_size,
    1.4826 * median(abs(log_count - middle)) AS spread
  FROM logs JOIN middles USING (study_type, phase) GROUP BY ALL
)
SELECT r.*, s.group_size,
  CASE WHEN r.enrollment >= 0 AND s.group_size >= {limit("enrollment_group")} AND s.spread > 0
    THEN (ln(1 + r.enrollment::DOUBLE) - s.middle) / s.spread END AS robust_z
FROM core.record AS r
LEFT JOIN spreads AS s ON s.study_type = r.study_type AND s.phase = coalesce(r.phase, '')
"""

# Groups may begin or grow in later periods: with people of other groups or with new ones (dose levels one after
# another, a pilot before the main part: 2 of 52 findings, 2026-11-22). Only the enrollment can tell.
_STARTED = records_with("""
SELECT record_key, coalesce(sum(started) FILTER (period = 1), 0) AS flow_started, sum(started) AS flow_all,
  sum(started) FILTER (is_first) AS flow_begun, bool_or(started > coalesce(at_first, 0)) AS has_joined,
  count(*) FILTER (period = 1 AND is_unreadable) AS flow_unreadable
FROM (
  SELECT *, period = min(period) FILTER (started > 0) OVER of_group AS is_first,
    max(started) FILTER (period = 1) OVER of_group AS at_first
  FROM (
    SELECT r.record_key, a.group_id, a.period_position AS period, TRY_CAST(a.num_subjects AS BIGINT) AS started,
      a.num_subjects IS NOT NULL AND TRY_CAST(a.num_subjects AS BIGINT) IS NULL AS is_unreadable
    FROM staging.participant_flow_period_milestone_achievement AS a
    JOIN staging.participant_flow_period_milestone AS m
      ON m.version_id = a.version_id AND m.period_position = a.period_position AND m.position = a.milestone_position
    JOIN core.record AS r ON r.version_id = a.version_id
    WHERE upper(m.type) = 'STARTED'
  )
  WINDOW of_group AS (PARTITION BY record_key, group_id)
)
GROUP BY record_key
HAVING count(started) FILTER (period = 1) > 0 OR count(*) FILTER (period = 1 AND is_unreadable) > 0
""")

RULES = (
    Rule(
        name="enrollment_present",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="The record says how many people take part, unless it is expanded access.",
        meaning="The study counts as nobody in every sum of participants.",
        source="Registration form",
        columns=("enrollment", "study_type"),
        evaluable="study_type <> 'EXPANDED_ACCESS'",
        passes=present("enrollment", _COUNT),
        not_evaluable="expanded access, study type missing, or the layout lost the count",
        message="No enrollment count: give the planned or actual number.",
    ),
    Rule(
        name="enrollment_nonneg",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="The enrollment is not negative.",
        meaning="A negative count falsifies every sum.",
        source="API v2",
        columns=("enrollment",),
        passes="enrollment >= 0",
        not_evaluable="no count is given",
        message="Enrollment {enrollment} is negative: correct it.",
    ),
    Rule(
        name="withdrawn_zero",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        registries=CTGOV,
        description="A withdrawn study enrolled nobody: its enrollment is 0, and not an estimate.",
        meaning="Withdrawn means stopped before the first participant; either status or count is wrong.",
        source="Registration form: withdrawn is prior to enrollment of the first participant",
        columns=("overall_status", "enrollment", "enrollment_type"),
        evaluable="overall_status = 'WITHDRAWN' AND enrollment IS NOT NULL",
        passes=both("enrollment = 0", "coalesce(enrollment_type, 'ACTUAL') = 'ACTUAL'"),
        not_evaluable="the status is another one, or no count is given",
        message="Withdrawn, yet enrollment is {enrollment} ({enrollment_type}): set 0 ACTUAL, or TERMINATED as status.",
    ),
    Rule(
        name="zero_only_withdrawn",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="An enrollment of 0 stands only on studies withdrawn, not yet recruiting, or of expanded access.",
        meaning="A study that ran has participants; the zero stands for 'not known'.",
        source="Registry practice",
        columns=("enrollment", "overall_status"),
        evaluable="enrollment IS NOT NULL AND overall_status IS NOT NULL",
        # UNKNOWN is set by the registry; whether the study ever ran, the last known status says.
        passes="enrollment <> 0 OR "
        + one_of("CASE overall_status WHEN 'UNKNOWN' THEN last_known_status ELSE overall_status END", _MAY_BE_ZERO),
        not_evaluable="status or count is missing, or the status is UNKNOWN and the last known one is missing",
        message="Status {overall_status} with enrollment 0: give the number, or withdraw the study.",
    ),
    Rule(
        name="enroll_type_actual",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="A completed or terminated study gives its ACTUAL enrollment.",
        meaning="The count is a plan, not what happened.",
        source="Registration form",
        registries=CTGOV,
        columns=("overall_status", "enrollment", "enrollment_type"),
        evaluable=one_of("overall_status", ("COMPLETED", "TERMINATED")),
        passes="enrollment_type = 'ACTUAL'",
        not_evaluable="the study is not finished, or the source does not say ACTUAL or ESTIMATED",
        message="Status {overall_status}, but enrollment {enrollment} is {enrollment_type}: give the actual number.",
    ),
    Rule(
        name="enroll_type_estimated",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="A study that has not closed recruitment gives an ESTIMATED enrollment.",
        meaning="The count is said to be final while people still join.",
        source="Registration form",
        registries=CTGOV,
        columns=("overall_status", "enrollment", "enrollment_type"),
        evaluable=one_of("overall_status", ("NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION")),
        passes="enrollment_type = 'ESTIMATED'",
        not_evaluable="the status is another one, or the source does not say ACTUAL or ESTIMATED",
        message="Status {overall_status}, but enrollment {enrollment} is {enrollment_type}: mark it ESTIMATED.",
    ),
    Rule(
        name="enroll_outlier",
        table="core.record",
        reach=Reach.ALL,
        rows=_AMONG_ALIKE,
        severity=WARN,
        description=(
            f"The enrollment is not far above that of studies of the same type and phase (robust z at most "
            f"{limit('enrollment_robust_z')}), nor above {limit('max_enrollment')} in an interventional study."
        ),
        meaning="One such record can make up most of a sum; look at it before adding up.",
        source="AACT points to consider: counts of several million",
        columns=("enrollment", "study_type", "phase"),
        evaluable="enrollment IS NOT NULL",
        passes=both(
            f"study_type <> 'INTERVENTIONAL' OR enrollment <= {limit('max_enrollment')}",
            f"robust_z <= {limit('enrollment_robust_z')}",
        ),
        not_evaluable=(
            f"no count, the study type is missing, or fewer than {limit('enrollment_group')} records of this type and "
            "phase, or most of them have the same count"
        ),
        message="Enrollment {enrollment} is extreme for {study_type} {phase}: check for a typing error.",
    ),
    Rule(
        name="enroll_flow_match",
        table="core.record",
        rows=_STARTED,
        severity=WARN,
        description=(
            "The ACTUAL enrollment equals the number who started in the participant flow: in its first period, or "
            "where groups begin or grow in later ones, with those who started there."
        ),
        meaning="Two counts of the same people disagree; the results section is usually the later one.",
        source="Results review criteria: major comments",
        columns=("enrollment", "flow_started"),
        evaluable="enrollment_type = 'ACTUAL' AND flow_started IS NOT NULL AND flow_unreadable = 0",
        passes="enrollment = flow_started OR (has_joined AND enrollment IN (flow_begun, flow_all))",
        not_evaluable="no participant flow, a number in it is unreadable, or the enrollment is not ACTUAL",
        message=(
            "Enrollment {enrollment}, but {flow_started} started in the participant flow{CASE WHEN has_joined THEN "
            "', ' || flow_all || ' over all its periods' ELSE '' END}: correct one of them."
        ),
    ),
)
