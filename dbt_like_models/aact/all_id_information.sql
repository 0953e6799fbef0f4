/* ---
description: >-
  Other numbers of the study of each study in one text, as AACT's view all_id_information.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names: {type: VARCHAR, description: "Other numbers of the study, joined by |, each once, in alphabetical order."}
--- */
SELECT nct_id, string_agg(DISTINCT id_value, '|' ORDER BY id_value) AS names
FROM aact.id_information
GROUP BY nct_id
