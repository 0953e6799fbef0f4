/* ---
description: >-
  How long a record stood in each recruitment status: neighbouring versions of equal status are one period. Only
  versions with a date and a status count; copies that a whole version has replaced last no day and are left out.
grain: one row per record and unbroken period of one status
owner: team:warehouse
tags: [history]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  period_no: {type: BIGINT, description: "1-based number of the period.", tests: [not_null]}
  overall_status: {type: VARCHAR, description: "The status.", tests: [not_null]}
  status_from: {type: DATE, description: "The registry's date of the first version with this status.", tests: [not_null]}
  status_to:
    type: DATE
    description: >-
      The registry's date of the version that ended it; NULL while it lasts.
  duration_days: {type: BIGINT, description: "Days from status_from to status_to; NULL while it lasts."}
  first_version_no: {type: INTEGER, description: "First version of the period.", tests: [not_null]}
  last_version_no: {type: INTEGER, description: "Last version of the period.", tests: [not_null]}
tests:
  - unique: [record_key, period_no]
--- */
WITH stated AS (
    SELECT
        record_key,
        version_no,
        overall_status,
        valid_from,
        valid_to,
        lag(overall_status) OVER (PARTITION BY record_key ORDER BY version_no) AS status_before
    FROM history.version
    WHERE valid_from IS NOT NULL AND overall_status IS NOT NULL AND valid_from IS DISTINCT FROM valid_to
),

numbered AS (
    SELECT
        record_key,
        version_no,
        overall_status,
        valid_from,
        valid_to,
        count(*) FILTER (WHERE status_before IS DISTINCT FROM overall_status)
            OVER (PARTITION BY record_key ORDER BY version_no) AS period_no
    FROM stated
)

SELECT
    record_key,
    period_no,
    any_value(overall_status) AS overall_status,
    min(valid_from) AS status_from,
    CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS status_to,
    CASE WHEN count(valid_to) = count(*) THEN max(valid_to) - min(valid_from) END AS duration_days,
    min(version_no) AS first_version_no,
    max(version_no) AS last_version_no
FROM numbered
GROUP BY record_key, period_no
ORDER BY record_key, period_no
