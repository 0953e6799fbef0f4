/* ---
description: >-
  The study itself: titles, dates, status, phase, size, oversight and the plan to share data, as AACT's table
  studies. Dates of day, month and year are as registered in the _month_year columns; the date columns hold the last
  day that a month or year can mean, as AACT's do.
grain: one row per ClinicalTrials.gov record
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  nct_id: {type: VARCHAR, description: "NCT number."}
  nlm_download_date_description: {type: VARCHAR, description: "Always NULL: the registry no longer gives it."}
  study_first_submitted_date: {type: DATE, description: "Day on which the record was first submitted."}
  results_first_submitted_date: {type: DATE, description: "Day on which results were first submitted."}
  disposition_first_submitted_date: {type: DATE, description: "Day on which a delay of results was first asked for."}
  last_update_submitted_date: {type: DATE, description: "Day on which the newest version was submitted."}
  study_first_submitted_qc_date:
    type: DATE
    description: >-
      Day of the first submission that met the registry's quality criteria.
  study_first_posted_date: {type: DATE, description: "Day on which the record was first public."}
  study_first_posted_date_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED."}
  results_first_submitted_qc_date:
    type: DATE
    description: >-
      Day of the first submission of results that met the quality criteria.
  results_first_posted_date: {type: DATE, description: "Day on which results were first public."}
  results_first_posted_date_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED."}
  disposition_first_submitted_qc_date:
    type: DATE
    description: >-
      Day of the first request for delay that met the quality criteria.
  disposition_first_posted_date: {type: DATE, description: "Day on which the delay was first public."}
  disposition_first_posted_date_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED."}
  last_update_submitted_qc_date:
    type: DATE
    description: >-
      Always NULL: the registry does not give it. AACT repeats last_update_submitted_date here.
  last_update_posted_date: {type: DATE, description: "Day on which the newest version was public."}
  last_update_posted_date_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED."}
  start_month_year: {type: VARCHAR, description: "Start as registered: yyyy, yyyy-MM or yyyy-MM-dd."}
  start_date_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL in old records."}
  start_date: {type: DATE, description: "Last day that start_month_year can mean."}
  verification_month_year: {type: VARCHAR, description: "Month in which the record was last verified, as registered."}
  verification_date: {type: DATE, description: "Last day that verification_month_year can mean."}
  completion_month_year: {type: VARCHAR, description: "Completion as registered."}
  completion_date_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL in old records."}
  completion_date: {type: DATE, description: "Last day that completion_month_year can mean."}
  primary_completion_month_year: {type: VARCHAR, description: "Primary completion as registered."}
  primary_completion_date_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL in old records."}
  primary_completion_date: {type: DATE, description: "Last day that primary_completion_month_year can mean."}
  target_duration: {type: VARCHAR, description: "Planned follow-up of a patient registry."}
  study_type: {type: VARCHAR, description: "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS."}
  acronym: {type: VARCHAR, description: "Acronym."}
  baseline_population: {type: VARCHAR, description: "Remark on the baseline population of the results."}
  brief_title: {type: VARCHAR, description: "Short title."}
  official_title: {type: VARCHAR, description: "Scientific title."}
  overall_status:
    type: VARCHAR
    description: >-
      Recruitment status, in the registry's capital words: RECRUITING, COMPLETED, …
  last_known_status: {type: VARCHAR, description: "Status before it became UNKNOWN."}
  phase: {type: VARCHAR, description: "Phases joined by /: PHASE1/PHASE2; NA where phases do not apply."}
  enrollment: {type: BIGINT, description: "Participants, reached or aimed at."}
  enrollment_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL in old records."}
  source: {type: VARCHAR, description: "Organisation that submitted the record."}
  limitations_and_caveats: {type: VARCHAR, description: "Limitations stated with the results."}
  number_of_arms:
    type: INTEGER
    description: >-
      Arms of an interventional study; NULL for others, and where the record lists none.
  number_of_groups:
    type: INTEGER
    description: >-
      Groups of an observational study; NULL for others, and where the record lists none.
  why_stopped: {type: VARCHAR, description: "Why the study was stopped, in the record's words."}
  has_expanded_access: {type: BOOLEAN, description: "Whether expanded access is available."}
  expanded_access_type_individual: {type: BOOLEAN, description: "Expanded access for individual patients."}
  expanded_access_type_intermediate: {type: BOOLEAN, description: "Expanded access for intermediate-size populations."}
  expanded_access_type_treatment: {type: BOOLEAN, description: "Expanded access under a treatment IND or protocol."}
  has_dmc: {type: BOOLEAN, description: "Whether there is a data monitoring committee."}
  is_fda_regulated_drug: {type: BOOLEAN, description: "Whether a drug product regulated by the FDA is studied."}
  is_fda_regulated_device: {type: BOOLEAN, description: "Whether a device product regulated by the FDA is studied."}
  is_unapproved_device:
    type: BOOLEAN
    description: >-
      Whether a device not yet approved or cleared by the FDA is studied.
  is_ppsd: {type: BOOLEAN, description: "Whether it is a paediatric postmarket surveillance of a device."}
  is_us_export: {type: BOOLEAN, description: "Whether the product is exported from the U.S."}
  biospec_retention:
    type: VARCHAR
    description: >-
      Samples kept: NONE_RETAINED, SAMPLES_WITH_DNA or SAMPLES_WITHOUT_DNA.
  biospec_description: {type: VARCHAR, description: "Samples kept, in words."}
  ipd_time_frame: {type: VARCHAR, description: "When individual participant data can be had."}
  ipd_access_criteria: {type: VARCHAR, description: "Who can have them, for what."}
  ipd_url: {type: VARCHAR, description: "Where to read more on sharing them."}
  plan_to_share_ipd: {type: VARCHAR, description: "YES, NO or UNDECIDED."}
  plan_to_share_ipd_description: {type: VARCHAR, description: "The plan in words."}
  created_at: {type: TIMESTAMP, description: "When this warehouse first read a version of the record (UTC)."}
  updated_at: {type: TIMESTAMP, description: "When this warehouse read the newest version (UTC)."}
  source_class: {type: VARCHAR, description: "Class of the organisation: INDUSTRY, NIH, OTHER, …"}
  delayed_posting: {type: VARCHAR, description: "t or f: whether posting of a device study is delayed until approval."}
  expanded_access_nctid: {type: VARCHAR, description: "NCT number of the expanded access record."}
  expanded_access_status_for_nctid: {type: VARCHAR, description: "Its status."}
  fdaaa801_violation: {type: BOOLEAN, description: "Whether the FDA found a violation of FDAAA 801."}
  baseline_type_units_analyzed:
    type: VARCHAR
    description: >-
      Units analysed at baseline where these are not participants.
  patient_registry: {type: BOOLEAN, description: "Whether an observational study is a patient registry."}
--- */
WITH arm AS (
    SELECT version_id, count(*)::INTEGER AS arm_count
    FROM staging.arm_group
    GROUP BY version_id
),

phase AS (
    SELECT version_id, string_agg(phase, '/' ORDER BY position) AS phase
    FROM staging.phase
    GROUP BY version_id
),

first_version AS (
    SELECT record_key, min(loaded_at) AS loaded_at
    FROM raw.record_version
    GROUP BY record_key
)

SELECT
    record.nct_id,
    NULL::VARCHAR AS nlm_download_date_description,
    study.study_first_submit_date_latest AS study_first_submitted_date,
    study.results_first_submit_date_latest AS results_first_submitted_date,
    study.disp_first_submit_date_latest AS disposition_first_submitted_date,
    study.last_update_submit_date_latest AS last_update_submitted_date,
    study.study_first_submit_qc_date_latest AS study_first_submitted_qc_date,
    study.study_first_post_date_latest AS study_first_posted_date,
    study.study_first_post_date_type AS study_first_posted_date_type,
    study.results_first_submit_qc_date_latest AS results_first_submitted_qc_date,
    study.results_first_post_date_latest AS results_first_posted_date,
    study.results_first_post_date_type AS results_first_posted_date_type,
    study.disp_first_submit_qc_date_latest AS disposition_first_submitted_qc_date,
    study.disp_first_post_date_latest AS disposition_first_posted_date,
    study.disp_first_post_date_type AS disposition_first_posted_date_type,
    NULL::DATE AS last_update_submitted_qc_date,
    study.last_update_post_date_latest AS last_update_posted_date,
    study.last_update_post_date_type AS last_update_posted_date_type,
    study.start_date AS start_month_year,
    study.start_date_type,
    study.start_date_latest AS start_date,
    study.status_verified_date AS verification_month_year,
    study.status_verified_date_latest AS verification_date,
    study.completion_date AS completion_month_year,
    study.completion_date_type,
    study.completion_date_latest AS completion_date,
    study.primary_completion_date AS primary_completion_month_year,
    study.primary_completion_date_type,
    study.primary_completion_date_latest AS primary_completion_date,
    study.target_duration,
    study.study_type,
    study.acronym,
    study.baseline_population_description AS baseline_population,
    study.brief_title,
    study.official_title,
    study.overall_status,
    study.last_known_status,
    phase.phase,
    study.enrollment_count AS enrollment,
    study.enrollment_type,
    study.organization_full_name AS source,
    study.results_info_limitations_and_caveats_description AS limitations_and_caveats,
    CASE WHEN study.study_type = 'INTERVENTIONAL' THEN arm.arm_count END AS number_of_arms,
    CASE WHEN study.study_type = 'OBSERVATIONAL' THEN arm.arm_count END AS number_of_groups,
    study.why_stopped,
    study.expanded_access_has_expanded_access AS has_expanded_access,
    study.expanded_access_types_individual AS expanded_access_type_individual,
    study.expanded_access_types_intermediate AS expanded_access_type_intermediate,
    study.expanded_access_types_treatment AS expanded_access_type_treatment,
    study.oversight_has_dmc AS has_dmc,
    study.is_fda_regulated_drug,
    study.is_fda_regulated_device,
    study.is_unapproved_device,
    study.is_ppsd,
    study.is_us_export,
    study.bio_spec_retention AS biospec_retention,
    study.bio_spec_description AS biospec_description,
    study.ipd_sharing_time_frame AS ipd_time_frame,
    study.ipd_sharing_access_criteria AS ipd_access_criteria,
    study.ipd_sharing_url AS ipd_url,
    study.ipd_sharing AS plan_to_share_ipd,
    study.ipd_sharing_description AS plan_to_share_ipd_description,
    first_version.loaded_at AS created_at,
    record.loaded_at AS updated_at,
    study.organization_class AS source_class,
    CASE study.delayed_posting WHEN TRUE THEN 't' WHEN FALSE THEN 'f' END AS delayed_posting,
    study.expanded_access_nct_id AS expanded_access_nctid,
    study.expanded_access_status_for_nct_id AS expanded_access_status_for_nctid,
    study.fdaaa801_violation,
    study.baseline_type_units_analyzed,
    study.patient_registry
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
JOIN first_version USING (record_key)
LEFT JOIN arm USING (version_id)
LEFT JOIN phase USING (version_id)
