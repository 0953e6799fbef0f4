/* ---
description: >-
  States of the sites of each study in one text, as AACT's view all_states.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names: {type: VARCHAR, description: "States of the sites, joined by |, each once, in alphabetical order."}
--- */
SELECT nct_id, string_agg(DISTINCT state, '|' ORDER BY state) AS names
FROM aact.facilities
GROUP BY nct_id
