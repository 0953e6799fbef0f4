/* ---
description: >-
  Lead sponsor and collaborators, as AACT's table sponsors.
grain: one row per sponsor of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  agency_class: {type: VARCHAR, description: "INDUSTRY, NIH, FED, OTHER_GOV, NETWORK, INDIV, OTHER, …"}
  lead_or_collaborator: {type: VARCHAR, description: "lead or collaborator."}
  name: {type: VARCHAR, description: "Name, as the record writes it."}
--- */
WITH sponsor AS (
    SELECT version_id, 1 AS place, lead_sponsor_class AS class, 'lead' AS role, lead_sponsor_name AS name
    FROM staging.study
    WHERE lead_sponsor_name IS NOT NULL
    UNION ALL
    SELECT version_id, 1 + position AS place, class, 'collaborator' AS role, name
    FROM staging.collaborator
)

SELECT
    record.id_base + sponsor.place AS id,
    record.nct_id,
    sponsor.class AS agency_class,
    sponsor.role AS lead_or_collaborator,
    sponsor.name
FROM sponsor
JOIN core.ctgov_record AS record USING (version_id)
