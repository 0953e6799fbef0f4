/* ---
description: >-
  The long description, as AACT's table detailed_descriptions.
grain: one row per study whose record has a description
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  description: {type: VARCHAR, description: "The text; NULL where the record has only a short one."}
--- */
SELECT
    record.id_base + 1 AS id,
    record.nct_id,
    study.detailed_description AS description
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
WHERE study.brief_summary IS NOT NULL OR study.detailed_description IS NOT NULL
