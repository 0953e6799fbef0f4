/* ---
description: >-
  Types of the arms of each study in one text, as AACT's view all_group_types.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names: {type: VARCHAR, description: "Types of the arms, joined by |, each once, in alphabetical order."}
--- */
SELECT nct_id, string_agg(DISTINCT group_type, '|' ORDER BY group_type) AS names
FROM aact.design_groups
GROUP BY nct_id
