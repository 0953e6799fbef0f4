/* ---
description: >-
  Web pages that the record points to.
grain: one row per link of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  label: {type: VARCHAR, description: "What the record says the page is."}
  url: {type: VARCHAR, description: "Address of the page."}
tests:
  - unique: [record_key, position]
--- */
SELECT
    version.record_key,
    link.position,
    link.label,
    link.url
FROM staging.see_also_link AS link
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, link.position
