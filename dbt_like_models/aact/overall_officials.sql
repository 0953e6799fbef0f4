/* ---
description: >-
  Officials responsible for the whole study, as AACT's table overall_officials.
grain: one row per official of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  role: {type: VARCHAR, description: "PRINCIPAL_INVESTIGATOR, STUDY_CHAIR, STUDY_DIRECTOR, …"}
  name: {type: VARCHAR, description: "Name."}
  affiliation: {type: VARCHAR, description: "Organisation."}
--- */
SELECT
    record.id_base + official.position AS id,
    record.nct_id,
    official.role,
    official.name,
    official.affiliation
FROM staging.overall_official AS official
JOIN core.ctgov_record AS record USING (version_id)
