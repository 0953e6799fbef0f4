/* ---
description: >-
  How long a record stood in each recruitment status: neighbouring versions of equal status are one period. Only
  versions with a date and a status count; one that another of the same date has replaced, such as a copy by a whole version,
  lasts no day and is left out.
  UNKNOWN is set by ClinicalTrials.gov itself, without a new date, when nobody has verified an open study for 24 months.
  A version that says UNKNOWN is therefore two periods: its last known status, and UNKNOWN from a day that is only known
  to lie between that limit and the next version, or the reading of this one.
grain: one row per record and unbroken period of one status
owner: team:warehouse
tags: [history]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  period_no: {type: BIGINT, description: "1-based number of the period.", tests: [not_null]}
  overall_status: {type: VARCHAR, description: "The status.", tests: [not_null]}
  status_from:
    type: DATE
    description: >-
      The registry's date of the first version with this status; of UNKNOWN the first day on which the registry can have
      set it.
    tests: [not_null]
  status_from_latest:
    type: DATE
    description: "Last day on which it can have begun: status_from, but for UNKNOWN."
    tests: [not_null]
  status_to:
    type: DATE
    description: >-
      The registry's date of the version that ended it, the first day on which it can have ended where UNKNOWN did; NULL
      while it lasts.
  status_to_latest: {type: DATE, description: "Last day on which it can have ended; NULL while it lasts."}
  duration_days: {type: BIGINT, description: "Days from its begin to its end; NULL while it lasts, and where UNKNOWN begins or ends it on a day that is not known."}
  duration_days_min: {type: BIGINT, description: "Fewest days it can have lasted; NULL while it lasts."}
  duration_days_max: {type: BIGINT, description: "Most days it can have lasted; NULL while it lasts."}
  first_version_no: {type: INTEGER, description: "First version of the period.", tests: [not_null]}
  last_version_no: {type: INTEGER, description: "Last version of the period.", tests: [not_null]}
tests:
  - unique: [record_key, period_no]
--- */
WITH dated AS (
    SELECT
        version.record_key,
        version.version_no,
        version.overall_status,
        study.last_known_status,
        version.valid_from,
        version.valid_to,
        version.loaded_at::DATE AS read_on,
        CASE
            WHEN version.overall_status = 'UNKNOWN'
                THEN least(version.valid_to, greatest(version.valid_from, (study.status_verified_date_earliest + INTERVAL 24 MONTH)::DATE))
        END AS unknown_from,
        lag(version.overall_status) OVER (PARTITION BY version.record_key ORDER BY version.version_no) = 'UNKNOWN' AS was_unknown
    FROM history.version AS version
    LEFT JOIN staging.study AS study USING (version_id)
    WHERE
        version.valid_from IS NOT NULL
        AND version.overall_status IS NOT NULL
        AND version.valid_from IS DISTINCT FROM version.valid_to
),

-- A version that says UNKNOWN was first what it is last known as, unless the one before it was UNKNOWN and nobody has
-- verified the study since.
part AS (
    SELECT
        record_key,
        version_no,
        1 AS part_no,
        coalesce(last_known_status, overall_status) AS status,
        valid_from AS from_earliest,
        valid_from AS from_latest,
        coalesce(unknown_from, valid_to) AS to_earliest,
        CASE WHEN unknown_from IS NULL THEN valid_to ELSE coalesce(valid_to, greatest(unknown_from, read_on)) END AS to_latest
    FROM dated
    WHERE
        unknown_from IS NULL
        OR (last_known_status IS NOT NULL AND (unknown_from > valid_from OR was_unknown IS NOT TRUE))
    UNION ALL
    SELECT
        record_key,
        version_no,
        2 AS part_no,
        overall_status AS status,
        unknown_from AS from_earliest,
        coalesce(valid_to, greatest(unknown_from, read_on)) AS from_latest,
        valid_to AS to_earliest,
        valid_to AS to_latest
    FROM dated
    WHERE unknown_from IS NOT NULL
),

stated AS (
    SELECT
        record_key,
        version_no,
        part_no,
        status,
        from_earliest,
        from_latest,
        to_earliest,
        to_latest,
        lag(status) OVER (PARTITION BY record_key ORDER BY version_no, part_no) AS status_before
    FROM part
),

numbered AS (
    SELECT
        record_key,
        version_no,
        status,
        from_earliest,
        from_latest,
        to_earliest,
        to_latest,
        count(*) FILTER (WHERE status_before IS DISTINCT FROM status)
            OVER (PARTITION BY record_key ORDER BY version_no, part_no) AS period_no
    FROM stated
),

period AS (
    SELECT
        record_key,
        period_no,
        any_value(status) AS overall_status,
        min(from_earliest) AS status_from,
        min(from_latest) AS status_from_latest,
        CASE WHEN count(to_earliest) = count(*) THEN max(to_earliest) END AS status_to,
        CASE WHEN count(to_latest) = count(*) THEN max(to_latest) END AS status_to_latest,
        min(version_no) AS first_version_no,
        max(version_no) AS last_version_no
    FROM numbered
    GROUP BY record_key, period_no
)

SELECT
    record_key,
    period_no,
    overall_status,
    status_from,
    status_from_latest,
    status_to,
    status_to_latest,
    CASE WHEN status_from = status_from_latest AND status_to = status_to_latest THEN status_to - status_from END AS duration_days,
    CASE WHEN status_to IS NOT NULL THEN greatest(status_to - status_from_latest, 0) END AS duration_days_min,
    status_to_latest - status_from AS duration_days_max,
    first_version_no,
    last_version_no
FROM period
ORDER BY record_key, period_no
