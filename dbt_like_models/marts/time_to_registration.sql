/* ---
description: >-
  How long before or after its start a study was registered. Dates known to the month give intervals; prospective is said
  for certain, as possible, or denied.
grain: one row per record with a date of registration and a start date
owner: team:warehouse
tags: [marts]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, unique, {relationships: core.record.record_key}]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  lead_sponsor_class: {type: VARCHAR, description: "Class of the lead sponsor."}
  study_type: {type: VARCHAR, description: "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS."}
  phase: {type: VARCHAR, description: "Phases joined by a slash; NULL when none is given."}
  registered_by: {type: VARCHAR, description: "What counts as registration: submitted (first submission to the registry), else posted.", tests: [not_null, {accepted_values: [submitted, posted]}]}
  registered_earliest:
    type: DATE
    description: >-
      First day it can mean; NULL where only the day of posting on ClinicalTrials.gov is known, which comes days or weeks
      after the submission, and of records in CTIS with a EudraCT number: under it the trial was registered before.
  registered_latest: {type: DATE, description: "Last day it can mean: no submission comes after its posting.", tests: [not_null]}
  start_earliest: {type: DATE, description: "First day the study start can mean.", tests: [not_null]}
  start_latest: {type: DATE, description: "Last day the study start can mean.", tests: [not_null]}
  start_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL where the source does not say."}
  days: {type: BIGINT, description: "Days from start to registration, negative when registered before; NULL unless both days are known."}
  days_min: {type: BIGINT, description: "Fewest days it can be; NULL where registered_earliest is."}
  days_max: {type: BIGINT, description: "Most days it can be.", tests: [not_null]}
  prospective:
    type: VARCHAR
    description: >-
      Whether it was registered on or before the day of its start: certain, possible or no. Of a start that is only
      planned it is what holds if the plan does.
    tests: [not_null, {accepted_values: [certain, possible, "no"]}]
  within_21_days: {type: VARCHAR, description: "Whether it was registered at most 21 days after the start: certain, possible or no.", tests: [not_null, {accepted_values: [certain, possible, "no"]}]}
  icmje:
    type: VARCHAR
    description: >-
      Prospective registration as medical journals ask it (ICMJE) of interventional studies: certain, possible or no;
      started before 2005-07-01: registered before 2005-09-13. NULL for other studies and for a start that is only planned.
    tests: [{accepted_values: [certain, possible, "no"]}]
metrics:
  days:
    meaning: "How long after its start the study was registered."
    formula: "first submission to the registry (else first posting) - start date, in days"
    caveat: "NULL unless both days are known; days_min, where it is given, and days_max always hold. Registries correct start dates later: the value is of the current version."
  prospective:
    meaning: "Registered before anybody took part."
    formula: "certain: days_max <= 0; no: days_min > 0; else possible"
    caveat: "With a start known to the month, registration within that month is possible only; studies that compare months call it prospective."
  icmje:
    meaning: "Whether a journal of the ICMJE may take the trial's report."
    formula: "as prospective; of a start before 2005-07-01 whether registered before 2005-09-13"
    caveat: "The first participant decides, for whom the registry's start date stands. The registry must be one that the ICMJE accepts; that is not judged."
--- */
WITH moved AS (
    SELECT DISTINCT record_key
    FROM core.identifier
    WHERE id_type = 'EUDRACT' AND role IN ('secondary', 'alias') AND is_valid
),

dated AS (
    SELECT
        record_key,
        registry,
        lead_sponsor,
        lead_sponsor_class,
        study_type,
        phase,
        CASE WHEN first_submitted_earliest IS NOT NULL THEN 'submitted' ELSE 'posted' END AS registered_by,
        -- Other registries give one date of registration; ClinicalTrials.gov posts later than it registers.
        -- Trials that went on when the directive ended were brought into CTIS years after their registration.
        CASE
            WHEN registry = 'CTIS' AND moved.record_key IS NOT NULL THEN NULL
            WHEN first_submitted_earliest IS NOT NULL THEN first_submitted_earliest
            WHEN registry <> 'CTGOV' THEN first_posted_earliest
        END AS registered_earliest,
        -- What is posted was submitted before: of a submission known to the month the days behind the posting fall away.
        CASE
            WHEN first_posted_latest BETWEEN first_submitted_earliest AND first_submitted_latest THEN first_posted_latest
            ELSE coalesce(first_submitted_latest, first_posted_latest)
        END AS registered_latest,
        start_earliest,
        start_latest,
        start_type
    FROM core.record
    LEFT JOIN moved USING (record_key)
    WHERE coalesce(first_submitted_earliest, first_posted_earliest) IS NOT NULL AND start_earliest IS NOT NULL
),

measured AS (
    SELECT
        *,
        registered_earliest - start_latest AS days_min,
        registered_latest - start_earliest AS days_max
    FROM dated
)

-- The days of the ICMJE: Is This Clinical Trial Fully Registered?, N Engl J Med 2005; 352: 2436.
SELECT
    record_key,
    registry,
    lead_sponsor,
    lead_sponsor_class,
    study_type,
    phase,
    registered_by,
    registered_earliest,
    registered_latest,
    start_earliest,
    start_latest,
    start_type,
    CASE WHEN days_min = days_max THEN days_min END AS days,
    days_min,
    days_max,
    CASE WHEN days_max <= 0 THEN 'certain' WHEN days_min > 0 THEN 'no' ELSE 'possible' END AS prospective,
    CASE WHEN days_max <= 21 THEN 'certain' WHEN days_min > 21 THEN 'no' ELSE 'possible' END AS within_21_days,
    CASE
        WHEN study_type IS DISTINCT FROM 'INTERVENTIONAL' OR start_type = 'ESTIMATED' THEN NULL
        WHEN days_max <= 0 THEN 'certain'
        -- Whatever day the start was: on those from 2005-07-01 on it must have been registered already.
        WHEN start_earliest < DATE '2005-07-01' AND registered_latest < DATE '2005-09-13'
            AND (start_latest < DATE '2005-07-01' OR registered_latest <= DATE '2005-07-01') THEN 'certain'
        WHEN days_min > 0 AND (start_earliest >= DATE '2005-07-01' OR registered_earliest >= DATE '2005-09-13') THEN 'no'
        ELSE 'possible'
    END AS icmje
FROM measured
ORDER BY record_key
