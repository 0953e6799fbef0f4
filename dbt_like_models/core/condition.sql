/* ---
description: >-
  Conditions studied, in the words of the record.
grain: one row per condition of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  condition: {type: VARCHAR, description: "Condition or focus of the study, as the record words it.", tests: [not_null]}
tests:
  - unique: [record_key, position]
--- */
SELECT
    version.record_key,
    condition.position,
    condition.condition
FROM staging.condition AS condition
JOIN raw.record_version AS version USING (version_id)
WHERE
    version.is_current
    AND condition.condition IS NOT NULL  -- an item of a list can be null
ORDER BY version.record_key, condition.position
