/* ---
description: >-
  Investigators responsible for the study as a whole.
grain: one row per overall official of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  name: {type: VARCHAR, description: "Name and degrees of the person."}
  affiliation: {type: VARCHAR, description: "Organisation the person belongs to."}
  role: {type: VARCHAR, description: "STUDY_CHAIR, STUDY_DIRECTOR, PRINCIPAL_INVESTIGATOR or SUB_INVESTIGATOR."}
tests:
  - unique: [record_key, position]
--- */
SELECT
    version.record_key,
    official.position,
    official.name,
    official.affiliation,
    official.role
FROM staging.overall_official AS official
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, official.position
