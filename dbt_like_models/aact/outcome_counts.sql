/* ---
description: >-
  Participants analysed for each outcome, as AACT's table outcome_counts.
grain: one row per outcome, unit and group
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  outcome_id: {type: BIGINT, description: "The outcome: aact.outcomes.id."}
  result_group_id:
    type: BIGINT
    description: >-
      The group: aact.result_groups.id; NULL where the record does not describe it.
  ctgov_group_code: {type: VARCHAR, description: "The group's code in the record: FG000, BG000, OG000, EG000."}
  scope: {type: VARCHAR, description: "Always Measure."}
  units: {type: VARCHAR, description: "What is counted."}
  count: {type: BIGINT, description: "The number; NULL where the text is no whole number."}
--- */
WITH analyzed AS (
    SELECT
        record.id_base,
        record.nct_id,
        counted.version_id,
        row_number() OVER (
            PARTITION BY record.nct_id
            ORDER BY counted.outcome_measure_position, counted.denom_position, counted.position
        ) AS place,
        counted.outcome_measure_position,
        counted.group_id,
        denominator.units,
        counted.value
    FROM staging.outcome_measure_denom_count AS counted
    JOIN core.ctgov_record AS record USING (version_id)
    JOIN staging.outcome_measure_denom AS denominator
        ON denominator.version_id = counted.version_id
        AND denominator.outcome_measure_position = counted.outcome_measure_position
        AND denominator.position = counted.denom_position
)

SELECT
    analyzed.id_base + analyzed.place AS id,
    analyzed.nct_id,
    analyzed.id_base + analyzed.outcome_measure_position AS outcome_id,
    analyzed.id_base + 10000 + analyzed.outcome_measure_position * 1000 + outcome_group.position AS result_group_id,
    analyzed.group_id AS ctgov_group_code,
    'Measure' AS scope,
    analyzed.units,
    TRY_CAST(replace(analyzed.value, ',', '') AS BIGINT) AS count
FROM analyzed
LEFT JOIN staging.outcome_measure_group AS outcome_group
    ON outcome_group.version_id = analyzed.version_id
    AND outcome_group.outcome_measure_position = analyzed.outcome_measure_position
    AND outcome_group.id = analyzed.group_id
