/* ---
description: >-
  Keywords given by the record.
grain: one row per keyword of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  keyword: {type: VARCHAR, description: "Keyword, as the record words it.", tests: [not_null]}
tests:
  - unique: [record_key, position]
--- */
SELECT
    version.record_key,
    keyword.position,
    keyword.keyword
FROM staging.keyword AS keyword
JOIN raw.record_version AS version USING (version_id)
WHERE
    version.is_current
    AND keyword.keyword IS NOT NULL  -- an item of a list can be null
ORDER BY version.record_key, keyword.position
