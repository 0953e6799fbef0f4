/* ---
description: >-
  Keywords, in the words of the record, as AACT's table keywords.
grain: one row per keyword of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  name: {type: VARCHAR, description: "The keyword."}
  downcase_name: {type: VARCHAR, description: "The same in small letters."}
--- */
SELECT
    record.id_base + keyword.position AS id,
    record.nct_id,
    keyword.keyword AS name,
    lower(keyword.keyword) AS downcase_name
FROM staging.keyword AS keyword
JOIN core.ctgov_record AS record USING (version_id)
