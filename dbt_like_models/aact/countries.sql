/* ---
description: >-
  Countries of the study, as AACT's table countries: of its sites, or of a list of countries where no site is known;
  and those it no longer has a site in.
grain: one row per country of a study, and per country removed from it
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  name: {type: VARCHAR, description: "Country."}
  removed: {type: BOOLEAN, description: "Whether the registry lists it as removed: no site is or was there any more."}
--- */
WITH country AS (
    SELECT record_key, position, country, FALSE AS removed
    FROM core.country
    UNION ALL
    SELECT record.record_key, 1000 + gone.position AS position, gone.removed_country AS country, TRUE AS removed
    FROM staging.removed_country AS gone
    JOIN core.ctgov_record AS record USING (version_id)
)

SELECT
    record.id_base + country.position AS id,
    record.nct_id,
    country.country AS name,
    country.removed
FROM country
JOIN core.ctgov_record AS record USING (record_key)
