/* ---
description: >-
  Planned outcomes of each study in one text, as AACT's view all_design_outcomes.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names: {type: VARCHAR, description: "Planned outcomes, joined by |, each once, in alphabetical order."}
--- */
SELECT nct_id, string_agg(DISTINCT measure, '|' ORDER BY measure) AS names
FROM aact.design_outcomes
GROUP BY nct_id
