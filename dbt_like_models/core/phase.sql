/* ---
description: >-
  Phases of the study; a study of two phases has two rows.
grain: one row per phase of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  phase:
    type: VARCHAR
    description: >-
      Phase of drug development; NA where the concept does not apply.
    tests: [not_null, {accepted_values: ["NA", EARLY_PHASE1, PHASE1, PHASE2, PHASE3, PHASE4]}]
tests:
  - unique: [record_key, position]
--- */
SELECT
    version.record_key,
    phase.position,
    phase.phase
FROM staging.phase AS phase
JOIN raw.record_version AS version USING (version_id)
WHERE
    version.is_current
    AND phase.phase IS NOT NULL  -- an item of a list can be null
ORDER BY version.record_key, phase.position
