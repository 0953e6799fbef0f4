/* ---
description: >-
  MeSH terms that records of ClinicalTrials.gov bear, under the names of AACT's table mesh_terms. The thesaurus
  itself is not in the warehouse: terms that no study bears, and the places of terms in the tree, are missing.
grain: one row per MeSH term that a study bears
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id: {type: BIGINT, description: "Number made of the term's MeSH identifier; for joins within this schema only."}
  qualifier: {type: VARCHAR, description: "Always NULL."}
  tree_number: {type: VARCHAR, description: "Always NULL: records do not carry it."}
  description:
    type: VARCHAR
    description: >-
      The MeSH identifier: D001249; of one that records write in two lengths the shorter.
  mesh_term: {type: VARCHAR, description: "The term."}
  downcase_mesh_term: {type: VARCHAR, description: "The same in small letters."}
--- */
WITH term AS (
    SELECT version_id, id, term FROM staging.condition_browse_mesh
    UNION ALL
    SELECT version_id, id, term FROM staging.condition_browse_ancestor
    UNION ALL
    SELECT version_id, id, term FROM staging.intervention_browse_mesh
    UNION ALL
    SELECT version_id, id, term FROM staging.intervention_browse_ancestor
)

SELECT
    ascii(term.id) * 1000000000000 + CAST(substr(term.id, 2) AS BIGINT) AS id,
    NULL::VARCHAR AS qualifier,
    NULL::VARCHAR AS tree_number,
    arg_min(term.id, length(term.id)) AS description,
    max(term.term) AS mesh_term,
    lower(max(term.term)) AS downcase_mesh_term
FROM term
JOIN core.ctgov_record AS record USING (version_id)
WHERE regexp_full_match(term.id, '[A-Z][0-9]{1,11}')
GROUP BY ascii(term.id) * 1000000000000 + CAST(substr(term.id, 2) AS BIGINT)
