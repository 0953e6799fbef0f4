/* ---
description: >-
  Links to further pages, as AACT's table links.
grain: one row per link of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  url: {type: VARCHAR, description: "Address."}
  description: {type: VARCHAR, description: "What is there."}
--- */
SELECT
    record.id_base + link.position AS id,
    record.nct_id,
    link.url,
    link.label AS description
FROM staging.see_also_link AS link
JOIN core.ctgov_record AS record USING (version_id)
