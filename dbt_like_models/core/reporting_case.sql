/* ---
description: >-
  What laws on reporting ask of a record, in one row: kind of study, products, places, the dates that duties count from
  and what was submitted. Country protocols of one EudraCT number are one trial: status, end, plan and results are those
  of all that are at hand.
grain: one row per record
owner: team:warehouse
tags: [core, several_records]
materialised: view
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, unique]}
  version_id: {type: BIGINT, description: "Its current version.", tests: [not_null]}
  unit_id: {type: VARCHAR, description: "What is judged as one: the EudraCT number, for other records the record.", tests: [not_null]}
  is_counted: {type: BOOLEAN, description: "Whether the record stands for its unit: each unit has one such record.", tests: [not_null]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_updated_on: {type: DATE, description: "Date the registry gives for the version."}
  loaded_at: {type: TIMESTAMP, description: "When the version was accepted (UTC).", tests: [not_null]}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  study_type: {type: VARCHAR, description: "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS."}
  phase: {type: VARCHAR, description: "Phases joined by a slash."}
  primary_purpose: {type: VARCHAR, description: "Main aim of the interventions."}
  overall_status: {type: VARCHAR, description: "Status of the record itself."}
  is_ended: {type: BOOLEAN, description: "Completed or terminated, EUCTR: in every protocol at hand but those the authority refused and those of the United Kingdom that are frozen since it left; NULL where the status does not tell."}
  is_refused: {type: BOOLEAN, description: "Whether authorities never let it begin: CTIS Not authorised, or Expired for want of a participant; EUCTR: every protocol at hand refused.", tests: [not_null]}
  is_regulated: {type: BOOLEAN, description: "Whether a drug or device product regulated by the FDA is studied; NULL where the record does not say."}
  was_regulated: {type: BOOLEAN, description: "What the element is_fda_regulated of 2016 and before said in the newest version that has it; NULL without."}
  is_us_export: {type: BOOLEAN, description: "Whether a product is exported from the US for the study."}
  intervention_types: {type: "VARCHAR[]", description: "Types of its interventions; NULL when it has none, NULL among them where one has no type."}
  countries: {type: "VARCHAR[]", description: "Its countries; NULL when none is known."}
  is_adult_phase1: {type: BOOLEAN, description: "EUCTR: phase 1 only, no participant under 18; NULL when unknown."}
  is_paediatric_plan: {type: BOOLEAN, description: "EUCTR: part of a paediatric investigation plan; NULL when unknown."}
  is_under_18: {type: BOOLEAN, description: "EUCTR: has participants under 18, in copies of the WHO by the form's question among the criteria; NULL when unknown."}
  is_outside_eu: {type: BOOLEAN, description: "EUCTR: all protocols at hand are of places outside the EU and EEA."}
  is_moved: {type: BOOLEAN, description: "EUCTR: a protocol was moved to CTIS."}
  start_earliest: {type: DATE, description: "First day the study start can mean."}
  start_latest: {type: DATE, description: "Last day the study start can mean."}
  is_start_certain: {type: BOOLEAN, description: "Whether the study has started by that date: it is ACTUAL, or of no type and the status is not NOT_YET_RECRUITING.", tests: [not_null]}
  primary_completion_earliest: {type: DATE, description: "First day primary completion can mean."}
  primary_completion_latest: {type: DATE, description: "Last day primary completion can mean."}
  is_primary_completion_certain: {type: BOOLEAN, description: "Whether it was reached: it is ACTUAL, or of no type and the study is_ended. An estimate that has passed is no completion.", tests: [not_null]}
  completion_earliest: {type: DATE, description: "First day the end of the study can mean, everywhere; EUCTR: the last of its protocols' dates; CTIS: where only the end in the EU is given, that."}
  completion_latest: {type: DATE, description: "Last day it can mean."}
  is_completion_certain: {type: BOOLEAN, description: "Whether that end was reached, likewise; EUCTR: whether is_ended.", tests: [not_null]}
  eu_end_earliest: {type: DATE, description: "CTIS: first day the end of the trial in the EU can mean where it is given, reached or, while no end is a fact, planned; else NULL: the end everywhere stands for it."}
  eu_end_latest: {type: DATE, description: "Last day it can mean."}
  is_eu_end_certain: {type: BOOLEAN, description: "Whether that end was reached; NULL without."}
  verified_earliest: {type: DATE, description: "First day the last verification can mean."}
  verified_latest: {type: DATE, description: "Last day the last verification can mean."}
  registered_earliest: {type: DATE, description: "First day the first submission to the registry can mean."}
  registered_latest: {type: DATE, description: "Last day it can mean: no submission comes after its posting."}
  delay_asked_earliest: {type: DATE, description: "First day the first request to delay results can mean: a certificate, or an extension for good cause; the registry does not tell them apart."}
  delay_asked_latest: {type: DATE, description: "Last day it can mean."}
  has_results: {type: BOOLEAN, description: "Whether results are posted, EUCTR: in all protocols; NULL where the source does not say."}
  results_submitted_earliest: {type: DATE, description: "First day the first submission of results can mean; of unposted results what the registry tells of it."}
  results_submitted_latest: {type: DATE, description: "Last day it can mean: no submission comes after its posting."}
  results_posted_earliest: {type: DATE, description: "First day the first posting of results can mean."}
  results_posted_latest: {type: DATE, description: "Last day it can mean."}
--- */
WITH interventions AS (
    SELECT
        record_key,
        list_sort(list_distinct(list(type)))  -- which leaves out NULL
        || CASE WHEN count(*) > count(type) THEN [NULL::VARCHAR] ELSE [] END AS types
    FROM core.intervention
    GROUP BY record_key
),

places AS (
    SELECT record_key, list_sort(list(country)) AS countries
    FROM core.country
    GROUP BY record_key
),

-- The registry dropped this element in January 2017; versions from before still have it.
old_flag AS (
    SELECT version.record_key, arg_max(lower(field.value) = 'yes', version.version_no) AS was_regulated
    FROM raw.record_version AS version
    JOIN staging.source_field AS field USING (version_id)
    WHERE field.path = 'is_fda_regulated' AND lower(field.value) IN ('yes', 'no')
    GROUP BY version.record_key
),

protocol AS (
    SELECT
        record.record_key,
        'EUDRACT:' || left(record.registry_id, 14) AS unit_id,
        coalesce(euctr.trial_status, euctr.end_of_trial_status) AS words,
        coalesce(
            coalesce(euctr.trial_status, euctr.end_of_trial_status)
            IN ('Not Authorised', 'Prohibited by CA', 'GB - no longer in EU/EEA'),
            false
        ) AS is_silent,
        record.overall_status IN ('COMPLETED', 'TERMINATED') AS is_ended,
        coalesce(
            euctr.is_phase1 AND NOT (euctr.is_phase2 OR euctr.is_phase3 OR euctr.is_phase4),
            record.phase = 'PHASE1'
        ) AS is_phase1,
        euctr.is_paediatric_plan,
        -- Copies in the WHO's portal have the form's question as a line of the inclusion criteria.
        coalesce(
            euctr.is_under18,
            CASE lower(regexp_extract(record.eligibility_criteria, 'Are the trial subjects under 18\?\s*(yes|no)\b', 1, 'i'))
                WHEN 'yes' THEN true
                WHEN 'no' THEN false
            END
        ) AS is_under18,
        record.registry_id ILIKE '%-3rd' OR coalesce(euctr.trial_type ILIKE 'outside%', false) AS is_outside_eu,
        record.completion_earliest,
        record.completion_latest,
        record.has_results
    FROM core.record AS record
    LEFT JOIN staging.euctr AS euctr ON euctr.version_id = record.version_id AND euctr.position = 1
    WHERE record.registry = 'EUCTR' AND record.registry_id IS NOT NULL
),

-- Of the protocols of one number some say nothing about its end: those that an authority refused never ran, those of the
-- United Kingdom are frozen since it left.
trial AS (
    SELECT
        unit_id,
        min(record_key) AS first_record_key,
        CASE
            WHEN bool_or(NOT is_silent AND words IS NOT NULL AND NOT coalesce(is_ended, false)) THEN false
            WHEN count(*) FILTER (NOT is_silent) > 0 AND bool_and(is_silent OR coalesce(is_ended, false)) THEN true
        END AS is_ended,
        CASE WHEN bool_or(NOT is_phase1) THEN false WHEN count(is_phase1) = count(*) THEN true END AS is_phase1,
        CASE WHEN bool_or(is_paediatric_plan) THEN true WHEN count(is_paediatric_plan) = count(*) THEN false END AS is_paediatric_plan,
        CASE WHEN bool_or(is_under18) THEN true WHEN count(is_under18) = count(*) THEN false END AS is_under_18,
        bool_and(is_outside_eu) AS is_outside_eu,
        coalesce(bool_or(words = 'Trial now transitioned'), false) AS is_moved,
        bool_and(coalesce(words IN ('Not Authorised', 'Prohibited by CA'), false)) AS is_refused,
        max(completion_earliest) AS completion_earliest,
        max(completion_latest) AS completion_latest,
        CASE WHEN bool_or(NOT has_results) THEN false WHEN count(has_results) = count(*) THEN true END AS has_results
    FROM protocol
    GROUP BY unit_id
),

euctr_record AS (
    SELECT
        protocol.record_key,
        trial.unit_id,
        protocol.record_key = trial.first_record_key AS is_counted,
        trial.is_ended,
        trial.is_phase1 AND NOT trial.is_under_18 AS is_adult_phase1,
        trial.is_paediatric_plan,
        trial.is_under_18,
        trial.is_outside_eu,
        trial.is_moved,
        trial.is_refused,
        trial.completion_earliest,
        trial.completion_latest,
        trial.has_results
    FROM protocol
    JOIN trial USING (unit_id)
),

-- Two ends where CTIS gives both: trials go on elsewhere after their end in the EU, from which the Regulation counts.
ending AS (
    SELECT
        record.version_id,
        CASE
            WHEN euctr.unit_id IS NOT NULL THEN euctr.completion_earliest
            ELSE coalesce(record.completion_earliest, ctis.end_date_eea_earliest)
        END AS completion_earliest,
        CASE
            WHEN euctr.unit_id IS NOT NULL THEN euctr.completion_latest
            ELSE coalesce(record.completion_latest, ctis.end_date_eea_latest)
        END AS completion_latest,
        coalesce(
            CASE
                WHEN euctr.unit_id IS NOT NULL THEN euctr.is_ended AND euctr.completion_earliest IS NOT NULL
                WHEN record.completion_earliest IS NOT NULL
                    THEN coalesce(record.completion_type = 'ACTUAL', record.overall_status IN ('COMPLETED', 'TERMINATED'))
                WHEN ctis.end_date_eea_earliest IS NOT NULL THEN record.overall_status IN ('COMPLETED', 'TERMINATED')
            END,
            false
        ) AS is_completion_certain,
        CASE
            WHEN ctis.end_date_eea_earliest IS NOT NULL THEN true
            WHEN record.completion_type IS DISTINCT FROM 'ACTUAL' AND ctis.estimated_end_date_eea_earliest IS NOT NULL THEN false
        END AS is_eu_end_certain,
        CASE
            WHEN is_eu_end_certain THEN ctis.end_date_eea_earliest
            WHEN NOT is_eu_end_certain THEN ctis.estimated_end_date_eea_earliest
        END AS eu_end_earliest,
        CASE
            WHEN is_eu_end_certain THEN ctis.end_date_eea_latest
            WHEN NOT is_eu_end_certain THEN ctis.estimated_end_date_eea_latest
        END AS eu_end_latest
    FROM core.record AS record
    LEFT JOIN euctr_record AS euctr ON euctr.record_key = record.record_key
    LEFT JOIN staging.ctis AS ctis ON ctis.version_id = record.version_id AND ctis.position = 1
)

SELECT
    record.record_key,
    record.version_id,
    coalesce(euctr.unit_id, record.record_key) AS unit_id,
    coalesce(euctr.is_counted, true) AS is_counted,
    record.registry,
    record.registry_updated_on,
    record.loaded_at,
    record.lead_sponsor,
    record.study_type,
    record.phase,
    record.primary_purpose,
    record.overall_status,
    CASE
        WHEN euctr.unit_id IS NOT NULL THEN euctr.is_ended
        WHEN record.overall_status IN ('COMPLETED', 'TERMINATED') THEN true
        WHEN record.overall_status IN (
            'NOT_YET_RECRUITING', 'RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING', 'SUSPENDED'
        ) THEN false
    END AS is_ended,
    coalesce(euctr.is_refused, ctis.public_status IN ('Not authorised', 'Expired'), false) AS is_refused,
    record.is_fda_regulated_drug OR record.is_fda_regulated_device AS is_regulated,
    old_flag.was_regulated,
    study.is_us_export,
    interventions.types AS intervention_types,
    places.countries,
    euctr.is_adult_phase1,
    euctr.is_paediatric_plan,
    euctr.is_under_18,
    euctr.is_outside_eu,
    euctr.is_moved,
    record.start_earliest,
    record.start_latest,
    coalesce(
        record.start_type = 'ACTUAL',
        record.start_earliest IS NOT NULL AND record.overall_status IS DISTINCT FROM 'NOT_YET_RECRUITING'
    ) AS is_start_certain,
    record.primary_completion_earliest,
    record.primary_completion_latest,
    record.primary_completion_earliest IS NOT NULL AND coalesce(
        record.primary_completion_type = 'ACTUAL', record.overall_status IN ('COMPLETED', 'TERMINATED'), false
    ) AS is_primary_completion_certain,
    ending.completion_earliest,
    ending.completion_latest,
    ending.is_completion_certain,
    ending.eu_end_earliest,
    ending.eu_end_latest,
    ending.is_eu_end_certain,
    record.verified_earliest,
    record.verified_latest,
    record.first_submitted_earliest AS registered_earliest,
    -- What is posted was submitted before, here and below: of a month the days behind the posting fall away.
    CASE
        WHEN record.first_posted_latest BETWEEN record.first_submitted_earliest AND record.first_submitted_latest
            THEN record.first_posted_latest
        ELSE record.first_submitted_latest
    END AS registered_latest,
    record.disp_first_submitted_earliest AS delay_asked_earliest,
    record.disp_first_submitted_latest AS delay_asked_latest,
    CASE WHEN euctr.unit_id IS NOT NULL THEN euctr.has_results ELSE record.has_results END AS has_results,
    coalesce(
        record.results_first_submitted_earliest,
        study.submission_tracking_estimated_results_first_submit_date_earliest
    ) AS results_submitted_earliest,
    CASE
        WHEN record.results_first_posted_latest
            BETWEEN record.results_first_submitted_earliest AND record.results_first_submitted_latest
            THEN record.results_first_posted_latest
        ELSE coalesce(
            record.results_first_submitted_latest,
            study.submission_tracking_estimated_results_first_submit_date_latest
        )
    END AS results_submitted_latest,
    record.results_first_posted_earliest AS results_posted_earliest,
    record.results_first_posted_latest AS results_posted_latest
FROM core.record AS record
JOIN staging.study AS study USING (version_id)
JOIN ending USING (version_id)
LEFT JOIN interventions ON interventions.record_key = record.record_key
LEFT JOIN places ON places.record_key = record.record_key
LEFT JOIN old_flag ON old_flag.record_key = record.record_key
LEFT JOIN euctr_record AS euctr ON euctr.record_key = record.record_key
LEFT JOIN staging.ctis AS ctis ON ctis.version_id = record.version_id AND ctis.position = 1
