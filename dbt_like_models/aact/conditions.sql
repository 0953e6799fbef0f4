/* ---
description: >-
  Conditions studied, in the words of the record, as AACT's table conditions.
grain: one row per condition of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  name: {type: VARCHAR, description: "The condition."}
  downcase_name: {type: VARCHAR, description: "The same in small letters."}
--- */
SELECT
    record.id_base + condition.position AS id,
    record.nct_id,
    condition.condition AS name,
    lower(condition.condition) AS downcase_name
FROM staging.condition AS condition
JOIN core.ctgov_record AS record USING (version_id)
