/* ---
description: >-
  Publications, as AACT's table study_references.
grain: one row per publication of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  pmid: {type: VARCHAR, description: "PubMed number."}
  reference_type: {type: VARCHAR, description: "BACKGROUND, RESULT or DERIVED (found by the registry)."}
  citation: {type: VARCHAR, description: "The citation."}
--- */
SELECT
    record.id_base + reference.position AS id,
    record.nct_id,
    reference.pmid,
    reference.type AS reference_type,
    reference.citation
FROM staging.reference AS reference
JOIN core.ctgov_record AS record USING (version_id)
