/* ---
description: >-
  Outcomes the study said it would measure. A record and a position name one, as in the other tables of a record.
grain: one row per outcome of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  outcome_type:
    type: VARCHAR
    description: >-
      PRIMARY, SECONDARY or OTHER.
    tests: [not_null, {accepted_values: [PRIMARY, SECONDARY, OTHER]}]
  position:
    type: INTEGER
    description: >-
      1-based: primary outcomes first, then secondary, then other ones, as the source lists them.
    tests: [not_null]
  type_position: {type: INTEGER, description: "1-based place among the outcomes of its type.", tests: [not_null]}
  measure: {type: VARCHAR, description: "What is measured."}
  description: {type: VARCHAR, description: "How it is measured."}
  time_frame: {type: VARCHAR, description: "When it is measured."}
tests:
  - unique: [record_key, position]
  - unique: [record_key, outcome_type, type_position]
--- */
WITH outcome AS (
    SELECT version_id, 1 AS type_order, 'PRIMARY' AS outcome_type, position, measure, description, time_frame
    FROM staging.primary_outcome
    UNION ALL
    SELECT version_id, 2 AS type_order, 'SECONDARY' AS outcome_type, position, measure, description, time_frame
    FROM staging.secondary_outcome
    UNION ALL
    SELECT version_id, 3 AS type_order, 'OTHER' AS outcome_type, position, measure, description, time_frame
    FROM staging.other_outcome
)

SELECT
    version.record_key,
    outcome.outcome_type,
    row_number() OVER (PARTITION BY version.record_key ORDER BY outcome.type_order, outcome.position)::INTEGER AS position,
    outcome.position AS type_position,
    outcome.measure,
    outcome.description,
    outcome.time_frame
FROM outcome
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, position
