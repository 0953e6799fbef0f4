/* ---
description: >-
  Sites, as AACT's table facilities.
grain: one row per site of a study; the same hospital has a row in each of its studies
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  status: {type: VARCHAR, description: "Recruitment status of the site; the registry gives it for open studies."}
  name: {type: VARCHAR, description: "Name of the site."}
  city: {type: VARCHAR, description: "City."}
  state: {type: VARCHAR, description: "State or province."}
  zip: {type: VARCHAR, description: "Postal code."}
  country: {type: VARCHAR, description: "Country."}
  latitude: {type: DOUBLE, description: "Latitude in degrees, of the city."}
  longitude: {type: DOUBLE, description: "Longitude in degrees."}
--- */
SELECT
    record.id_base + location.position AS id,
    record.nct_id,
    location.status,
    location.facility AS name,
    location.city,
    location.state,
    location.zip,
    location.country,
    location.geo_point_lat AS latitude,
    location.geo_point_lon AS longitude
FROM staging.location AS location
JOIN core.ctgov_record AS record USING (version_id)
