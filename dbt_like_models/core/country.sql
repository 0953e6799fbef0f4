/* ---
description: >-
  Countries of the study: those of its locations, then those of a registry's list of recruitment countries that no
  location is in; or those a registry page lists when it shows no location with a country.
grain: one row per country of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based, in the order in which the source first names them.", tests: [not_null]}
  country: {type: VARCHAR, description: "Country, in the registry's words.", tests: [not_null]}
  country_code: {type: VARCHAR, description: "Country code, where the source gives one."}
  location_count: {type: BIGINT, description: "Locations of the record in the country; NULL where only a list of countries is known."}
  ground:
    type: VARCHAR
    description: >-
      Where the country is from: location or country list.
    tests: [not_null, {accepted_values: [location, country list]}]
tests:
  - unique: [record_key, position]
  - unique: [record_key, country]
--- */
WITH from_location AS (
    SELECT
        version_id,
        country,
        min(country_code) AS country_code,
        count(*) AS location_count,
        min(position) AS first_position
    FROM staging.location
    WHERE country IS NOT NULL
    GROUP BY version_id, country
),

from_list AS (
    SELECT listed.version_id, listed.page_country AS country, min(listed.position) AS first_position
    FROM staging.page_country AS listed
    ANTI JOIN from_location USING (version_id)
    WHERE listed.page_country IS NOT NULL
    GROUP BY listed.version_id, listed.page_country
),

-- A registry that lists countries may have centres in some of them only.
from_recruitment AS (
    SELECT
        listed.version_id,
        coalesce(listed.country, listed.country_code) AS country,
        min(listed.country_code) AS country_code,
        min(listed.position) + 1000000 AS first_position  -- behind the locations
    FROM staging.recruitment_country AS listed
    ANTI JOIN from_location
        ON from_location.version_id = listed.version_id
        AND from_location.country = coalesce(listed.country, listed.country_code)
    WHERE coalesce(listed.country, listed.country_code) IS NOT NULL
    GROUP BY listed.version_id, coalesce(listed.country, listed.country_code)
),

country AS (
    SELECT version_id, country, country_code, location_count, first_position, 'location' AS ground
    FROM from_location
    UNION ALL
    SELECT version_id, country, NULL AS country_code, NULL AS location_count, first_position, 'country list' AS ground
    FROM from_list
    UNION ALL
    SELECT version_id, country, country_code, NULL AS location_count, first_position, 'country list' AS ground
    FROM from_recruitment
)

SELECT
    version.record_key,
    row_number() OVER (PARTITION BY version.record_key ORDER BY country.first_position)::INTEGER AS position,
    country.country,
    country.country_code,
    country.location_count,
    country.ground
FROM country
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, position
