/* ---
description: >-
  Groups of participants in the results, as AACT's table result_groups: those of the participant flow, the baseline,
  each outcome and the adverse events.
grain: one row per group of one of these parts; of outcomes, per group of each outcome
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  ctgov_group_code: {type: VARCHAR, description: "The group's code in the record: FG000, BG000, OG000, EG000."}
  result_type: {type: VARCHAR, description: "Participant Flow, Baseline, Outcome or Reported Event."}
  title: {type: VARCHAR, description: "Name of the group."}
  description: {type: VARCHAR, description: "Who they are."}
  outcome_id: {type: BIGINT, description: "The outcome of a group of type Outcome: aact.outcomes.id; NULL for others."}
--- */
WITH result_group AS (
    SELECT
        version_id,
        position AS place,
        'Participant Flow' AS result_type,
        id,
        title,
        description,
        NULL::INTEGER AS outcome_position
    FROM staging.participant_flow_group
    UNION ALL
    SELECT version_id, 1000 + position AS place, 'Baseline', id, title, description, NULL
    FROM staging.baseline_group
    UNION ALL
    SELECT version_id, 2000 + position AS place, 'Reported Event', id, title, description, NULL
    FROM staging.adverse_event_group
    UNION ALL
    SELECT
        version_id,
        10000 + outcome_measure_position * 1000 + position AS place,
        'Outcome',
        id,
        title,
        description,
        outcome_measure_position
    FROM staging.outcome_measure_group
)

SELECT
    record.id_base + result_group.place AS id,
    record.nct_id,
    result_group.id AS ctgov_group_code,
    result_group.result_type,
    result_group.title,
    result_group.description,
    record.id_base + result_group.outcome_position AS outcome_id
FROM result_group
JOIN core.ctgov_record AS record USING (version_id)
