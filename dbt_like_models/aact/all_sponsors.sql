/* ---
description: >-
  Names of lead sponsor and collaborators of each study in one text, as AACT's view all_sponsors.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names:
    type: VARCHAR
    description: >-
      Names of lead sponsor and collaborators, joined by |, each once, in alphabetical order.
--- */
SELECT nct_id, string_agg(DISTINCT name, '|' ORDER BY name) AS names
FROM aact.sponsors
GROUP BY nct_id
