/* ---
description: >-
  Figures worked out of each record, under the names of AACT's table calculated_values. What a record's dates or its
  raw format leave open is NULL; docs/marts/aact.md says where AACT counts otherwise, and why.
grain: one row per study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  number_of_facilities:
    type: INTEGER
    description: >-
      Sites that the record lists; 0 where a whole record lists none, NULL where the raw format may have lost
      them.
  number_of_nsae_subjects:
    type: BIGINT
    description: >-
      Participants with any adverse event that is not serious, added up over the groups; NULL where none is
      stated.
  number_of_sae_subjects:
    type: BIGINT
    description: >-
      Participants with any serious adverse event, added up over the groups; NULL where none is stated.
  registered_in_calendar_year: {type: INTEGER, description: "Year of the first submission."}
  nlm_download_date: {type: DATE, description: "Always NULL: the registry no longer gives it."}
  actual_duration:
    type: INTEGER
    description: >-
      Full months from start to primary completion, where neither is estimated; NULL where the dates leave the
      number open.
  were_results_reported:
    type: BOOLEAN
    description: >-
      Whether the record has results; NULL where its format does not say.
  months_to_report_results:
    type: INTEGER
    description: >-
      Full months from the actual primary completion to the first submission of results, negative when before;
      NULL where the dates leave the number open.
  has_us_facility:
    type: BOOLEAN
    description: >-
      Whether a site is in the U.S. or its territories; NULL where no site with a country is listed.
  has_single_facility: {type: BOOLEAN, description: "Whether the record lists one site; NULL where it lists none."}
  minimum_age_num: {type: INTEGER, description: "Number of the minimum age."}
  maximum_age_num: {type: INTEGER, description: "Number of the maximum age."}
  minimum_age_unit: {type: VARCHAR, description: "Its unit: Years, Months, …"}
  maximum_age_unit: {type: VARCHAR, description: "Its unit."}
  number_of_primary_outcomes_to_measure:
    type: INTEGER
    description: >-
      Planned primary outcomes; NULL where the record lists none.
  number_of_secondary_outcomes_to_measure: {type: INTEGER, description: "Planned secondary outcomes; NULL likewise."}
  number_of_other_outcomes_to_measure: {type: INTEGER, description: "Other planned outcomes; NULL likewise."}
--- */
WITH site AS (
    SELECT
        version_id,
        count(*)::INTEGER AS site_count,
        bool_or(country IN (
            'United States', 'American Samoa', 'Guam', 'Northern Mariana Islands', 'Puerto Rico',
            'Virgin Islands (U.S.)', 'U.S. Virgin Islands', 'United States Virgin Islands',
            'United States Minor Outlying Islands', 'U.S. Minor Outlying Islands'
        )) AS has_us_site
    FROM staging.location
    GROUP BY version_id
),

event AS (
    SELECT version_id, sum(serious_num_affected)::BIGINT AS serious, sum(other_num_affected)::BIGINT AS other
    FROM staging.adverse_event_group
    GROUP BY version_id
),

primary_outcome AS (
    SELECT version_id, count(*)::INTEGER AS outcome_count FROM staging.primary_outcome GROUP BY version_id
),

secondary_outcome AS (
    SELECT version_id, count(*)::INTEGER AS outcome_count FROM staging.secondary_outcome GROUP BY version_id
),

other_outcome AS (
    SELECT version_id, count(*)::INTEGER AS outcome_count FROM staging.other_outcome GROUP BY version_id
),

measured AS (
    SELECT DISTINCT version_id FROM staging.outcome_measure
),

-- Full months at least and at most: equal, or the dates leave the number open.
month_count AS (
    SELECT
        version_id,
        date_sub('month', start_date_latest, primary_completion_date_earliest) AS duration_min,
        date_sub('month', start_date_earliest, primary_completion_date_latest) AS duration_max,
        date_sub('month', primary_completion_date_latest, results_first_submit_date_earliest) AS reporting_min,
        date_sub('month', primary_completion_date_earliest, results_first_submit_date_latest) AS reporting_max
    FROM staging.study
)

SELECT
    record.id_base + 1 AS id,
    record.nct_id,
    coalesce(site.site_count, CASE WHEN record.is_whole THEN 0 END) AS number_of_facilities,
    event.other AS number_of_nsae_subjects,
    event.serious AS number_of_sae_subjects,
    CASE
        WHEN year(study.study_first_submit_date_earliest) = year(study.study_first_submit_date_latest)
            THEN year(study.study_first_submit_date_latest)::INTEGER
    END AS registered_in_calendar_year,
    NULL::DATE AS nlm_download_date,
    CASE
        WHEN coalesce(study.start_date_type, 'ACTUAL') = 'ACTUAL'
            AND coalesce(study.primary_completion_date_type, 'ACTUAL') = 'ACTUAL'
            AND month_count.duration_min = month_count.duration_max
            THEN month_count.duration_max::INTEGER
    END AS actual_duration,
    CASE WHEN measured.version_id IS NOT NULL THEN TRUE ELSE study.has_results END AS were_results_reported,
    CASE
        WHEN study.primary_completion_date_type = 'ACTUAL' AND month_count.reporting_min = month_count.reporting_max
            THEN month_count.reporting_max::INTEGER
    END AS months_to_report_results,
    site.has_us_site AS has_us_facility,
    site.site_count = 1 AS has_single_facility,
    TRY_CAST(split_part(study.minimum_age, ' ', 1) AS INTEGER) AS minimum_age_num,
    TRY_CAST(split_part(study.maximum_age, ' ', 1) AS INTEGER) AS maximum_age_num,
    nullif(split_part(study.minimum_age, ' ', 2), '') AS minimum_age_unit,
    nullif(split_part(study.maximum_age, ' ', 2), '') AS maximum_age_unit,
    primary_outcome.outcome_count AS number_of_primary_outcomes_to_measure,
    secondary_outcome.outcome_count AS number_of_secondary_outcomes_to_measure,
    other_outcome.outcome_count AS number_of_other_outcomes_to_measure
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
JOIN month_count USING (version_id)
LEFT JOIN site USING (version_id)
LEFT JOIN event USING (version_id)
LEFT JOIN measured USING (version_id)
LEFT JOIN primary_outcome USING (version_id)
LEFT JOIN secondary_outcome USING (version_id)
LEFT JOIN other_outcome USING (version_id)
