/* ---
description: >-
  What each site has done: trials, open ones, first and last start, sponsors and conditions. A site is a resolved
  organisation (core.organisation_alias says which names it has and why) in one city. Placeholders such as "Research
  Site" are no site.
grain: one row per organisation, country and city
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  organisation_id: {type: VARCHAR, description: "The organisation (core.organisation).", tests: [not_null]}
  country: {type: VARCHAR, description: "Country, by one name (core.country_spelling); NULL where the sites have none."}
  city: {type: VARCHAR, description: "City in its most frequent spelling; NULL where the sites have none."}
  name: {type: VARCHAR, description: "The most frequent name of the site, as a record writes it.", tests: [not_null]}
  name_count: {type: BIGINT, description: "Different names it has there.", tests: [not_null]}
  latitude: {type: DOUBLE, description: "Degrees north, of the city; NULL where no source has it."}
  longitude: {type: DOUBLE, description: "Degrees east."}
  trials: {type: BIGINT, description: "Trials with this site.", tests: [not_null]}
  open_trials: {type: BIGINT, description: "Of these, trials of which status_group in marts.trial_profile is open.", tests: [not_null]}
  open_here: {type: BIGINT, description: "Of these, trials in which one can take part at this site.", tests: [not_null]}
  completed_trials: {type: BIGINT, description: "Trials completed.", tests: [not_null]}
  stopped_trials: {type: BIGINT, description: "Trials suspended, terminated or withdrawn.", tests: [not_null]}
  interventional_trials: {type: BIGINT, description: "Interventional trials.", tests: [not_null]}
  industry_trials: {type: BIGINT, description: "Trials whose lead sponsor is of class INDUSTRY.", tests: [not_null]}
  sponsors: {type: BIGINT, description: "Different names of lead sponsors.", tests: [not_null]}
  first_start: {type: DATE, description: "First day that the earliest start of a trial can mean."}
  last_start: {type: DATE, description: "Last day that the latest start of a trial can mean."}
  top_conditions: {type: "VARCHAR[]", description: "The conditions of most of its trials, at most three, in small letters, the most frequent first.", tests: [not_null]}
tests:
  - unique: [organisation_id, country, city]
metrics:
  trials:
    meaning: "Trials in which the site takes or took part."
    formula: "number of different trial_id of records that list a location whose name stands for the organisation, in that city"
    caveat: "A name match is no identity: names are resolved conservatively, so one hospital can have several rows, and two departments under one hospital's name are one. Registries drop sites from closed studies. Start dates are the trial's, not the site's."
  open_here:
    meaning: "Trials in which one can take part at the site."
    formula: "location status RECRUITING or ENROLLING_BY_INVITATION"
    caveat: "Registries give a status per site for open studies only, many none at all: 0 is a lower bound."
--- */
WITH located AS (
    SELECT
        role.organisation_id,
        role.name,
        site.country_name AS country,
        site.city,
        replace(site.city_key, ' ', '') AS city_key,
        site.trial_id,
        CASE WHEN site.latitude IS NOT NULL AND site.longitude IS NOT NULL THEN {'latitude': site.latitude, 'longitude': site.longitude} END AS point,
        site.is_open_site
    FROM core.organisation_role AS role
    JOIN marts.trial_site AS site
        ON site.record_key = role.record_key
        AND site.facility = role.name
        AND site.country_name IS NOT DISTINCT FROM role.country
        AND site.city IS NOT DISTINCT FROM role.city
    WHERE role.place = 'site' AND role.organisation_id IS NOT NULL
),

spelling AS (
    SELECT
        organisation_id,
        country,
        city_key,
        city,
        name,
        point,
        sum(count(*)) OVER (PARTITION BY organisation_id, country, city_key, city) AS city_uses,
        sum(count(*)) OVER (PARTITION BY organisation_id, country, city_key, name) AS name_uses,
        sum(count(*)) OVER (PARTITION BY organisation_id, country, city_key, point) AS point_uses
    FROM located
    GROUP BY organisation_id, country, city_key, city, name, point
),

-- One number for each site keeps the grouping by condition small.
named AS (
    SELECT
        row_number() OVER (ORDER BY organisation_id, country, city_key) AS site_no,
        organisation_id,
        country,
        city_key,
        arg_max(city, (city_uses, city)) AS city,
        arg_max(name, (name_uses, name)) AS name,
        count(DISTINCT name) AS name_count,
        arg_max(point, (point_uses, point)) FILTER (WHERE point IS NOT NULL) AS point
    FROM spelling
    GROUP BY organisation_id, country, city_key
),

site_trial AS (
    SELECT named.site_no, located.trial_id, coalesce(bool_or(located.is_open_site), false) AS is_open_here
    FROM located
    JOIN named
        ON named.organisation_id = located.organisation_id
        AND named.country IS NOT DISTINCT FROM located.country
        AND named.city_key IS NOT DISTINCT FROM located.city_key
    GROUP BY named.site_no, located.trial_id
),

counted AS (
    SELECT
        site_trial.site_no,
        count(*) AS trials,
        count(*) FILTER (WHERE trial.is_open) AS open_trials,
        count(*) FILTER (WHERE site_trial.is_open_here) AS open_here,
        count(*) FILTER (WHERE trial.status_group = 'completed') AS completed_trials,
        count(*) FILTER (WHERE trial.status_group = 'stopped') AS stopped_trials,
        count(*) FILTER (WHERE trial.study_type = 'INTERVENTIONAL') AS interventional_trials,
        count(*) FILTER (WHERE trial.lead_sponsor_class = 'INDUSTRY') AS industry_trials,
        count(DISTINCT trial.lead_sponsor) AS sponsors,
        min(trial.start_earliest) AS first_start,
        max(trial.start_latest) AS last_start
    FROM site_trial
    JOIN marts.trial_profile AS trial ON trial.trial_id = site_trial.trial_id
    GROUP BY site_trial.site_no
),

trial_condition AS (
    SELECT DISTINCT member.trial_id, lower(trim(regexp_replace(condition.condition, '\s+', ' ', 'g'))) AS condition
    FROM core.condition AS condition
    JOIN core.trial_member AS member USING (record_key)
),

top_condition AS (
    SELECT site_no, list(condition ORDER BY trials DESC, condition)[1:3] AS conditions
    FROM (
        SELECT site_trial.site_no, trial_condition.condition, count(*) AS trials
        FROM site_trial
        JOIN trial_condition ON trial_condition.trial_id = site_trial.trial_id
        WHERE trial_condition.condition <> ''
        GROUP BY site_trial.site_no, trial_condition.condition
    )
    GROUP BY site_no
)

SELECT
    named.organisation_id,
    named.country,
    named.city,
    named.name,
    named.name_count,
    named.point.latitude AS latitude,
    named.point.longitude AS longitude,
    counted.trials,
    counted.open_trials,
    counted.open_here,
    counted.completed_trials,
    counted.stopped_trials,
    counted.interventional_trials,
    counted.industry_trials,
    counted.sponsors,
    counted.first_start,
    counted.last_start,
    coalesce(top_condition.conditions, []) AS top_conditions
FROM named
JOIN counted ON counted.site_no = named.site_no
LEFT JOIN top_condition ON top_condition.site_no = named.site_no
ORDER BY named.organisation_id, named.country, named.city
