/* ---
description: >-
  Cities of the sites of each study in one text, as AACT's view all_cities.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names: {type: VARCHAR, description: "Cities of the sites, joined by |, each once, in alphabetical order."}
--- */
SELECT nct_id, string_agg(DISTINCT city, '|' ORDER BY city) AS names
FROM aact.facilities
GROUP BY nct_id
