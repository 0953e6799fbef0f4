/* ---
description: >-
  Outcomes that the study is to measure, as AACT's table design_outcomes.
grain: one row per planned outcome of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  outcome_type: {type: VARCHAR, description: "primary, secondary or other."}
  measure: {type: VARCHAR, description: "What is measured."}
  time_frame: {type: VARCHAR, description: "When."}
  population: {type: VARCHAR, description: "Always NULL: the registry has no such field any more."}
  description: {type: VARCHAR, description: "How."}
--- */
WITH outcome AS (
    SELECT version_id, position, measure, time_frame, description, 'primary' AS outcome_type
    FROM staging.primary_outcome
    UNION ALL
    SELECT version_id, 100000 + position AS position, measure, time_frame, description, 'secondary' AS outcome_type
    FROM staging.secondary_outcome
    UNION ALL
    SELECT version_id, 200000 + position AS position, measure, time_frame, description, 'other' AS outcome_type
    FROM staging.other_outcome
)

SELECT
    record.id_base + outcome.position AS id,
    record.nct_id,
    outcome.outcome_type,
    outcome.measure,
    outcome.time_frame,
    NULL::VARCHAR AS population,
    outcome.description
FROM outcome
JOIN core.ctgov_record AS record USING (version_id)
