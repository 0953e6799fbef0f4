/* ---
description: >-
  Counts, enrollment and design of trials by condition, phase, sponsor class, country, type, status and intervention
  type, each for all years and by year of start: a cube in long form, to pivot. Real-world trials are counted, so that
  one registered twice counts once (marts.trial_profile); records says how many registry records they have.
grain: one row per dimension, value and year of start ("all" for all years)
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  dimension:
    type: VARCHAR
    description: >-
      What the trials are sorted by: all, study_type, phase, status (status_group of marts.trial_profile), sponsor_class, country (by one name, core.country_spelling), condition (in the words of
      the records), condition_mesh (MeSH terms that ClinicalTrials.gov finds), intervention_type.
    tests: [not_null, {accepted_values: [all, study_type, phase, status, sponsor_class, country, condition, condition_mesh, intervention_type]}]
  value: {type: VARCHAR, description: "The value; NOT_STATED where the trial has none; \"(fewer than 5 trials)\" for all rarer conditions together.", tests: [not_null]}
  start_year: {type: VARCHAR, description: "Year of the study start; all for all years together; not_known where it is not known or can be either of two.", tests: [not_null]}
  trials: {type: BIGINT, description: "Trials.", tests: [not_null]}
  records: {type: BIGINT, description: "Registry records of these trials.", tests: [not_null]}
  trials_with_enrollment: {type: BIGINT, description: "Trials that state an enrollment.", tests: [not_null]}
  trials_actual: {type: BIGINT, description: "Of these, trials whose enrollment is the number reached.", tests: [not_null]}
  enrollment_total: {type: HUGEINT, description: "Sum of the enrollments; NULL when no trial states one."}
  enrollment_actual_total: {type: HUGEINT, description: "Sum of the enrollments reached; NULL when no trial states one."}
  enrollment_median: {type: DOUBLE, description: "Median enrollment."}
  interventional: {type: BIGINT, description: "Interventional trials; the design columns below count among them.", tests: [not_null]}
  allocation_stated: {type: BIGINT, description: "Interventional trials that state the allocation, NA included.", tests: [not_null]}
  randomized: {type: BIGINT, description: "Interventional trials of allocation RANDOMIZED.", tests: [not_null]}
  masking_stated: {type: BIGINT, description: "Interventional trials that state the masking.", tests: [not_null]}
  masked: {type: BIGINT, description: "Interventional trials with any masking.", tests: [not_null]}
  double_masked: {type: BIGINT, description: "Interventional trials of masking DOUBLE, TRIPLE or QUADRUPLE.", tests: [not_null]}
  purpose_stated: {type: BIGINT, description: "Interventional trials that state the primary purpose.", tests: [not_null]}
  purpose_treatment: {type: BIGINT, description: "Interventional trials of purpose TREATMENT.", tests: [not_null]}
  purpose_prevention: {type: BIGINT, description: "Interventional trials of purpose PREVENTION.", tests: [not_null]}
  model_stated: {type: BIGINT, description: "Interventional trials that state the intervention model.", tests: [not_null]}
  model_parallel: {type: BIGINT, description: "Interventional trials of model PARALLEL.", tests: [not_null]}
  model_single_group: {type: BIGINT, description: "Interventional trials of model SINGLE_GROUP.", tests: [not_null]}
  model_crossover: {type: BIGINT, description: "Interventional trials of model CROSSOVER.", tests: [not_null]}
  with_results: {type: BIGINT, description: "Trials with results posted in any of their records.", tests: [not_null]}
tests:
  - unique: [dimension, value, start_year]
metrics:
  trials:
    meaning: "Real-world trials with this value."
    formula: "count of marts.trial_profile rows"
    caveat: "A trial counts once under each of its countries, conditions, MeSH terms and intervention types: do not add up over values of these dimensions; dimension all has the total. Links between registries are conservative (docs/identity.md), so some trials still count twice."
  records:
    meaning: "Registry records of these trials."
    formula: "sum of record_count over the trials"
    caveat: "Of the whole trial, also records that do not name the value themselves."
  enrollment_total:
    meaning: "Participants in these trials, reached or aimed at."
    formula: "sum of enrollment over trials that state one"
    caveat: "Adds numbers reached and aimed at; a few registers of millions of people outweigh all others: prefer the median."
  enrollment_median:
    meaning: "Size of a typical trial."
    formula: "median of enrollment over trials that state one, withdrawn trials with 0 included"
    caveat: "Interpolated between the two middle trials; rests on few trials in many rows: see trials_with_enrollment."
  randomized:
    meaning: "Interventional trials that assign participants at random."
    formula: "study_type INTERVENTIONAL and allocation RANDOMIZED"
    caveat: "For a share divide by allocation_stated: old records and other registries often do not say. Trials of one arm state NA and are in allocation_stated."
  masked:
    meaning: "Interventional trials in which somebody does not know the assignment."
    formula: "study_type INTERVENTIONAL and masking stated and not NONE"
    caveat: "For a share divide by masking_stated. Who is masked stands in staging.who_masked."
  enrollment_actual_total:
    meaning: "Participants that these trials have reached."
    formula: "sum of enrollment over trials whose enrollment_type is ACTUAL"
    caveat: "Old records state a number without a type: these are left out. Large registers outweigh all others."
--- */
WITH trial AS (
    SELECT
        trial_id,
        record_count,
        study_type,
        phase,
        status_group,
        lead_sponsor_class,
        coalesce(start_year::VARCHAR, 'not_known') AS start_year,
        enrollment,
        enrollment_type,
        has_results,
        CASE WHEN study_type = 'INTERVENTIONAL' THEN allocation END AS allocation,
        CASE WHEN study_type = 'INTERVENTIONAL' THEN masking END AS masking,
        CASE WHEN study_type = 'INTERVENTIONAL' THEN primary_purpose END AS primary_purpose,
        CASE WHEN study_type = 'INTERVENTIONAL' THEN intervention_model END AS intervention_model
    FROM marts.trial_profile
),

-- Spellings that differ in case or spacing only are one condition, shown in the most frequent of them.
spelling AS (
    SELECT member.trial_id, trim(regexp_replace(condition.condition, '\s+', ' ', 'g')) AS condition
    FROM core.condition AS condition
    JOIN core.trial_member AS member USING (record_key)
),

condition_name AS (
    SELECT condition_key, arg_max(condition, (uses, condition)) AS condition, sum(uses) AS uses
    FROM (
        SELECT lower(condition) AS condition_key, condition, count(*) AS uses
        FROM spelling
        WHERE condition <> ''
        GROUP BY condition
    )
    GROUP BY condition_key
),

trial_condition AS (
    SELECT DISTINCT trial_id, lower(condition) AS condition_key
    FROM spelling
    WHERE condition <> ''
),

frequent AS (
    SELECT condition_key
    FROM trial_condition
    GROUP BY condition_key
    HAVING count(*) >= 5
),

placed AS (
    SELECT trial_id, 'all' AS dimension, 'all' AS value FROM trial
    UNION ALL
    SELECT trial_id, 'study_type' AS dimension, coalesce(study_type, 'NOT_STATED') AS value FROM trial
    UNION ALL
    SELECT trial_id, 'phase' AS dimension, coalesce(phase, 'NOT_STATED') AS value FROM trial
    UNION ALL
    SELECT trial_id, 'status' AS dimension, if(status_group = 'not_stated', 'NOT_STATED', status_group) AS value FROM trial
    UNION ALL
    SELECT trial_id, 'sponsor_class' AS dimension, coalesce(lead_sponsor_class, 'NOT_STATED') AS value FROM trial
    UNION ALL
    SELECT DISTINCT trial.trial_id, 'country' AS dimension, coalesce(country.country, 'NOT_STATED') AS value
    FROM trial
    LEFT JOIN (
        SELECT member.trial_id, coalesce(spelling.country, trim(listed.country)) AS country
        FROM core.country AS listed
        JOIN core.trial_member AS member USING (record_key)
        LEFT JOIN core.country_spelling AS spelling
            ON spelling.spelling_key = lower(strip_accents(trim(listed.country)))
    ) AS country ON country.trial_id = trial.trial_id
    UNION ALL
    SELECT DISTINCT
        trial.trial_id,
        'condition' AS dimension,
        CASE
            WHEN trial_condition.condition_key IS NULL THEN 'NOT_STATED'
            WHEN frequent.condition_key IS NULL THEN '(fewer than 5 trials)'
            ELSE condition_name.condition
        END AS value
    FROM trial
    LEFT JOIN trial_condition ON trial_condition.trial_id = trial.trial_id
    LEFT JOIN frequent ON frequent.condition_key = trial_condition.condition_key
    LEFT JOIN condition_name ON condition_name.condition_key = frequent.condition_key
    UNION ALL
    SELECT DISTINCT member.trial_id, 'condition_mesh' AS dimension, mesh.term AS value
    FROM staging.condition_browse_mesh AS mesh
    JOIN raw.record_version AS version ON version.version_id = mesh.version_id AND version.is_current
    JOIN core.trial_member AS member ON member.record_key = version.record_key
    WHERE mesh.term IS NOT NULL
    UNION ALL
    SELECT DISTINCT member.trial_id, 'intervention_type' AS dimension, intervention.type AS value
    FROM core.intervention AS intervention
    JOIN core.trial_member AS member USING (record_key)
    WHERE intervention.type IS NOT NULL
)

SELECT
    placed.dimension,
    placed.value,
    CASE WHEN grouping(trial.start_year) = 1 THEN 'all' ELSE trial.start_year END AS start_year,
    count(*) AS trials,
    sum(trial.record_count)::BIGINT AS records,
    count(trial.enrollment) AS trials_with_enrollment,
    count(trial.enrollment) FILTER (WHERE trial.enrollment_type = 'ACTUAL') AS trials_actual,
    sum(trial.enrollment) AS enrollment_total,
    sum(trial.enrollment) FILTER (WHERE trial.enrollment_type = 'ACTUAL') AS enrollment_actual_total,
    median(trial.enrollment)::DOUBLE AS enrollment_median,
    count(*) FILTER (WHERE trial.study_type = 'INTERVENTIONAL') AS interventional,
    count(trial.allocation) AS allocation_stated,
    count(*) FILTER (WHERE trial.allocation = 'RANDOMIZED') AS randomized,
    count(trial.masking) AS masking_stated,
    count(*) FILTER (WHERE trial.masking <> 'NONE') AS masked,
    count(*) FILTER (WHERE trial.masking IN ('DOUBLE', 'TRIPLE', 'QUADRUPLE')) AS double_masked,
    count(trial.primary_purpose) AS purpose_stated,
    count(*) FILTER (WHERE trial.primary_purpose = 'TREATMENT') AS purpose_treatment,
    count(*) FILTER (WHERE trial.primary_purpose = 'PREVENTION') AS purpose_prevention,
    count(trial.intervention_model) AS model_stated,
    count(*) FILTER (WHERE trial.intervention_model = 'PARALLEL') AS model_parallel,
    count(*) FILTER (WHERE trial.intervention_model = 'SINGLE_GROUP') AS model_single_group,
    count(*) FILTER (WHERE trial.intervention_model = 'CROSSOVER') AS model_crossover,
    count(*) FILTER (WHERE trial.has_results) AS with_results
FROM placed
JOIN trial ON trial.trial_id = placed.trial_id
GROUP BY GROUPING SETS ((placed.dimension, placed.value), (placed.dimension, placed.value, trial.start_year))
ORDER BY placed.dimension, placed.value, start_year
