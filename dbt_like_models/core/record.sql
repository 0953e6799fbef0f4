/* ---
description: >-
  Registry records in their current version: what each says about the study as a whole. A partial date is an
  interval of days. Rows of the child tables (core.condition, core.location, …) hang on record_key.
grain: one row per registry record (current version)
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "Names the record: <registry>:<registry id>, or what key_basis says.", tests: [not_null, unique]}
  key_basis: {type: VARCHAR, description: "What record_key rests on: own_id, secondary_id or content.", tests: [not_null]}
  trial_id: {type: VARCHAR, description: "The trial the record belongs to, see core.trial.", tests: [not_null]}
  version_id: {type: BIGINT, description: "The current version: the key of the staged tables.", tests: [not_null, unique]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_id: {type: VARCHAR, description: "The registry's own id; NULL where the source has lost it."}
  source_format: {type: VARCHAR, description: "Raw format of the current version.", tests: [not_null]}
  standing:
    type: VARCHAR
    description: >-
      What that version gives of the record: whole, chosen (fields that somebody chose), part, or another register's copy.
    tests: [not_null, {accepted_values: [whole, chosen, part, copy]}]
  brief_title: {type: VARCHAR, description: "Short title for the public."}
  official_title: {type: VARCHAR, description: "Title of the protocol."}
  acronym: {type: VARCHAR, description: "Acronym of the study."}
  study_type:
    type: VARCHAR
    description: >-
      INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS.
    tests: [{accepted_values: [INTERVENTIONAL, OBSERVATIONAL, EXPANDED_ACCESS]}]
  phase:
    type: VARCHAR
    description: >-
      Phases in the order of the record, joined by a slash: PHASE1/PHASE2. NULL when it gives none; NA is a
      value of its own.
  overall_status:
    type: VARCHAR
    description: >-
      Recruitment status of the study.
    tests: [{accepted_values: [ACTIVE_NOT_RECRUITING, COMPLETED, ENROLLING_BY_INVITATION, NOT_YET_RECRUITING, RECRUITING, SUSPENDED, TERMINATED, WITHDRAWN, AVAILABLE, NO_LONGER_AVAILABLE, TEMPORARILY_NOT_AVAILABLE, APPROVED_FOR_MARKETING, WITHHELD, UNKNOWN]}]
  last_known_status: {type: VARCHAR, description: "Status before overall_status became UNKNOWN."}
  why_stopped: {type: VARCHAR, description: "Why the study was suspended, terminated or withdrawn."}
  enrollment: {type: BIGINT, description: "Participants, reached or aimed at as enrollment_type says."}
  enrollment_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL where the source does not say."}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  lead_sponsor_class:
    type: VARCHAR
    description: >-
      Class of the lead sponsor: INDUSTRY, NIH, FED, OTHER_GOV, INDIV, NETWORK, AMBIG, OTHER or UNKNOWN.
  has_results: {type: BOOLEAN, description: "Whether results are posted: as the source says, else true where it gives the day of their posting; NULL where it says neither."}
  says_no_results:
    type: BOOLEAN
    description: >-
      Whether records of this format without results say so. Copies of the WHO and records in its layout, forms of the
      EU register, DRKS, ChiCTR and ISRCTN only ever say yes: no share with results can be had of them.
    tests: [not_null]
  start_raw: {type: VARCHAR, description: "Study start: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  start_earliest: {type: DATE, description: "Study start: first day the date can mean."}
  start_latest: {type: DATE, description: "Study start: last day the date can mean."}
  start_precision: {type: VARCHAR, description: "Study start: how exact the date is.", tests: [{accepted_values: [day, month, year]}]}
  start_type: {type: VARCHAR, description: "Study start: ACTUAL or ESTIMATED; NULL where the source does not say."}
  primary_completion_raw: {type: VARCHAR, description: "Primary completion: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  primary_completion_earliest: {type: DATE, description: "Primary completion: first day the date can mean."}
  primary_completion_latest: {type: DATE, description: "Primary completion: last day the date can mean."}
  primary_completion_precision:
    type: VARCHAR
    description: >-
      Primary completion: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  primary_completion_type: {type: VARCHAR, description: "Primary completion: ACTUAL or ESTIMATED; NULL where the source does not say."}
  completion_raw: {type: VARCHAR, description: "Study completion: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  completion_earliest: {type: DATE, description: "Study completion: first day the date can mean."}
  completion_latest: {type: DATE, description: "Study completion: last day the date can mean."}
  completion_precision:
    type: VARCHAR
    description: >-
      Study completion: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  completion_type: {type: VARCHAR, description: "Study completion: ACTUAL or ESTIMATED; NULL where the source does not say."}
  first_submitted_raw: {type: VARCHAR, description: "First submission to the registry: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  first_submitted_earliest: {type: DATE, description: "First submission to the registry: first day the date can mean."}
  first_submitted_latest: {type: DATE, description: "First submission to the registry: last day the date can mean."}
  first_submitted_precision:
    type: VARCHAR
    description: >-
      First submission to the registry: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  first_submitted_qc_raw: {type: VARCHAR, description: "First submission that passed quality control: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  first_submitted_qc_earliest: {type: DATE, description: "First submission that passed quality control: first day the date can mean."}
  first_submitted_qc_latest: {type: DATE, description: "First submission that passed quality control: last day the date can mean."}
  first_submitted_qc_precision:
    type: VARCHAR
    description: >-
      First submission that passed quality control: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  first_posted_raw: {type: VARCHAR, description: "First posting: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  first_posted_earliest: {type: DATE, description: "First posting: first day the date can mean."}
  first_posted_latest: {type: DATE, description: "First posting: last day the date can mean."}
  first_posted_precision:
    type: VARCHAR
    description: >-
      First posting: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  first_posted_type: {type: VARCHAR, description: "First posting: ACTUAL or ESTIMATED; NULL where the source does not say."}
  results_first_submitted_raw: {type: VARCHAR, description: "First submission of results: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  results_first_submitted_earliest: {type: DATE, description: "First submission of results: first day the date can mean."}
  results_first_submitted_latest: {type: DATE, description: "First submission of results: last day the date can mean."}
  results_first_submitted_precision:
    type: VARCHAR
    description: >-
      First submission of results: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  results_first_submitted_qc_raw:
    type: VARCHAR
    description: >-
      First submission of results that passed quality control: the date as stated, in ISO form where its reader could read it, else in the source's own words.
  results_first_submitted_qc_earliest:
    type: DATE
    description: >-
      First submission of results that passed quality control: first day the date can mean.
  results_first_submitted_qc_latest:
    type: DATE
    description: >-
      First submission of results that passed quality control: last day the date can mean.
  results_first_submitted_qc_precision:
    type: VARCHAR
    description: >-
      First submission of results that passed quality control: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  results_first_posted_raw: {type: VARCHAR, description: "First posting of results: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  results_first_posted_earliest: {type: DATE, description: "First posting of results: first day the date can mean."}
  results_first_posted_latest: {type: DATE, description: "First posting of results: last day the date can mean."}
  results_first_posted_precision:
    type: VARCHAR
    description: >-
      First posting of results: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  results_first_posted_type:
    type: VARCHAR
    description: >-
      First posting of results: ACTUAL or ESTIMATED; NULL where the source does not say.
  disp_first_submitted_raw: {type: VARCHAR, description: "First request to delay results: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  disp_first_submitted_earliest: {type: DATE, description: "First request to delay results: first day the date can mean."}
  disp_first_submitted_latest: {type: DATE, description: "First request to delay results: last day the date can mean."}
  disp_first_submitted_precision:
    type: VARCHAR
    description: >-
      First request to delay results: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  disp_first_submitted_qc_raw:
    type: VARCHAR
    description: >-
      First request to delay results that passed quality control: the date as stated, in ISO form where its reader could read it, else in the source's own words.
  disp_first_submitted_qc_earliest:
    type: DATE
    description: >-
      First request to delay results that passed quality control: first day the date can mean.
  disp_first_submitted_qc_latest:
    type: DATE
    description: >-
      First request to delay results that passed quality control: last day the date can mean.
  disp_first_submitted_qc_precision:
    type: VARCHAR
    description: >-
      First request to delay results that passed quality control: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  disp_first_posted_raw: {type: VARCHAR, description: "First posting of a request to delay results: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  disp_first_posted_earliest: {type: DATE, description: "First posting of a request to delay results: first day the date can mean."}
  disp_first_posted_latest: {type: DATE, description: "First posting of a request to delay results: last day the date can mean."}
  disp_first_posted_precision:
    type: VARCHAR
    description: >-
      First posting of a request to delay results: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  disp_first_posted_type:
    type: VARCHAR
    description: >-
      First posting of a request to delay results: ACTUAL or ESTIMATED; NULL where the source does not say.
  last_update_submitted_raw: {type: VARCHAR, description: "Last update submitted: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  last_update_submitted_earliest: {type: DATE, description: "Last update submitted: first day the date can mean."}
  last_update_submitted_latest: {type: DATE, description: "Last update submitted: last day the date can mean."}
  last_update_submitted_precision:
    type: VARCHAR
    description: >-
      Last update submitted: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  last_update_posted_raw: {type: VARCHAR, description: "Last update posted: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  last_update_posted_earliest: {type: DATE, description: "Last update posted: first day the date can mean."}
  last_update_posted_latest: {type: DATE, description: "Last update posted: last day the date can mean."}
  last_update_posted_precision:
    type: VARCHAR
    description: >-
      Last update posted: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  last_update_posted_type: {type: VARCHAR, description: "Last update posted: ACTUAL or ESTIMATED; NULL where the source does not say."}
  verified_raw: {type: VARCHAR, description: "Last verification by the responsible party: the date as stated, in ISO form where its reader could read it, else in the source's own words."}
  verified_earliest: {type: DATE, description: "Last verification by the responsible party: first day the date can mean."}
  verified_latest: {type: DATE, description: "Last verification by the responsible party: last day the date can mean."}
  verified_precision:
    type: VARCHAR
    description: >-
      Last verification by the responsible party: how exact the date is.
    tests: [{accepted_values: [day, month, year]}]
  allocation: {type: VARCHAR, description: "How participants are assigned to arms."}
  intervention_model: {type: VARCHAR, description: "Plan by which arms get interventions."}
  primary_purpose: {type: VARCHAR, description: "Main aim of the interventions."}
  masking: {type: VARCHAR, description: "Extent of masking."}
  observational_model: {type: VARCHAR, description: "How groups of an observational study are chosen."}
  time_perspective: {type: VARCHAR, description: "Direction of observation in time."}
  patient_registry: {type: BOOLEAN, description: "Whether the study is a patient registry."}
  target_duration: {type: VARCHAR, description: "Follow-up planned for each participant of a patient registry."}
  sex: {type: VARCHAR, description: "Sex of eligible participants: FEMALE, MALE or ALL."}
  gender_based: {type: BOOLEAN, description: "Whether eligibility rests on gender."}
  gender_description: {type: VARCHAR, description: "What gender-based eligibility means."}
  minimum_age: {type: VARCHAR, description: "Youngest eligible age, as written: 18 Years."}
  maximum_age: {type: VARCHAR, description: "Oldest eligible age, as written."}
  minimum_age_days:
    type: DOUBLE
    description: >-
      Youngest eligible age in days (1 year = 365.25 d, 1 month = 30.4375 d); NULL when there is none or its
      form is not known.
  maximum_age_days: {type: DOUBLE, description: "Oldest eligible age in days, as minimum_age_days."}
  healthy_volunteers: {type: BOOLEAN, description: "Whether healthy volunteers may take part."}
  study_population: {type: VARCHAR, description: "Population of an observational study."}
  sampling_method: {type: VARCHAR, description: "How participants of an observational study are sampled."}
  eligibility_criteria: {type: VARCHAR, description: "Eligibility criteria as one text; core.criterion has them as rows."}
  brief_summary: {type: VARCHAR, description: "Short description."}
  detailed_description: {type: VARCHAR, description: "Long description."}
  responsible_party_type: {type: VARCHAR, description: "SPONSOR, PRINCIPAL_INVESTIGATOR or SPONSOR_INVESTIGATOR."}
  responsible_party_name: {type: VARCHAR, description: "Person responsible; in old records name and title together."}
  responsible_party_title: {type: VARCHAR, description: "Title of that person."}
  responsible_party_affiliation: {type: VARCHAR, description: "Organisation of that person."}
  organization_name: {type: VARCHAR, description: "Organisation that registered the study."}
  organization_class: {type: VARCHAR, description: "Class of that organisation."}
  oversight_has_dmc: {type: BOOLEAN, description: "Whether a data monitoring committee oversees the study."}
  is_fda_regulated_drug: {type: BOOLEAN, description: "Whether the study is of a drug regulated by the US FDA."}
  is_fda_regulated_device: {type: BOOLEAN, description: "Whether the study is of a device regulated by the US FDA."}
  ipd_sharing: {type: VARCHAR, description: "Plan to share data of individual participants: YES, NO or UNDECIDED."}
  arm_count: {type: INTEGER, description: "Arms or groups listed.", tests: [not_null]}
  intervention_count: {type: INTEGER, description: "Interventions listed.", tests: [not_null]}
  location_count: {type: INTEGER, description: "Locations listed.", tests: [not_null]}
  primary_outcome_count: {type: INTEGER, description: "Primary outcomes listed.", tests: [not_null]}
  registry_updated_on: {type: DATE, description: "Date the registry gives for the current version."}
  version_no: {type: INTEGER, description: "Number of the current version.", tests: [not_null]}
  version_count: {type: INTEGER, description: "Versions of the record in the warehouse.", tests: [not_null]}
  loaded_at: {type: TIMESTAMP, description: "When the current version was accepted (UTC).", tests: [not_null]}
--- */
WITH versions AS (
    SELECT record_key, count(*)::INTEGER AS version_count
    FROM raw.record_version
    GROUP BY record_key
),

phases AS (
    SELECT version_id, string_agg(phase, '/' ORDER BY position) AS phase
    FROM staging.phase
    GROUP BY version_id
),

arms AS (
    SELECT version_id, count(*)::INTEGER AS item_count
    FROM staging.arm_group
    GROUP BY version_id
),

interventions AS (
    SELECT version_id, count(*)::INTEGER AS item_count
    FROM staging.intervention
    GROUP BY version_id
),

locations AS (
    SELECT version_id, count(*)::INTEGER AS item_count
    FROM staging.location
    GROUP BY version_id
),

primary_outcomes AS (
    SELECT version_id, count(*)::INTEGER AS item_count
    FROM staging.primary_outcome
    GROUP BY version_id
),

-- "18 Years" as a number and a unit; another form leaves both NULL.
age AS (
    SELECT
        version_id,
        try_cast(regexp_extract(minimum_age, '(?i)^\s*([0-9]+(?:\.[0-9]+)?)\s*[a-z]+\s*$', 1) AS DOUBLE) AS minimum_number,
        try_cast(regexp_extract(maximum_age, '(?i)^\s*([0-9]+(?:\.[0-9]+)?)\s*[a-z]+\s*$', 1) AS DOUBLE) AS maximum_number,
        rtrim(lower(regexp_extract(minimum_age, '([A-Za-z]+)\s*$', 1)), 's') AS minimum_unit,
        rtrim(lower(regexp_extract(maximum_age, '([A-Za-z]+)\s*$', 1)), 's') AS maximum_unit
    FROM staging.study
    WHERE minimum_age IS NOT NULL OR maximum_age IS NOT NULL
),

age_unit AS (
    SELECT unit, days
    FROM (
        VALUES
            ('year', 365.25::DOUBLE),
            ('month', 30.4375),
            ('week', 7),
            ('day', 1),
            ('hour', 1 / 24),
            ('minute', 1 / 1440)
    ) AS listed (unit, days)
)

SELECT
    version.record_key,
    version.key_basis,
    member.trial_id,
    version.version_id,
    version.registry,
    version.registry_id,
    version.source_format,
    version.standing,
    study.brief_title,
    study.official_title,
    study.acronym,
    study.study_type,
    phases.phase,
    study.overall_status,
    study.last_known_status,
    study.why_stopped,
    study.enrollment_count AS enrollment,
    study.enrollment_type,
    study.lead_sponsor_name AS lead_sponsor,
    study.lead_sponsor_class,
    -- DRKS and ChiCTR give the day on which results were first shown, and no flag beside it.
    coalesce(study.has_results, CASE WHEN study.results_first_post_date_earliest IS NOT NULL THEN true END) AS has_results,
    version.source_format NOT IN (
        'ictrp_csv', 'ictrp_xml', 'who_xml', 'euctr_text', 'euctr_summary', 'drks_json', 'chictr_xml',
        'isrctn_xml', 'isrctn_json'
    ) AS says_no_results,
    study.start_date AS start_raw,
    study.start_date_earliest AS start_earliest,
    study.start_date_latest AS start_latest,
    study.start_date_precision AS start_precision,
    study.start_date_type AS start_type,
    study.primary_completion_date AS primary_completion_raw,
    study.primary_completion_date_earliest AS primary_completion_earliest,
    study.primary_completion_date_latest AS primary_completion_latest,
    study.primary_completion_date_precision AS primary_completion_precision,
    study.primary_completion_date_type AS primary_completion_type,
    study.completion_date AS completion_raw,
    study.completion_date_earliest AS completion_earliest,
    study.completion_date_latest AS completion_latest,
    study.completion_date_precision AS completion_precision,
    study.completion_date_type AS completion_type,
    study.study_first_submit_date AS first_submitted_raw,
    study.study_first_submit_date_earliest AS first_submitted_earliest,
    study.study_first_submit_date_latest AS first_submitted_latest,
    study.study_first_submit_date_precision AS first_submitted_precision,
    study.study_first_submit_qc_date AS first_submitted_qc_raw,
    study.study_first_submit_qc_date_earliest AS first_submitted_qc_earliest,
    study.study_first_submit_qc_date_latest AS first_submitted_qc_latest,
    study.study_first_submit_qc_date_precision AS first_submitted_qc_precision,
    study.study_first_post_date AS first_posted_raw,
    study.study_first_post_date_earliest AS first_posted_earliest,
    study.study_first_post_date_latest AS first_posted_latest,
    study.study_first_post_date_precision AS first_posted_precision,
    study.study_first_post_date_type AS first_posted_type,
    study.results_first_submit_date AS results_first_submitted_raw,
    study.results_first_submit_date_earliest AS results_first_submitted_earliest,
    study.results_first_submit_date_latest AS results_first_submitted_latest,
    study.results_first_submit_date_precision AS results_first_submitted_precision,
    study.results_first_submit_qc_date AS results_first_submitted_qc_raw,
    study.results_first_submit_qc_date_earliest AS results_first_submitted_qc_earliest,
    study.results_first_submit_qc_date_latest AS results_first_submitted_qc_latest,
    study.results_first_submit_qc_date_precision AS results_first_submitted_qc_precision,
    study.results_first_post_date AS results_first_posted_raw,
    study.results_first_post_date_earliest AS results_first_posted_earliest,
    study.results_first_post_date_latest AS results_first_posted_latest,
    study.results_first_post_date_precision AS results_first_posted_precision,
    study.results_first_post_date_type AS results_first_posted_type,
    study.disp_first_submit_date AS disp_first_submitted_raw,
    study.disp_first_submit_date_earliest AS disp_first_submitted_earliest,
    study.disp_first_submit_date_latest AS disp_first_submitted_latest,
    study.disp_first_submit_date_precision AS disp_first_submitted_precision,
    study.disp_first_submit_qc_date AS disp_first_submitted_qc_raw,
    study.disp_first_submit_qc_date_earliest AS disp_first_submitted_qc_earliest,
    study.disp_first_submit_qc_date_latest AS disp_first_submitted_qc_latest,
    study.disp_first_submit_qc_date_precision AS disp_first_submitted_qc_precision,
    study.disp_first_post_date AS disp_first_posted_raw,
    study.disp_first_post_date_earliest AS disp_first_posted_earliest,
    study.disp_first_post_date_latest AS disp_first_posted_latest,
    study.disp_first_post_date_precision AS disp_first_posted_precision,
    study.disp_first_post_date_type AS disp_first_posted_type,
    study.last_update_submit_date AS last_update_submitted_raw,
    study.last_update_submit_date_earliest AS last_update_submitted_earliest,
    study.last_update_submit_date_latest AS last_update_submitted_latest,
    study.last_update_submit_date_precision AS last_update_submitted_precision,
    study.last_update_post_date AS last_update_posted_raw,
    study.last_update_post_date_earliest AS last_update_posted_earliest,
    study.last_update_post_date_latest AS last_update_posted_latest,
    study.last_update_post_date_precision AS last_update_posted_precision,
    study.last_update_post_date_type AS last_update_posted_type,
    study.status_verified_date AS verified_raw,
    study.status_verified_date_earliest AS verified_earliest,
    study.status_verified_date_latest AS verified_latest,
    study.status_verified_date_precision AS verified_precision,
    study.design_allocation AS allocation,
    study.design_intervention_model AS intervention_model,
    study.design_primary_purpose AS primary_purpose,
    study.design_masking AS masking,
    study.design_observational_model AS observational_model,
    study.design_time_perspective AS time_perspective,
    study.patient_registry,
    study.target_duration,
    study.sex,
    study.gender_based,
    study.gender_description,
    study.minimum_age,
    study.maximum_age,
    age.minimum_number * minimum_unit.days AS minimum_age_days,
    age.maximum_number * maximum_unit.days AS maximum_age_days,
    study.healthy_volunteers,
    study.study_population,
    study.sampling_method,
    study.eligibility_criteria,
    study.brief_summary,
    study.detailed_description,
    study.responsible_party_type,
    coalesce(study.responsible_party_investigator_full_name, study.responsible_party_old_name_title) AS responsible_party_name,
    study.responsible_party_investigator_title AS responsible_party_title,
    coalesce(study.responsible_party_investigator_affiliation, study.responsible_party_old_organization) AS responsible_party_affiliation,
    study.organization_full_name AS organization_name,
    study.organization_class,
    study.oversight_has_dmc,
    study.is_fda_regulated_drug,
    study.is_fda_regulated_device,
    study.ipd_sharing,
    coalesce(arms.item_count, 0) AS arm_count,
    coalesce(interventions.item_count, 0) AS intervention_count,
    coalesce(locations.item_count, 0) AS location_count,
    coalesce(primary_outcomes.item_count, 0) AS primary_outcome_count,
    version.registry_updated_on,
    version.version_no,
    versions.version_count,
    version.loaded_at
FROM raw.record_version AS version
JOIN core.trial_member AS member USING (record_key)
JOIN versions USING (record_key)
JOIN staging.study AS study USING (version_id)
LEFT JOIN phases USING (version_id)
LEFT JOIN arms USING (version_id)
LEFT JOIN interventions USING (version_id)
LEFT JOIN locations USING (version_id)
LEFT JOIN primary_outcomes USING (version_id)
LEFT JOIN age USING (version_id)
LEFT JOIN age_unit AS minimum_unit ON minimum_unit.unit = age.minimum_unit
LEFT JOIN age_unit AS maximum_unit ON maximum_unit.unit = age.maximum_unit
WHERE version.is_current
