/* ---
description: >-
  Where trials take place: trials, records, sites and open sites by country and by city, with coordinates of the city for
  a map.
grain: one row per country, and one per city (with state) of it
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  level: {type: VARCHAR, description: "country or city.", tests: [not_null, {accepted_values: [country, city]}]}
  country: {type: VARCHAR, description: "Country, by one name (core.country_spelling); NULL where sites have none."}
  state: {type: VARCHAR, description: "State or province, as written; NULL for countries."}
  city: {type: VARCHAR, description: "City in its most frequent spelling; NULL for countries, and for sites without a city."}
  latitude: {type: DOUBLE, description: "Degrees north: the most frequent coordinates of sites in the city; NULL for countries, or where no source has them."}
  longitude: {type: DOUBLE, description: "Degrees east, of the same."}
  trials: {type: BIGINT, description: "Trials with a site there.", tests: [not_null]}
  open_trials: {type: BIGINT, description: "Of these, trials with a site there where one can take part.", tests: [not_null]}
  records: {type: BIGINT, description: "Registry records with a site there.", tests: [not_null]}
  site_rows: {type: BIGINT, description: "Sites that these records list there.", tests: [not_null]}
  open_site_rows: {type: BIGINT, description: "Of these, sites where one can take part.", tests: [not_null]}
tests:
  - unique: [level, country, state, city]
metrics:
  trials:
    meaning: "Trials that take place there."
    formula: "number of different trial_id in marts.trial_site"
    caveat: "A trial counts in each of its cities: do not add up. Trials of which only the countries are known (core.country) have no site."
  open_trials:
    meaning: "Trials in which one can take part there."
    formula: "number of different trial_id with is_open_site"
    caveat: "Sites without a status do not count. As old as the records."
  site_rows:
    meaning: "Sites as the records list them."
    formula: "number of rows of marts.trial_site"
    caveat: "Not different hospitals: one counts for each trial, see marts.site_profile."
--- */
WITH site AS (
    SELECT
        record_key,
        trial_id,
        country_name AS country,
        nullif(trim(state), '') AS state,
        nullif(trim(city), '') AS city,
        lower(strip_accents(nullif(trim(state), ''))) AS state_key,
        replace(city_key, ' ', '') AS city_key,
        CASE WHEN latitude IS NOT NULL AND longitude IS NOT NULL THEN {'latitude': latitude, 'longitude': longitude} END AS point,
        is_open_site
    FROM marts.trial_site
),

spelling AS (
    SELECT
        country,
        state_key,
        city_key,
        state,
        city,
        point,
        sum(count(*)) OVER (PARTITION BY country, state_key, city_key, state) AS state_uses,
        sum(count(*)) OVER (PARTITION BY country, state_key, city_key, city) AS city_uses,
        sum(count(*)) OVER (PARTITION BY country, state_key, city_key, point) AS point_uses
    FROM site
    GROUP BY country, state_key, city_key, state, city, point
),

place AS (
    SELECT
        country,
        state_key,
        city_key,
        arg_max(state, (state_uses, state)) AS state,
        arg_max(city, (city_uses, city)) AS city,
        arg_max(point, (point_uses, point)) FILTER (WHERE point IS NOT NULL) AS point
    FROM spelling
    GROUP BY country, state_key, city_key
),

counted AS (
    SELECT
        grouping(city_key) AS is_country,
        country,
        state_key,
        city_key,
        count(DISTINCT trial_id) AS trials,
        count(DISTINCT trial_id) FILTER (WHERE is_open_site) AS open_trials,
        count(DISTINCT record_key) AS records,
        count(*) AS site_rows,
        count(*) FILTER (WHERE is_open_site) AS open_site_rows
    FROM site
    GROUP BY GROUPING SETS ((country), (country, state_key, city_key))
)

SELECT
    CASE counted.is_country WHEN 1 THEN 'country' ELSE 'city' END AS level,
    counted.country,
    place.state,
    place.city,
    place.point.latitude AS latitude,
    place.point.longitude AS longitude,
    counted.trials,
    counted.open_trials,
    counted.records,
    counted.site_rows,
    counted.open_site_rows
FROM counted
LEFT JOIN place
    ON counted.is_country = 0
    AND place.country IS NOT DISTINCT FROM counted.country
    AND place.state_key IS NOT DISTINCT FROM counted.state_key
    AND place.city_key IS NOT DISTINCT FROM counted.city_key
ORDER BY level DESC, counted.country, place.state, place.city
