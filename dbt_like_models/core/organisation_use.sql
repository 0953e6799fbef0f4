/* ---
description: >-
  Where current records name organisations: as lead sponsor, collaborator, registrant, site, or somebody's
  affiliation. Individuals as sponsors (class INDIV) and people are left out.
grain: one row per record, place, name and, of a site, country and city
owner: team:warehouse
tags: [core, identity]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record.", tests: [not_null]}
  place:
    type: VARCHAR
    description: >-
      sponsor, collaborator (also a sponsor without a role), registrant, affiliation or site.
    tests: [not_null, {accepted_values: [sponsor, collaborator, registrant, affiliation, site]}]
  name: {type: VARCHAR, description: "The name as the record writes it.", tests: [not_null]}
  country: {type: VARCHAR, description: "Country of a site, by one name (core.country_spelling); NULL for other places."}
  city: {type: VARCHAR, description: "City of a site; NULL for other places."}
  city_key: {type: VARCHAR, description: "The same by one key (core.location)."}
--- */
WITH used AS (
    SELECT version_id, 'sponsor' AS place, lead_sponsor_name AS name
    FROM staging.study
    WHERE coalesce(lead_sponsor_class, '') <> 'INDIV'
    UNION ALL
    SELECT version_id, 'registrant' AS place, organization_full_name AS name
    FROM staging.study
    WHERE coalesce(organization_class, '') <> 'INDIV'
    UNION ALL
    SELECT version_id, 'affiliation' AS place, responsible_party_investigator_affiliation AS name
    FROM staging.study
    UNION ALL
    SELECT version_id, 'affiliation' AS place, responsible_party_old_organization AS name
    FROM staging.study
    UNION ALL
    SELECT version_id, 'affiliation' AS place, results_info_point_of_contact_organization AS name
    FROM staging.study
    UNION ALL
    SELECT version_id, 'collaborator' AS place, name
    FROM staging.collaborator
    WHERE coalesce(class, '') <> 'INDIV'
    UNION ALL
    SELECT version_id, 'collaborator' AS place, name
    FROM staging.page_sponsor
    WHERE coalesce(class, '') <> 'INDIV'
    UNION ALL
    SELECT version_id, 'affiliation' AS place, affiliation AS name
    FROM staging.overall_official
),

named AS (
    SELECT version.record_key, used.place, used.name, NULL AS country, NULL AS city, NULL AS city_key
    FROM used
    JOIN raw.record_version AS version USING (version_id)
    WHERE version.is_current
    UNION ALL
    SELECT
        location.record_key,
        'site' AS place,
        location.facility AS name,
        coalesce(spelling.country, trim(location.country)) AS country,
        location.city,
        location.city_key
    FROM core.location AS location
    LEFT JOIN core.country_spelling AS spelling ON spelling.spelling_key = lower(strip_accents(trim(location.country)))
)

SELECT DISTINCT record_key, place, name, country, city, city_key
FROM named
WHERE trim(name) <> ''
ORDER BY record_key, place, name, country, city
