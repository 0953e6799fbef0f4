/* ---
description: >-
  Data and documents that can be had, as AACT's table documents.
grain: one row per document of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  document_id: {type: VARCHAR, description: "Number of the document."}
  document_type: {type: VARCHAR, description: "What it is."}
  url: {type: VARCHAR, description: "Where it is."}
  comment: {type: VARCHAR, description: "Remark."}
--- */
SELECT
    record.id_base + document.position AS id,
    record.nct_id,
    document.id AS document_id,
    document.type AS document_type,
    document.url,
    document.comment
FROM staging.avail_ipd AS document
JOIN core.ctgov_record AS record USING (version_id)
