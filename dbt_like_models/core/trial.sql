/* ---
description: >-
  Real-world trials: clusters of registry records (see core.trial_member for what ties records together, which
  for now is a shared own or alias id only).
grain: one row per trial
owner: team:warehouse
tags: [core]
materialised: table
columns:
  trial_id:
    type: VARCHAR
    description: >-
      The trial: named after its primary record, so that it stays the same while that record does.
    tests: [not_null, unique]
  primary_record_key:
    type: VARCHAR
    description: >-
      The record that stands for the trial.
    tests: [not_null, {relationships: core.record.record_key}]
  record_count: {type: BIGINT, description: "Registry records of the trial.", tests: [not_null]}
  title: {type: VARCHAR, description: "Brief title of the primary record, else its official title, else the title of its page."}
--- */
WITH trial AS (
    SELECT
        trial_id,
        min(record_key) FILTER (WHERE is_primary) AS primary_record_key,
        count(*) AS record_count
    FROM core.trial_member
    GROUP BY trial_id
)

SELECT
    trial.trial_id,
    trial.primary_record_key,
    trial.record_count,
    coalesce(study.brief_title, study.official_title, study.page_title) AS title
FROM trial
JOIN raw.record_version AS version ON version.record_key = trial.primary_record_key AND version.is_current
LEFT JOIN staging.study AS study ON study.version_id = version.version_id
ORDER BY trial.trial_id
