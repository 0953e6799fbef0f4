/* ---
description: >-
  Interventions, as AACT's table interventions.
grain: one row per intervention of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  intervention_type: {type: VARCHAR, description: "DRUG, DEVICE, BEHAVIORAL, …"}
  name: {type: VARCHAR, description: "Name."}
  description: {type: VARCHAR, description: "What is done."}
--- */
SELECT
    record.id_base + intervention.position AS id,
    record.nct_id,
    intervention.type AS intervention_type,
    intervention.name,
    intervention.description
FROM staging.intervention AS intervention
JOIN core.ctgov_record AS record USING (version_id)
