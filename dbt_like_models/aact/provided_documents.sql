/* ---
description: >-
  Documents posted with the results, as AACT's table provided_documents.
grain: one row per posted document of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  document_type: {type: VARCHAR, description: "What it is."}
  has_protocol: {type: BOOLEAN, description: "Whether it has the protocol."}
  has_icf: {type: BOOLEAN, description: "Whether it has the informed consent form."}
  has_sap: {type: BOOLEAN, description: "Whether it has the statistical analysis plan."}
  document_date: {type: DATE, description: "Day of the document."}
  url: {type: VARCHAR, description: "Address, in the form that AACT gives; NULL where the record names no file."}
--- */
SELECT
    record.id_base + document.position AS id,
    record.nct_id,
    document.label AS document_type,
    document.has_protocol,
    document.has_icf,
    document.has_sap,
    document.date_latest AS document_date,
    'https://ClinicalTrials.gov/ProvidedDocs/' || right(record.nct_id, 2) || '/' || record.nct_id || '/'
        || document.filename AS url
FROM staging.large_document AS document
JOIN core.ctgov_record AS record USING (version_id)
