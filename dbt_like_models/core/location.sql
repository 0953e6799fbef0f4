/* ---
description: >-
  Places where the study is or was done.
grain: one row per location of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  facility: {type: VARCHAR, description: "Name of the site."}
  status: {type: VARCHAR, description: "Recruitment status of the site; registries give it for open studies."}
  city: {type: VARCHAR, description: "City, in the registry's words."}
  city_key: {type: VARCHAR, description: "The city by one key, to join and count by: small letters without accents, apostrophes and punctuation, St. as Saint; as written where nothing else is left, NULL without a city."}
  state: {type: VARCHAR, description: "State or province."}
  zip: {type: VARCHAR, description: "Postal code."}
  country: {type: VARCHAR, description: "Country, in the registry's words."}
  country_code: {type: VARCHAR, description: "Country code, where the source gives one."}
  geo_point_lat: {type: DOUBLE, description: "Latitude in degrees, of the city rather than the building."}
  geo_point_lon: {type: DOUBLE, description: "Longitude in degrees."}
tests:
  - unique: [record_key, position]
--- */
-- St Louis, St. Louis and Saint Louis were three cities, and their hospitals in pieces (2026-11).
SELECT
    version.record_key,
    location.position,
    location.facility,
    location.status,
    location.city,
    coalesce(nullif(regexp_replace(trim(regexp_replace(translate(replace(lower(strip_accents(replace(replace(location.city, '''', ''), '’', ''))), 'ß', 'ss'), 'øłđıð', 'oldid'), '[^\pL\pN]+', ' ', 'g')), '^st ', 'saint '), ''), nullif(trim(location.city), '')) AS city_key,
    location.state,
    location.zip,
    location.country,
    location.country_code,
    location.geo_point_lat,
    location.geo_point_lon
FROM staging.location AS location
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, location.position
