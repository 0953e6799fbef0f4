/* ---
description: >-
  Which registry records describe the same real-world trial. The trials are those of core.trial_assignment, made by
  clustering the links of core.record_link under rules that keep different trials apart.
grain: one row per record
owner: team:warehouse
tags: [core, identity]
materialised: table
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, unique]}
  trial_id: {type: VARCHAR, description: "The trial. It stays from build to build while the trial grows.", tests: [not_null]}
  is_primary:
    type: BOOLEAN
    description: >-
      Whether the record stands for the trial: a ClinicalTrials.gov record before others, then the smallest
      record_key.
    tests: [not_null]
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  link_count: {type: BIGINT, description: "Links of core.record_link that tie the record to others; 0 for one that is alone.", tests: [not_null]}
  best_score: {type: DOUBLE, description: "Score of the best of these links; NULL without one, or where only a person links it."}
  assigned_at: {type: TIMESTAMP, description: "Since when the record has belonged to this trial (UTC).", tests: [not_null]}
--- */
WITH link AS (
    SELECT record_key, count(*) AS link_count, max(score) AS best_score
    FROM (
        SELECT record_key_a AS record_key, score FROM core.record_link WHERE is_accepted
        UNION ALL
        SELECT record_key_b AS record_key, score FROM core.record_link WHERE is_accepted
    )
    GROUP BY record_key
)

SELECT
    assigned.record_key,
    assigned.trial_id,
    row_number() OVER (
        PARTITION BY assigned.trial_id
        ORDER BY CASE WHEN version.registry = 'CTGOV' THEN 0 ELSE 1 END, assigned.record_key
    ) = 1 AS is_primary,
    version.registry,
    coalesce(link.link_count, 0) AS link_count,
    link.best_score,
    assigned.assigned_at
FROM core.trial_assignment AS assigned
JOIN raw.record_version AS version ON version.record_key = assigned.record_key AND version.is_current
LEFT JOIN link ON link.record_key = assigned.record_key
ORDER BY assigned.record_key
