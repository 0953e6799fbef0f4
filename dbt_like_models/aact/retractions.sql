/* ---
description: >-
  Retractions of publications, as AACT's table retractions.
grain: one row per retraction of a publication
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  reference_id: {type: BIGINT, description: "The publication: aact.study_references.id."}
  pmid: {type: VARCHAR, description: "PubMed number of the retraction."}
  source: {type: VARCHAR, description: "Where it stands."}
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
--- */
SELECT
    record.id_base + retraction.reference_position * 100 + retraction.position AS id,
    record.id_base + retraction.reference_position AS reference_id,
    retraction.pmid,
    retraction.source,
    record.nct_id
FROM staging.reference_retraction AS retraction
JOIN core.ctgov_record AS record USING (version_id)
