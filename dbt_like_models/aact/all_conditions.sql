/* ---
description: >-
  Conditions of each study in one text, as AACT's view all_conditions.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names: {type: VARCHAR, description: "Conditions, joined by |, each once, in alphabetical order."}
--- */
SELECT nct_id, string_agg(DISTINCT name, '|' ORDER BY name) AS names
FROM aact.conditions
GROUP BY nct_id
