/* ---
description: >-
  Groups that an analysis compares, as AACT's table outcome_analysis_groups.
grain: one row per group of an analysis
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  outcome_analysis_id: {type: BIGINT, description: "The analysis: aact.outcome_analyses.id."}
  result_group_id:
    type: BIGINT
    description: >-
      The group: aact.result_groups.id; NULL where the record does not describe it.
  ctgov_group_code: {type: VARCHAR, description: "The group's code in the record: FG000, BG000, OG000, EG000."}
--- */
WITH compared AS (
    SELECT
        record.id_base,
        record.nct_id,
        named.version_id,
        named.outcome_measure_position,
        named.analysis_position,
        named.group_id,
        row_number() OVER (
            PARTITION BY record.nct_id
            ORDER BY named.outcome_measure_position, named.analysis_position, named.position
        ) AS place
    FROM staging.outcome_measure_analysis_group_id AS named
    JOIN core.ctgov_record AS record USING (version_id)
)

SELECT
    compared.id_base + compared.place AS id,
    compared.nct_id,
    compared.id_base + compared.outcome_measure_position * 1000 + compared.analysis_position AS outcome_analysis_id,
    compared.id_base + 10000 + compared.outcome_measure_position * 1000 + outcome_group.position AS result_group_id,
    compared.group_id AS ctgov_group_code
FROM compared
LEFT JOIN staging.outcome_measure_group AS outcome_group
    ON outcome_group.version_id = compared.version_id
    AND outcome_group.outcome_measure_position = compared.outcome_measure_position
    AND outcome_group.id = compared.group_id
