/* ---
description: >-
  Arms or groups, as AACT's table design_groups.
grain: one row per arm of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  group_type:
    type: VARCHAR
    description: >-
      EXPERIMENTAL, ACTIVE_COMPARATOR, …; NULL for groups of observational studies.
  title: {type: VARCHAR, description: "Name of the arm."}
  description: {type: VARCHAR, description: "What happens in the arm."}
--- */
SELECT
    record.id_base + arm.position AS id,
    record.nct_id,
    arm.type AS group_type,
    arm.label AS title,
    arm.description
FROM staging.arm_group AS arm
JOIN core.ctgov_record AS record USING (version_id)
