/* ---
description: >-
  What each real-world trial is, in one row: type, phase, status, sponsor class, start, size, design. A trial with several
  registry records takes each value from its primary record and, where that says nothing, from the first other record
  that does. What other marts count as one trial is a row here.
grain: one row per trial
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  trial_id: {type: VARCHAR, description: "The trial, as in core.trial.", tests: [not_null, unique, {relationships: core.trial.trial_id}]}
  primary_record_key: {type: VARCHAR, description: "The record that stands for the trial.", tests: [not_null]}
  record_count: {type: BIGINT, description: "Registry records of the trial.", tests: [not_null]}
  study_type: {type: VARCHAR, description: "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS."}
  phase: {type: VARCHAR, description: "Phases joined by a slash; NA where the registry says that phases do not apply; NULL when none is given."}
  overall_status: {type: VARCHAR, description: "Recruitment status."}
  status_group:
    type: VARCHAR
    description: >-
      not_yet_recruiting; recruiting (also by invitation); active_not_recruiting; completed; stopped (suspended,
      terminated, withdrawn); unknown (the registry's own status UNKNOWN); other (any other status); not_stated (no record
      states one, as copies of "Not recruiting" in WHO ICTRP do not).
    tests: [not_null, {accepted_values: [not_yet_recruiting, recruiting, active_not_recruiting, completed, stopped, unknown, other, not_stated]}]
  is_open: {type: BOOLEAN, description: "Whether the status is not yet recruiting, recruiting, by invitation or active; NULL where none is stated."}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor, as written."}
  lead_sponsor_class: {type: VARCHAR, description: "Class of that sponsor; both from one record."}
  start_earliest: {type: DATE, description: "First day the study start can mean."}
  start_latest: {type: DATE, description: "Last day the study start can mean."}
  start_year: {type: INTEGER, description: "Year of the study start; NULL where it is not known or can be either of two."}
  enrollment: {type: BIGINT, description: "Participants, reached or aimed at as enrollment_type says; both from one record."}
  enrollment_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL where the source does not say."}
  allocation: {type: VARCHAR, description: "How participants are assigned to arms: RANDOMIZED, NON_RANDOMIZED, NA."}
  masking: {type: VARCHAR, description: "Extent of masking: NONE, SINGLE, DOUBLE, TRIPLE, QUADRUPLE."}
  primary_purpose: {type: VARCHAR, description: "Main aim of the interventions."}
  intervention_model: {type: VARCHAR, description: "Plan by which arms get interventions."}
  observational_model: {type: VARCHAR, description: "How groups of an observational study are chosen."}
  has_results: {type: BOOLEAN, description: "Whether any record has results posted; NULL where no source says."}
metrics:
  status_group:
    meaning: "Where the trial is."
    formula: "overall_status of the primary record, else of the first record that has one, in eight groups"
    caveat: "What the registry says, however old: see marts.stale_record. Records of one trial can say different things: marts.cross_registry_discrepancy."
  enrollment:
    meaning: "Size of the trial."
    formula: "enrollment of the primary record, else of the first record that has one"
    caveat: "Reached or aimed at: see enrollment_type. A national register can give the size in its own country."
--- */
WITH ranked AS (
    SELECT
        record.record_key,
        record.trial_id,
        record.study_type,
        record.phase,
        record.overall_status,
        record.lead_sponsor,
        record.lead_sponsor_class,
        record.start_earliest,
        record.start_latest,
        record.enrollment,
        record.enrollment_type,
        record.allocation,
        record.masking,
        record.primary_purpose,
        record.intervention_model,
        record.observational_model,
        record.has_results,
        row_number() OVER (PARTITION BY member.trial_id ORDER BY member.is_primary DESC, member.record_key) AS place
    FROM core.record AS record
    JOIN core.trial_member AS member USING (record_key)
    JOIN core.trial AS trial ON trial.trial_id = member.trial_id AND trial.record_count > 1
),

-- Trials of several records, a few in a hundred.
merged AS (
    SELECT
        trial_id,
        arg_min(record_key, place) AS primary_record_key,
        count(*) AS record_count,
        arg_min(study_type, place) FILTER (WHERE study_type IS NOT NULL) AS study_type,
        arg_min(phase, place) FILTER (WHERE phase IS NOT NULL) AS phase,
        arg_min(overall_status, place) FILTER (WHERE overall_status IS NOT NULL) AS overall_status,
        arg_min({'name': lead_sponsor, 'class': lead_sponsor_class}, place) FILTER (WHERE lead_sponsor IS NOT NULL) AS sponsor,
        arg_min({'earliest': start_earliest, 'latest': start_latest}, place) FILTER (WHERE start_earliest IS NOT NULL) AS start,
        arg_min({'size': enrollment, 'type': enrollment_type}, place) FILTER (WHERE enrollment IS NOT NULL) AS enrollment,
        arg_min(allocation, place) FILTER (WHERE allocation IS NOT NULL) AS allocation,
        arg_min(masking, place) FILTER (WHERE masking IS NOT NULL) AS masking,
        arg_min(primary_purpose, place) FILTER (WHERE primary_purpose IS NOT NULL) AS primary_purpose,
        arg_min(intervention_model, place) FILTER (WHERE intervention_model IS NOT NULL) AS intervention_model,
        arg_min(observational_model, place) FILTER (WHERE observational_model IS NOT NULL) AS observational_model,
        bool_or(has_results) AS has_results
    FROM ranked
    GROUP BY trial_id
),

described AS (
    SELECT
        record.trial_id,
        record.record_key AS primary_record_key,
        1 AS record_count,
        record.study_type,
        record.phase,
        record.overall_status,
        record.lead_sponsor,
        record.lead_sponsor_class,
        record.start_earliest,
        record.start_latest,
        record.enrollment,
        record.enrollment_type,
        record.allocation,
        record.masking,
        record.primary_purpose,
        record.intervention_model,
        record.observational_model,
        record.has_results
    FROM core.record AS record
    JOIN core.trial AS trial ON trial.trial_id = record.trial_id AND trial.record_count = 1
    UNION ALL
    SELECT
        trial_id,
        primary_record_key,
        record_count,
        study_type,
        phase,
        overall_status,
        sponsor.name AS lead_sponsor,
        sponsor.class AS lead_sponsor_class,
        start.earliest AS start_earliest,
        start.latest AS start_latest,
        enrollment.size AS enrollment,
        enrollment.type AS enrollment_type,
        allocation,
        masking,
        primary_purpose,
        intervention_model,
        observational_model,
        has_results
    FROM merged
)

SELECT
    trial_id,
    primary_record_key,
    record_count::BIGINT AS record_count,
    study_type,
    phase,
    overall_status,
    CASE
        WHEN overall_status = 'NOT_YET_RECRUITING' THEN 'not_yet_recruiting'
        WHEN overall_status IN ('RECRUITING', 'ENROLLING_BY_INVITATION') THEN 'recruiting'
        WHEN overall_status = 'ACTIVE_NOT_RECRUITING' THEN 'active_not_recruiting'
        WHEN overall_status = 'COMPLETED' THEN 'completed'
        WHEN overall_status IN ('SUSPENDED', 'TERMINATED', 'WITHDRAWN') THEN 'stopped'
        WHEN overall_status = 'UNKNOWN' THEN 'unknown'
        WHEN overall_status IS NULL THEN 'not_stated'
        ELSE 'other'
    END AS status_group,
    overall_status IN ('NOT_YET_RECRUITING', 'RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING') AS is_open,
    lead_sponsor,
    lead_sponsor_class,
    start_earliest,
    start_latest,
    CASE WHEN year(start_earliest) = year(start_latest) THEN year(start_earliest)::INTEGER END AS start_year,
    enrollment,
    enrollment_type,
    allocation,
    masking,
    primary_purpose,
    intervention_model,
    observational_model,
    has_results
FROM described
ORDER BY trial_id
