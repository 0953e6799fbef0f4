/* ---
description: >-
  Sites of current records with country, city and, where the source has them, coordinates. Distances:
  marts.distance_km(lat1, lon1, lat2, lon2).
grain: one row per location of a record
owner: team:warehouse
tags: [marts]
materialised: view
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record."}
  trial_id: {type: VARCHAR, description: "The trial the record belongs to."}
  position: {type: INTEGER, description: "1-based place in the source's list."}
  facility: {type: VARCHAR, description: "Name of the site, as written."}
  city: {type: VARCHAR, description: "City, as written."}
  city_key: {type: VARCHAR, description: "The city by one key (core.location), to join by; to count by, without its spaces (Seodaemun-gu, SeodaemunGu)."}
  state: {type: VARCHAR, description: "State or province."}
  zip: {type: VARCHAR, description: "Postal code."}
  country: {type: VARCHAR, description: "Country, in the registry's words."}
  country_name: {type: VARCHAR, description: "The same country by one name (core.country_spelling), to count by."}
  country_code: {type: VARCHAR, description: "Country code, where the source gives one."}
  latitude: {type: DOUBLE, description: "Degrees north, of the city rather than the building; NULL where the source has none."}
  longitude: {type: DOUBLE, description: "Degrees east."}
  site_status: {type: VARCHAR, description: "Recruitment status of the site; registries give it for open studies."}
  is_open_site: {type: BOOLEAN, description: "Whether one can take part there: site_status RECRUITING or ENROLLING_BY_INVITATION; NULL where the site has no status."}
  overall_status: {type: VARCHAR, description: "Recruitment status of the study."}
metrics:
  is_open_site:
    meaning: "Whether one can take part at this site."
    formula: "site_status RECRUITING or ENROLLING_BY_INVITATION"
    caveat: "NULL where the site has no status, which is not the same as closed. As old as the record: see marts.stale_record."
--- */
SELECT
    location.record_key,
    record.trial_id,
    location.position,
    location.facility,
    location.city,
    location.city_key,
    location.state,
    location.zip,
    location.country,
    coalesce(spelling.country, trim(location.country)) AS country_name,
    location.country_code,
    location.geo_point_lat AS latitude,
    location.geo_point_lon AS longitude,
    location.status AS site_status,
    CASE WHEN location.status IS NOT NULL THEN location.status IN ('RECRUITING', 'ENROLLING_BY_INVITATION') END AS is_open_site,
    record.overall_status
FROM core.location AS location
JOIN core.record AS record USING (record_key)
LEFT JOIN core.country_spelling AS spelling ON spelling.spelling_key = lower(strip_accents(trim(location.country)))
