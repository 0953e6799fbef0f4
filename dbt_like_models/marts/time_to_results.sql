/* ---
description: >-
  How long after completion (and after registration) results came, and whether within 1, 2 and 5 years, of studies
  completed as a fact: an estimated completion date gives no time. Each span of years has a flag that says whether that
  much time has passed at all.
grain: one row per record whose completion date is ACTUAL, or that has results
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, unique, {relationships: core.record.record_key}]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  lead_sponsor_class: {type: VARCHAR, description: "Class of the lead sponsor."}
  study_type: {type: VARCHAR, description: "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS."}
  phase: {type: VARCHAR, description: "Phases joined by a slash; NULL when none is given."}
  overall_status: {type: VARCHAR, description: "Recruitment status."}
  day: {type: DATE, description: "The day up to which studies were followed, marts.reference_day.", tests: [not_null]}
  completion_event: {type: VARCHAR, description: "What the spans run from: primary_completion, or completion where the former is not given; NULL where the date is not ACTUAL.", tests: [{accepted_values: [primary_completion, completion]}]}
  completed_earliest: {type: DATE, description: "First day it can mean; NULL where it is not ACTUAL."}
  completed_latest: {type: DATE, description: "Last day it can mean."}
  results: {type: VARCHAR, description: "yes, no, or not_known where the source does not say.", tests: [not_null, {accepted_values: ["yes", "no", not_known]}]}
  results_by: {type: VARCHAR, description: "What counts as the day of results: submitted (first submission), else posted; NULL without either.", tests: [{accepted_values: [submitted, posted]}]}
  results_earliest: {type: DATE, description: "First day it can mean."}
  results_latest: {type: DATE, description: "Last day it can mean: no submission comes after its posting."}
  posted_earliest: {type: DATE, description: "First day of the first posting of results."}
  posted_latest: {type: DATE, description: "Last day of it."}
  days: {type: BIGINT, description: "Days from completion to results, negative when they came before; NULL unless both days are known."}
  days_min: {type: BIGINT, description: "Fewest days it can be; NULL without one of the dates."}
  days_max: {type: BIGINT, description: "Most days it can be."}
  days_to_posting_min: {type: BIGINT, description: "Fewest days from completion to the first posting."}
  days_to_posting_max: {type: BIGINT, description: "Most days from completion to the first posting."}
  days_from_registration_min: {type: BIGINT, description: "Fewest days from the first submission (else posting) of the record to results."}
  days_from_registration_max: {type: BIGINT, description: "Most days from it to results."}
  is_followed_1_year: {type: BOOLEAN, description: "Whether 1 year has passed since completion on day; NULL where the dates do not tell."}
  reported_1_year: {type: VARCHAR, description: "Whether results came within 1 year: certain, possible, no; NULL where that cannot be said yet, or at all.", tests: [{accepted_values: [certain, possible, "no"]}]}
  is_followed_2_years: {type: BOOLEAN, description: "Likewise 2 years."}
  reported_2_years: {type: VARCHAR, description: "Likewise within 2 years.", tests: [{accepted_values: [certain, possible, "no"]}]}
  is_followed_5_years: {type: BOOLEAN, description: "Likewise 5 years."}
  reported_5_years: {type: VARCHAR, description: "Likewise within 5 years.", tests: [{accepted_values: [certain, possible, "no"]}]}
metrics:
  days:
    meaning: "How long results took."
    formula: "first submission of results (else first posting) - primary completion (else completion), only where that is ACTUAL"
    caveat: "Among studies with results only: a median of it leaves out those that never report. Where AACT divides by 30 days to a month and takes estimated completion dates as well, this does neither."
  reported_1_year:
    meaning: "Results within 1 year of completion; reported_2_years and reported_5_years likewise."
    formula: "certain: results_latest <= completed_earliest + 1 year; no: results_earliest > completed_latest + 1 year, or no results and is_followed_1_year; else possible or NULL"
    caveat: "For a share, count only rows with is_followed_1_year: of the others those that report early are seen already, the rest not. Results in the registry only; papers are not counted."
  days_to_posting_min:
    meaning: "How long until the public could read results; days_to_posting_max is the other end."
    formula: "first posting - the latest day that completion can mean"
    caveat: "Holds the registry's review beside the sponsor's time; days stops at the submission."
  days_from_registration_min:
    meaning: "How long from registration to results; days_from_registration_max is the other end."
    formula: "first submission of results (else posting) - first submission of the record (else posting)"
    caveat: "Long for studies registered early, short for those registered late: it says little about reporting."
--- */
WITH dated AS (
    SELECT
        record.record_key,
        record.registry,
        record.lead_sponsor,
        record.lead_sponsor_class,
        record.study_type,
        record.phase,
        record.overall_status,
        reference.as_of AS day,
        CASE
            WHEN record.primary_completion_earliest IS NOT NULL
                THEN CASE WHEN record.primary_completion_type = 'ACTUAL' THEN 'primary_completion' END
            WHEN record.completion_type = 'ACTUAL' AND record.completion_earliest IS NOT NULL THEN 'completion'
        END AS completion_event,
        CASE
            WHEN record.primary_completion_earliest IS NOT NULL
                THEN CASE WHEN record.primary_completion_type = 'ACTUAL' THEN record.primary_completion_earliest END
            WHEN record.completion_type = 'ACTUAL' THEN record.completion_earliest
        END AS completed_earliest,
        CASE
            WHEN record.primary_completion_earliest IS NOT NULL
                THEN CASE WHEN record.primary_completion_type = 'ACTUAL' THEN record.primary_completion_latest END
            WHEN record.completion_type = 'ACTUAL' THEN record.completion_latest
        END AS completed_latest,
        record.has_results,
        record.results_first_submitted_earliest,
        record.results_first_submitted_latest,
        record.results_first_posted_earliest,
        record.results_first_posted_latest,
        coalesce(record.first_submitted_earliest, record.first_posted_earliest) AS registered_earliest,
        CASE
            WHEN record.first_posted_latest BETWEEN record.first_submitted_earliest AND record.first_submitted_latest
                THEN record.first_posted_latest
            ELSE coalesce(record.first_submitted_latest, record.first_posted_latest)
        END AS registered_latest
    FROM core.record AS record
    CROSS JOIN marts.reference_day AS reference
),

chosen AS (
    SELECT
        *,
        CASE
            WHEN has_results OR results_first_posted_earliest IS NOT NULL THEN 'yes'
            WHEN has_results IS NULL THEN 'not_known'
            ELSE 'no'
        END AS results,
        CASE
            WHEN NOT coalesce(has_results, results_first_posted_earliest IS NOT NULL) THEN NULL
            WHEN results_first_submitted_earliest IS NOT NULL THEN 'submitted'
            WHEN results_first_posted_earliest IS NOT NULL THEN 'posted'
        END AS results_by
    FROM dated
    WHERE completion_event IS NOT NULL OR has_results OR results_first_posted_earliest IS NOT NULL
),

timed AS (
    SELECT
        *,
        CASE results_by WHEN 'submitted' THEN results_first_submitted_earliest WHEN 'posted' THEN results_first_posted_earliest END
            AS results_earliest,
        -- What is posted was submitted before, here and in registered_latest.
        CASE
            WHEN results_by = 'submitted' AND NOT coalesce(
                results_first_posted_latest BETWEEN results_first_submitted_earliest AND results_first_submitted_latest, false
            ) THEN results_first_submitted_latest
            WHEN results_by IN ('submitted', 'posted') THEN results_first_posted_latest
        END
            AS results_latest,
        CASE
            WHEN day > (completed_latest + INTERVAL 1 YEAR)::DATE THEN true
            WHEN day <= (completed_earliest + INTERVAL 1 YEAR)::DATE THEN false
        END AS is_followed_1_year,
        CASE
            WHEN day > (completed_latest + INTERVAL 2 YEAR)::DATE THEN true
            WHEN day <= (completed_earliest + INTERVAL 2 YEAR)::DATE THEN false
        END AS is_followed_2_years,
        CASE
            WHEN day > (completed_latest + INTERVAL 5 YEAR)::DATE THEN true
            WHEN day <= (completed_earliest + INTERVAL 5 YEAR)::DATE THEN false
        END AS is_followed_5_years
    FROM chosen
)

SELECT
    record_key,
    registry,
    lead_sponsor,
    lead_sponsor_class,
    study_type,
    phase,
    overall_status,
    day,
    completion_event,
    completed_earliest,
    completed_latest,
    results,
    results_by,
    results_earliest,
    results_latest,
    results_first_posted_earliest AS posted_earliest,
    results_first_posted_latest AS posted_latest,
    CASE
        WHEN results_earliest = results_latest AND completed_earliest = completed_latest
            THEN results_earliest - completed_earliest
    END AS days,
    results_earliest - completed_latest AS days_min,
    results_latest - completed_earliest AS days_max,
    results_first_posted_earliest - completed_latest AS days_to_posting_min,
    results_first_posted_latest - completed_earliest AS days_to_posting_max,
    results_earliest - registered_latest AS days_from_registration_min,
    results_latest - registered_earliest AS days_from_registration_max,
    is_followed_1_year,
    CASE
        WHEN results_latest <= (completed_earliest + INTERVAL 1 YEAR)::DATE THEN 'certain'
        WHEN results_earliest > (completed_latest + INTERVAL 1 YEAR)::DATE THEN 'no'
        WHEN results = 'yes' AND completed_earliest IS NOT NULL THEN 'possible'
        WHEN results = 'no' AND is_followed_1_year THEN 'no'
    END AS reported_1_year,
    is_followed_2_years,
    CASE
        WHEN results_latest <= (completed_earliest + INTERVAL 2 YEAR)::DATE THEN 'certain'
        WHEN results_earliest > (completed_latest + INTERVAL 2 YEAR)::DATE THEN 'no'
        WHEN results = 'yes' AND completed_earliest IS NOT NULL THEN 'possible'
        WHEN results = 'no' AND is_followed_2_years THEN 'no'
    END AS reported_2_years,
    is_followed_5_years,
    CASE
        WHEN results_latest <= (completed_earliest + INTERVAL 5 YEAR)::DATE THEN 'certain'
        WHEN results_earliest > (completed_latest + INTERVAL 5 YEAR)::DATE THEN 'no'
        WHEN results = 'yes' AND completed_earliest IS NOT NULL THEN 'possible'
        WHEN results = 'no' AND is_followed_5_years THEN 'no'
    END AS reported_5_years
FROM timed
ORDER BY record_key
