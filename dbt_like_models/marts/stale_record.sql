/* ---
description: >-
  Why a record looks out of date or contradicts itself: status against dates, verification long ago, dates still
  estimated when they are past. Each reason is a row with the date it rests on and how far that date is on the
  wrong side of its limit. A partial date is an interval: what holds for every day it can mean is certain, what
  holds for some is possible.
grain: one row per record, reason and date it rests on
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  trial_id: {type: VARCHAR, description: "The trial the record belongs to.", tests: [not_null]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  overall_status: {type: VARCHAR, description: "Status in the registry."}
  reason:
    type: VARCHAR
    description: >-
      What is wrong, see docs/marts/stale_record.md.
    tests:
      - not_null
      - accepted_values:
          - not_verified_24_months
          - not_verified_12_months
          - status_unknown
          - seeks_participants_after_primary_completion
          - open_after_completion
          - not_started_after_start
          - started_before_start
          - over_before_completion
          - date_still_estimated
          - actual_date_in_future
          - enrollment_still_estimated
  date_name:
    type: VARCHAR
    description: >-
      The date the reason rests on: verified, start, primary_completion or completion; none where it rests on the
      status alone.
    tests: [not_null, {accepted_values: [verified, start, primary_completion, completion, none]}]
  date_raw: {type: VARCHAR, description: "That date as stated: core.record's `_raw`."}
  date_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED, where the source says so."}
  date_earliest: {type: DATE, description: "First day that date can mean."}
  date_latest: {type: DATE, description: "Last day that date can mean."}
  as_of: {type: DATE, description: "Day of reference, from marts.reference_day.", tests: [not_null]}
  limit_day: {type: DATE, description: "The day that the date should not lie before (or, for dates in the future, after): as_of, or as_of less 12 or 24 months."}
  certainty:
    type: VARCHAR
    description: >-
      certain: the reason holds for every day the date can mean; possible: for some of them.
    tests: [not_null, {accepted_values: [certain, possible]}]
  days_off: {type: BIGINT, description: "Days between the date and limit_day; NULL unless the day is known."}
  days_off_min: {type: BIGINT, description: "The fewest days they can be apart on the wrong side; 0 where the reason is only possible."}
  days_off_max: {type: BIGINT, description: "The most days they can be apart on the wrong side."}
  severity:
    type: VARCHAR
    description: >-
      high, medium or low, see the metric.
    tests: [not_null, {accepted_values: [high, medium, low]}]
  ground: {type: VARCHAR, description: "The reason in words, with status and date as the record has them.", tests: [not_null]}
tests:
  - unique: [record_key, reason, date_name]
metrics:
  reason:
    meaning: "One thing about the record that cannot be right on as_of, or that nobody has confirmed for long."
    formula: "see docs/marts/stale_record.md; not_verified_24_months and seeks_participants_after_primary_completion are is_verification_old and is_completion_passed of marts.recruitment_pipeline"
    caveat: "About the entry, not about the study. Count records with count(DISTINCT record_key): a record has a row for each reason. A record without the date has no row, which does not say that it is up to date."
  days_off_min:
    meaning: "For how many days the reason has held at least."
    formula: "limit_day - date_latest, or date_earliest - limit_day for dates in the future; never below 0"
    caveat: "A date of month or year precision gives an interval up to days_off_max; never averaged to a day."
  severity:
    meaning: "How bad it is."
    formula: "high: certain for more than 365 days, or status UNKNOWN; medium: certain for more than 30 days; low: the rest"
    caveat: "30 days are the time that 42 CFR 11.64 leaves for an update (2017); 365 days are ours. The limits say nothing about whether that law holds for the study."
--- */
WITH day AS (
    SELECT
        as_of,
        (as_of - INTERVAL 12 MONTH)::DATE AS year_before,
        (as_of - INTERVAL 24 MONTH)::DATE AS two_years_before
    FROM marts.reference_day
),

-- What was due by a limit and is not done: bad when the date lies before the limit.
late AS (
    SELECT pipeline.record_key, 'not_verified_24_months' AS reason, 'verified' AS date_name, record.verified_raw AS date_raw,
        NULL AS date_type, pipeline.verified_earliest AS date_earliest, pipeline.verified_latest AS date_latest,
        day.two_years_before AS limit_day, 'still open, but last verified' AS words
    FROM marts.recruitment_pipeline AS pipeline
    JOIN core.record AS record USING (record_key)
    CROSS JOIN day
    WHERE pipeline.is_verification_old IS DISTINCT FROM false

    UNION ALL
    SELECT pipeline.record_key, 'not_verified_12_months' AS reason, 'verified' AS date_name, record.verified_raw AS date_raw,
        NULL AS date_type, pipeline.verified_earliest AS date_earliest, pipeline.verified_latest AS date_latest,
        day.year_before AS limit_day, 'still open, but last verified' AS words
    FROM marts.recruitment_pipeline AS pipeline
    JOIN core.record AS record USING (record_key)
    CROSS JOIN day
    WHERE pipeline.is_verification_old IS DISTINCT FROM true

    UNION ALL
    SELECT pipeline.record_key, 'seeks_participants_after_primary_completion' AS reason,
        'primary_completion' AS date_name, record.primary_completion_raw AS date_raw,
        record.primary_completion_type AS date_type, pipeline.primary_completion_earliest AS date_earliest,
        pipeline.primary_completion_latest AS date_latest, day.as_of AS limit_day,
        'participants are still sought, but primary completion was' AS words
    FROM marts.recruitment_pipeline AS pipeline
    JOIN core.record AS record USING (record_key)
    CROSS JOIN day
    WHERE pipeline.is_completion_passed IS DISTINCT FROM false

    UNION ALL
    SELECT pipeline.record_key, 'open_after_completion' AS reason, 'completion' AS date_name,
        record.completion_raw AS date_raw, record.completion_type AS date_type,
        record.completion_earliest AS date_earliest, record.completion_latest AS date_latest, day.as_of AS limit_day,
        'still open, but completion was' AS words
    FROM marts.recruitment_pipeline AS pipeline
    JOIN core.record AS record USING (record_key)
    CROSS JOIN day

    UNION ALL
    SELECT pipeline.record_key, 'not_started_after_start' AS reason, 'start' AS date_name, record.start_raw AS date_raw,
        record.start_type AS date_type, pipeline.start_earliest AS date_earliest, pipeline.start_latest AS date_latest,
        day.as_of AS limit_day, 'not yet recruiting, but the start was' AS words
    FROM marts.recruitment_pipeline AS pipeline
    JOIN core.record AS record USING (record_key)
    CROSS JOIN day
    WHERE pipeline.stage = 'not_yet_recruiting'

    -- From here on only where no reason above says the same of the date already.
    UNION ALL
    SELECT record.record_key, 'date_still_estimated' AS reason, 'start' AS date_name, record.start_raw AS date_raw,
        record.start_type AS date_type, record.start_earliest AS date_earliest, record.start_latest AS date_latest,
        day.as_of AS limit_day, 'the study has begun, but its start is still an estimate:' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.start_type = 'ESTIMATED'
        AND record.overall_status IN (
            'RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING', 'COMPLETED', 'SUSPENDED', 'TERMINATED'
        )

    UNION ALL
    SELECT record.record_key, 'date_still_estimated' AS reason, 'primary_completion' AS date_name,
        record.primary_completion_raw AS date_raw, record.primary_completion_type AS date_type,
        record.primary_completion_earliest AS date_earliest, record.primary_completion_latest AS date_latest,
        day.as_of AS limit_day, 'primary completion is past, but still an estimate:' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.primary_completion_type = 'ESTIMATED'
        AND record.overall_status IN ('ACTIVE_NOT_RECRUITING', 'COMPLETED', 'SUSPENDED', 'TERMINATED')

    UNION ALL
    SELECT record.record_key, 'date_still_estimated' AS reason, 'completion' AS date_name,
        record.completion_raw AS date_raw, record.completion_type AS date_type,
        record.completion_earliest AS date_earliest, record.completion_latest AS date_latest,
        day.as_of AS limit_day, 'the study is over, but its completion is still an estimate:' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.completion_type = 'ESTIMATED' AND record.overall_status IN ('COMPLETED', 'TERMINATED')

    UNION ALL
    SELECT record.record_key, 'enrollment_still_estimated' AS reason, 'completion' AS date_name,
        record.completion_raw AS date_raw, record.completion_type AS date_type,
        record.completion_earliest AS date_earliest, record.completion_latest AS date_latest,
        day.as_of AS limit_day, 'the study is over, but its enrollment is still an estimate; completion was' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.enrollment_type = 'ESTIMATED' AND record.overall_status IN ('COMPLETED', 'TERMINATED')
),

-- What is said to have happened and lies after as_of.
early AS (
    SELECT record.record_key, 'started_before_start' AS reason, 'start' AS date_name, record.start_raw AS date_raw,
        record.start_type AS date_type, record.start_earliest AS date_earliest, record.start_latest AS date_latest,
        day.as_of AS limit_day, 'the study has begun, but its start is' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.overall_status IN (
        'RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING', 'COMPLETED', 'SUSPENDED', 'TERMINATED'
    )

    UNION ALL
    SELECT record.record_key, 'over_before_completion' AS reason, 'completion' AS date_name,
        record.completion_raw AS date_raw, record.completion_type AS date_type,
        record.completion_earliest AS date_earliest, record.completion_latest AS date_latest,
        day.as_of AS limit_day, 'the study is over, but its completion is' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.overall_status IN ('COMPLETED', 'TERMINATED')

    UNION ALL
    SELECT record.record_key, 'actual_date_in_future' AS reason, 'start' AS date_name, record.start_raw AS date_raw,
        record.start_type AS date_type, record.start_earliest AS date_earliest, record.start_latest AS date_latest,
        day.as_of AS limit_day, 'the start is given as reached, but is' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.start_type = 'ACTUAL'

    UNION ALL
    SELECT record.record_key, 'actual_date_in_future' AS reason, 'primary_completion' AS date_name,
        record.primary_completion_raw AS date_raw, record.primary_completion_type AS date_type,
        record.primary_completion_earliest AS date_earliest, record.primary_completion_latest AS date_latest,
        day.as_of AS limit_day, 'primary completion is given as reached, but is' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.primary_completion_type = 'ACTUAL'

    UNION ALL
    SELECT record.record_key, 'actual_date_in_future' AS reason, 'completion' AS date_name,
        record.completion_raw AS date_raw, record.completion_type AS date_type,
        record.completion_earliest AS date_earliest, record.completion_latest AS date_latest,
        day.as_of AS limit_day, 'completion is given as reached, but is' AS words
    FROM core.record AS record
    CROSS JOIN day
    WHERE record.completion_type = 'ACTUAL'
),

found AS (
    SELECT record_key, reason, date_name, date_raw, date_type, date_earliest, date_latest, limit_day, words,
        date_latest < limit_day AS is_certain,
        limit_day - date_latest AS fewest_days,
        limit_day - date_earliest AS most_days
    FROM late
    WHERE date_earliest < limit_day
    UNION ALL
    SELECT record_key, reason, date_name, date_raw, date_type, date_earliest, date_latest, limit_day, words,
        date_earliest > limit_day AS is_certain,
        date_earliest - limit_day AS fewest_days,
        date_latest - limit_day AS most_days
    FROM early
    WHERE date_latest > limit_day
    UNION ALL
    SELECT record_key, 'status_unknown' AS reason, 'none' AS date_name, NULL AS date_raw, NULL AS date_type,
        NULL AS date_earliest, NULL AS date_latest, NULL AS limit_day,
        'the registry gives the status as unknown; last known' AS words,
        true AS is_certain, NULL AS fewest_days, NULL AS most_days
    FROM core.record
    WHERE overall_status = 'UNKNOWN'
)

SELECT
    found.record_key,
    record.trial_id,
    record.registry,
    record.overall_status,
    found.reason,
    found.date_name,
    found.date_raw,
    found.date_type,
    found.date_earliest,
    found.date_latest,
    day.as_of,
    found.limit_day,
    CASE WHEN found.is_certain THEN 'certain' ELSE 'possible' END AS certainty,
    CASE WHEN found.date_earliest = found.date_latest THEN found.fewest_days END AS days_off,
    CASE WHEN found.fewest_days < 0 THEN 0 ELSE found.fewest_days END AS days_off_min,
    found.most_days AS days_off_max,
    CASE
        WHEN found.reason = 'status_unknown' OR (found.is_certain AND found.fewest_days > 365) THEN 'high'
        WHEN found.is_certain AND found.fewest_days > 30 THEN 'medium'
        ELSE 'low'
    END AS severity,
    CASE
        WHEN found.reason = 'status_unknown' THEN found.words || ': ' || coalesce(record.last_known_status, 'not said')
        ELSE coalesce(record.overall_status, 'no status') || ': ' || found.words || ' ' || found.date_raw
            || coalesce(' (' || found.date_type || ')', '')
    END AS ground
FROM found
JOIN core.record AS record USING (record_key)
CROSS JOIN day
ORDER BY found.record_key, found.reason, found.date_name
