/* ---
description: >-
  Types of the interventions of each study in one text, as AACT's view all_intervention_types.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names:
    type: VARCHAR
    description: >-
      Types of the interventions, joined by |, as often as the record has them, in its order.
--- */
SELECT nct_id, string_agg(intervention_type, '|' ORDER BY id) AS names
FROM aact.interventions
GROUP BY nct_id
