/* ---
description: >-
  MeSH terms of the conditions of each study in one text, as AACT's view all_browse_conditions.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names: {type: VARCHAR, description: "MeSH terms of the conditions, joined by |, each once, in alphabetical order."}
--- */
SELECT nct_id, string_agg(DISTINCT mesh_term, '|' ORDER BY mesh_term) AS names
FROM aact.browse_conditions
GROUP BY nct_id
