/* ---
description: >-
  Other names of interventions, as AACT's table intervention_other_names.
grain: one row per other name of an intervention
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  intervention_id: {type: BIGINT, description: "The intervention: aact.interventions.id."}
  name: {type: VARCHAR, description: "The other name."}
--- */
SELECT
    record.id_base + other.intervention_position * 1000 + other.position AS id,
    record.nct_id,
    record.id_base + other.intervention_position AS intervention_id,
    other.other_name AS name
FROM staging.intervention_other_name AS other
JOIN core.ctgov_record AS record USING (version_id)
