/* ---
description: >-
  How far the dates of a study have moved since the registry first gave them: start, primary completion and
  completion, the first version at hand against the current one.
grain: one row per record and milestone that a version with a registry date, or the current one, dates
owner: team:warehouse
tags: [marts, history]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  milestone: {type: VARCHAR, description: "start, primary_completion or completion.", tests: [not_null, {accepted_values: [start, primary_completion, completion]}]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_id: {type: VARCHAR, description: "The registry's own id."}
  brief_title: {type: VARCHAR, description: "Short title."}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  overall_status: {type: VARCHAR, description: "Recruitment status now."}
  version_count: {type: BIGINT, description: "Versions that give the date, those without a registry date left out unless current.", tests: [not_null]}
  change_count: {type: BIGINT, description: "Times the date was moved.", tests: [not_null]}
  promised_on: {type: DATE, description: "The registry's date of the first version that gives the date; NULL when only the current one gives it and has none."}
  starts_at_registration:
    type: BOOLEAN
    description: >-
      Whether the first version at hand that gives the date is the one first submitted or posted, so that promised_raw is
      the first promise; NULL when the dates do not tell. False also where the registry did not ask for the date at first.
  promised_raw: {type: VARCHAR, description: "The date as first given.", tests: [not_null]}
  promised_earliest: {type: DATE, description: "First day it can mean."}
  promised_latest: {type: DATE, description: "Last day it can mean."}
  now_raw: {type: VARCHAR, description: "The date as last given.", tests: [not_null]}
  now_earliest: {type: DATE, description: "First day it can mean."}
  now_latest: {type: DATE, description: "Last day it can mean."}
  now_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL where the source does not say."}
  slipped_days: {type: BIGINT, description: "Days from the promised to the present date, negative when earlier; NULL unless both days are known or both dates are the same text."}
  slipped_days_min: {type: BIGINT, description: "Fewest days it can be."}
  slipped_days_max: {type: BIGINT, description: "Most days it can be."}
  has_slipped: {type: BOOLEAN, description: "Whether the date is later than promised; NULL when the two can be the same."}
metrics:
  slipped_days:
    meaning: "How much later a milestone is than the registry first said."
    formula: "present date - first date, in days"
    caveat: "Seen from the versions at hand: where starts_at_registration is not true, earlier promises may be missing. Former versions without a date of the registry (parts and copies of records) are left out: which came first, nobody knows. Months are intervals: use slipped_days_min and _max."
  has_slipped:
    meaning: "The milestone is certainly later than first said."
    formula: "slipped_days_min > 0; false when slipped_days_max <= 0"
    caveat: "Three-valued: NULL where a month holds both days."
tests:
  - unique: [record_key, milestone]
--- */
WITH given AS (
    SELECT record_key, version_no, valid_from, is_current, 'start' AS milestone,
           start_raw AS raw, start_earliest AS earliest, start_latest AS latest, start_type AS type
    FROM history.version
    UNION ALL
    SELECT record_key, version_no, valid_from, is_current, 'primary_completion' AS milestone,
           primary_completion_raw AS raw, primary_completion_earliest AS earliest,
           primary_completion_latest AS latest, primary_completion_type AS type
    FROM history.version
    UNION ALL
    SELECT record_key, version_no, valid_from, is_current, 'completion' AS milestone,
           completion_raw AS raw, completion_earliest AS earliest, completion_latest AS latest, completion_type AS type
    FROM history.version
),

-- Of a version without a date nobody knows whether it came before or after another: it counts only as what is so now.
-- Copies in other registers stand before all versions of the registry itself, so that their number says nothing of when.
dated AS (
    SELECT
        record_key,
        milestone,
        version_no,
        valid_from,
        raw,
        earliest,
        latest,
        type,
        lag(raw) OVER (PARTITION BY record_key, milestone ORDER BY valid_from NULLS LAST, version_no) AS raw_before
    FROM given
    WHERE raw IS NOT NULL AND (valid_from IS NOT NULL OR is_current)
),

ends AS (
    SELECT
        record_key,
        milestone,
        count(*) AS version_count,
        count(*) FILTER (WHERE raw <> raw_before) AS change_count,
        first(valid_from ORDER BY valid_from NULLS LAST, version_no) AS promised_on,
        first(raw ORDER BY valid_from NULLS LAST, version_no) AS promised_raw,
        first(earliest ORDER BY valid_from NULLS LAST, version_no) AS promised_earliest,
        first(latest ORDER BY valid_from NULLS LAST, version_no) AS promised_latest,
        last(raw ORDER BY version_no) AS now_raw,
        last(earliest ORDER BY version_no) AS now_earliest,
        last(latest ORDER BY version_no) AS now_latest,
        last(type ORDER BY version_no) AS now_type
    FROM dated
    GROUP BY record_key, milestone
),

measured AS (
    SELECT
        record_key,
        milestone,
        CASE WHEN now_raw = promised_raw THEN 0 ELSE now_earliest - promised_latest END AS slipped_days_min,
        CASE WHEN now_raw = promised_raw THEN 0 ELSE now_latest - promised_earliest END AS slipped_days_max
    FROM ends
)

SELECT
    ends.record_key,
    ends.milestone,
    record.registry,
    record.registry_id,
    record.brief_title,
    record.lead_sponsor,
    record.overall_status,
    ends.version_count,
    ends.change_count,
    ends.promised_on,
    CASE
        WHEN ends.promised_on <= record.first_posted_earliest OR ends.promised_on <= record.first_submitted_earliest THEN true
        WHEN ends.promised_on > record.first_posted_latest THEN false
    END AS starts_at_registration,
    ends.promised_raw,
    ends.promised_earliest,
    ends.promised_latest,
    ends.now_raw,
    ends.now_earliest,
    ends.now_latest,
    ends.now_type,
    CASE WHEN measured.slipped_days_min = measured.slipped_days_max THEN measured.slipped_days_min END AS slipped_days,
    measured.slipped_days_min,
    measured.slipped_days_max,
    CASE
        WHEN measured.slipped_days_min > 0 THEN true
        WHEN measured.slipped_days_max <= 0 THEN false
    END AS has_slipped
FROM ends
JOIN measured USING (record_key, milestone)
JOIN core.record AS record USING (record_key)
ORDER BY ends.record_key, ends.milestone
