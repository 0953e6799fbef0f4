/* ---
description: >-
  How many studies there are of a condition, by phase and start year, and how large they are. A study counts
  under each of its conditions, so that rows must not be added up over conditions.
grain: one row per condition (spelling aside), phase and start year
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  condition:
    type: VARCHAR
    description: >-
      Condition in its most frequent spelling; spellings that differ in case or spacing only are one.
    tests: [not_null]
  phase:
    type: VARCHAR
    description: >-
      Phases joined by a slash; NA where the registry says that phases do not apply; NOT_STATED where it says
      nothing.
    tests: [not_null]
  start_year: {type: INTEGER, description: "Year of the study start; NULL when it is not known."}
  studies: {type: BIGINT, description: "Studies.", tests: [not_null]}
  studies_with_enrollment: {type: BIGINT, description: "Studies that state an enrollment.", tests: [not_null]}
  studies_actual: {type: BIGINT, description: "Of these, studies whose enrollment is the number reached.", tests: [not_null]}
  studies_estimated: {type: BIGINT, description: "Of these, studies whose enrollment is the number aimed at.", tests: [not_null]}
  enrollment_total: {type: HUGEINT, description: "Sum of the enrollments; NULL when no study states one."}
  enrollment_median: {type: DOUBLE, description: "Median enrollment."}
  enrollment_p25: {type: DOUBLE, description: "Lower quartile of the enrollments."}
  enrollment_p75: {type: DOUBLE, description: "Upper quartile of the enrollments."}
tests:
  - unique: [condition, phase, start_year]
metrics:
  studies:
    meaning: "Registered studies of the condition."
    formula: "number of registry records"
    caveat: "Records, not real-world trials: a trial registered twice counts twice (core.trial). Conditions are the words of the records: synonyms are apart."
  enrollment_total:
    meaning: "Participants in these studies, reached or aimed at."
    formula: "sum of enrollment over studies that state one"
    caveat: "Adds numbers reached and numbers aimed at (see studies_actual, studies_estimated); a few registers of millions of people outweigh all others: prefer the median."
  enrollment_median:
    meaning: "Size of a typical study."
    formula: "median of enrollment over studies that state one, withdrawn studies with 0 included"
    caveat: "Interpolated between the two middle studies; rests on few studies in most rows."
--- */
WITH spelling AS (
    SELECT
        record_key,
        trim(regexp_replace(condition, '\s+', ' ', 'g')) AS condition,
        lower(trim(regexp_replace(condition, '\s+', ' ', 'g'))) AS condition_key
    FROM core.condition
    WHERE trim(condition) <> ''
),

spelling_count AS (
    SELECT condition_key, condition, count(*) AS uses
    FROM spelling
    GROUP BY condition_key, condition
),

-- The most frequent spelling names the condition; of equally frequent ones the first in the alphabet.
condition_name AS (
    SELECT condition_key, condition
    FROM spelling_count
    QUALIFY row_number() OVER (PARTITION BY condition_key ORDER BY uses DESC, condition) = 1
),

studied AS (
    SELECT DISTINCT record_key, condition_key
    FROM spelling
),

study AS (
    SELECT
        record_key,
        coalesce(phase, 'NOT_STATED') AS phase,
        CASE WHEN year(start_earliest) = year(start_latest) THEN year(start_earliest) END::INTEGER AS start_year,
        enrollment,
        enrollment_type
    FROM core.record
)

SELECT
    condition_name.condition,
    study.phase,
    study.start_year,
    count(*) AS studies,
    count(study.enrollment) AS studies_with_enrollment,
    count(study.enrollment) FILTER (WHERE study.enrollment_type = 'ACTUAL') AS studies_actual,
    count(study.enrollment) FILTER (WHERE study.enrollment_type = 'ESTIMATED') AS studies_estimated,
    sum(study.enrollment) AS enrollment_total,
    quantile_cont(study.enrollment, 0.5)::DOUBLE AS enrollment_median,
    quantile_cont(study.enrollment, 0.25)::DOUBLE AS enrollment_p25,
    quantile_cont(study.enrollment, 0.75)::DOUBLE AS enrollment_p75
FROM studied
JOIN study USING (record_key)
JOIN condition_name USING (condition_key)
GROUP BY condition_name.condition, study.phase, study.start_year
ORDER BY condition_name.condition, study.phase, study.start_year
