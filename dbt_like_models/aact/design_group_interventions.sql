/* ---
description: >-
  Which intervention each arm is given, as AACT's table design_group_interventions.
grain: one row per arm named by an intervention
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  design_group_id:
    type: BIGINT
    description: >-
      The arm: aact.design_groups.id, the first with the name; NULL where no arm has the name that the
      intervention gives.
  intervention_id: {type: BIGINT, description: "The intervention: aact.interventions.id."}
--- */
WITH arm AS (
    SELECT version_id, label, min(position) AS position
    FROM staging.arm_group
    GROUP BY version_id, label
)

SELECT
    record.id_base + named.intervention_position * 1000 + named.position AS id,
    record.nct_id,
    record.id_base + arm.position AS design_group_id,
    record.id_base + named.intervention_position AS intervention_id
FROM staging.intervention_arm_group_label AS named
JOIN core.ctgov_record AS record USING (version_id)
LEFT JOIN arm ON arm.version_id = named.version_id AND arm.label = named.arm_group_label
