/* ---
description: >-
  How the number of participants moved from the first version at hand to the current one.
grain: one row per record of which a version with a registry date, or the current one, gives a number of participants
owner: team:warehouse
tags: [marts, history]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, unique, {relationships: core.record.record_key}]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_id: {type: VARCHAR, description: "The registry's own id."}
  brief_title: {type: VARCHAR, description: "Short title."}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  overall_status: {type: VARCHAR, description: "Recruitment status now."}
  version_count: {type: BIGINT, description: "Versions that give a number, those without a registry date left out unless current.", tests: [not_null]}
  change_count: {type: BIGINT, description: "Times the number changed.", tests: [not_null]}
  first_on: {type: DATE, description: "The registry's date of the first version that gives a number; NULL when only the current one gives it and has none."}
  first_enrollment: {type: BIGINT, description: "The number as first given.", tests: [not_null]}
  first_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL where the version does not say."}
  enrollment: {type: BIGINT, description: "The number as last given.", tests: [not_null]}
  enrollment_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL where the version does not say."}
  enrollment_difference: {type: BIGINT, description: "Last number - first number, in participants.", tests: [not_null]}
  reached_share:
    type: DOUBLE
    description: >-
      Participants reached / participants first planned; NULL unless the first number is an estimate above 0 and the
      last one is actual.
metrics:
  reached_share:
    meaning: "How much of the planned number was reached."
    formula: "last actual enrollment / first estimated enrollment"
    caveat: "Seen from the versions at hand: the first of these may already be a later plan."
  enrollment_difference:
    meaning: "By how many participants the number moved between the first version at hand and the current one."
    formula: "enrollment - first_enrollment"
    caveat: "Often the step from the number planned to the number reached: see first_type and enrollment_type."
--- */
-- Former versions without a date are left out: nobody knows whether they came before or after (as in marts.date_slippage).
WITH counted AS (
    SELECT
        record_key,
        version_no,
        valid_from,
        enrollment,
        enrollment_type,
        lag(enrollment) OVER (PARTITION BY record_key ORDER BY valid_from NULLS LAST, version_no) AS enrollment_before
    FROM history.version
    WHERE enrollment IS NOT NULL AND (valid_from IS NOT NULL OR is_current)
),

ends AS (
    SELECT
        record_key,
        count(*) AS version_count,
        count(*) FILTER (WHERE enrollment <> enrollment_before) AS change_count,
        first(valid_from ORDER BY valid_from NULLS LAST, version_no) AS first_on,
        first(enrollment ORDER BY valid_from NULLS LAST, version_no) AS first_enrollment,
        first(enrollment_type ORDER BY valid_from NULLS LAST, version_no) AS first_type,
        last(enrollment ORDER BY version_no) AS enrollment,
        last(enrollment_type ORDER BY version_no) AS enrollment_type
    FROM counted
    GROUP BY record_key
)

SELECT
    ends.record_key,
    record.registry,
    record.registry_id,
    record.brief_title,
    record.lead_sponsor,
    record.overall_status,
    ends.version_count,
    ends.change_count,
    ends.first_on,
    ends.first_enrollment,
    ends.first_type,
    ends.enrollment,
    ends.enrollment_type,
    ends.enrollment - ends.first_enrollment AS enrollment_difference,
    CASE
        WHEN ends.first_type = 'ESTIMATED' AND ends.enrollment_type = 'ACTUAL' AND ends.first_enrollment > 0
            THEN ends.enrollment / ends.first_enrollment
    END AS reached_share
FROM ends
JOIN core.record AS record USING (record_key)
ORDER BY ends.record_key
