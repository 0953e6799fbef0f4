/* ---
description: >-
  Keywords of each study in one text, as AACT's view all_keywords.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names: {type: VARCHAR, description: "Keywords, joined by |, each once, in alphabetical order."}
--- */
SELECT nct_id, string_agg(DISTINCT name, '|' ORDER BY name) AS names
FROM aact.keywords
GROUP BY nct_id
