/* ---
description: >-
  MeSH terms that the registry found for the interventions, with their ancestors, as AACT's table
  browse_interventions.
grain: one row per MeSH term of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  mesh_term: {type: VARCHAR, description: "The term."}
  downcase_mesh_term: {type: VARCHAR, description: "The same in small letters."}
  mesh_type: {type: VARCHAR, description: "mesh-list: a term of the study; mesh-ancestor: a broader term."}
--- */
WITH term AS (
    SELECT version_id, position, term, 'mesh-list' AS mesh_type
    FROM staging.intervention_browse_mesh
    UNION ALL
    SELECT version_id, 100000 + position AS position, term, 'mesh-ancestor' AS mesh_type
    FROM staging.intervention_browse_ancestor
)

SELECT
    record.id_base + term.position AS id,
    record.nct_id,
    term.term AS mesh_term,
    lower(term.term) AS downcase_mesh_term,
    term.mesh_type
FROM term
JOIN core.ctgov_record AS record USING (version_id)
