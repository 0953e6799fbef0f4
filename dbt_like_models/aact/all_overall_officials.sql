/* ---
description: >-
  Names of the officials of each study in one text, as AACT's view all_overall_officials.
grain: one row per study that has any
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  names:
    type: VARCHAR
    description: >-
      Names of the officials, joined by |, as often as the record has them, in its order.
--- */
SELECT nct_id, string_agg(name, '|' ORDER BY id) AS names
FROM aact.overall_officials
GROUP BY nct_id
