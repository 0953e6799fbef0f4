/* ---
description: >-
  Countries of the study: those of its locations, or those a registry page lists when it shows no location
  with a country.
grain: one row per country of a record
owner: team:warehouse
tags: [core]
materialised: table
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

country AS (
    SELECT version_id, country, country_code, location_count, first_position, 'location' AS ground
    FROM from_location
    UNION ALL
    SELECT version_id, country, NULL AS country_code, NULL AS location_count, first_position, 'country list' AS ground
    FROM from_list
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
