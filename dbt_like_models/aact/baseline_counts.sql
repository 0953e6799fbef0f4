/* ---
description: >-
  Participants analysed at baseline, as AACT's table baseline_counts.
grain: one row per unit and group
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  result_group_id:
    type: BIGINT
    description: >-
      The group: aact.result_groups.id; NULL where the record does not describe it.
  ctgov_group_code: {type: VARCHAR, description: "The group's code in the record: FG000, BG000, OG000, EG000."}
  units: {type: VARCHAR, description: "What is counted: Participants, eyes, …"}
  scope: {type: VARCHAR, description: "Always overall."}
  count: {type: BIGINT, description: "The number; NULL where the text is no whole number."}
--- */
SELECT
    record.id_base + counted.denom_position * 1000 + counted.position AS id,
    record.nct_id,
    record.id_base + 1000 + baseline_group.position AS result_group_id,
    counted.group_id AS ctgov_group_code,
    denominator.units,
    'overall' AS scope,
    TRY_CAST(replace(counted.value, ',', '') AS BIGINT) AS count
FROM staging.baseline_denom_count AS counted
JOIN core.ctgov_record AS record USING (version_id)
JOIN staging.baseline_denom AS denominator
    ON denominator.version_id = counted.version_id AND denominator.position = counted.denom_position
LEFT JOIN staging.baseline_group AS baseline_group
    ON baseline_group.version_id = counted.version_id AND baseline_group.id = counted.group_id
