/* ---
description: >-
  Other numbers of the study, as AACT's table id_information.
grain: one row per number of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  id_source: {type: VARCHAR, description: "nct_alias, org_study_id or secondary_id."}
  id_value: {type: VARCHAR, description: "The number, as the record writes it."}
  id_type: {type: VARCHAR, description: "NIH, EUDRACT_NUMBER, REGISTRY, …; NULL where the record does not say."}
  id_type_description: {type: VARCHAR, description: "Whose number it is."}
  id_link: {type: VARCHAR, description: "Link to it."}
--- */
WITH number AS (
    SELECT
        version_id,
        position,
        'nct_alias' AS id_source,
        nct_id_alias AS id_value,
        NULL::VARCHAR AS id_type,
        NULL::VARCHAR AS domain,
        NULL::VARCHAR AS link
    FROM staging.nct_id_alias
    UNION ALL
    SELECT version_id, 1000 AS position, 'org_study_id', org_study_id, org_study_id_type, NULL, org_study_id_link
    FROM staging.study
    WHERE org_study_id IS NOT NULL
    UNION ALL
    SELECT version_id, 1000 + position AS position, 'secondary_id', id, type, domain, link
    FROM staging.secondary_id
)

SELECT
    record.id_base + number.position AS id,
    record.nct_id,
    number.id_source,
    number.id_value,
    number.id_type,
    number.domain AS id_type_description,
    number.link AS id_link
FROM number
JOIN core.ctgov_record AS record USING (version_id)
