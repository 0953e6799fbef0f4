/* ---
description: >-
  What each lead sponsor has registered: studies by status, type and phase, participants, first and last
  start, and how many have results posted. Sponsors are names as the records write them.
grain: one row per lead sponsor name and class
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor.", tests: [not_null]}
  lead_sponsor_class: {type: VARCHAR, description: "Class of the lead sponsor; NULL where the source does not say."}
  studies: {type: BIGINT, description: "Studies.", tests: [not_null]}
  not_yet_recruiting_count: {type: BIGINT, description: "Studies of status NOT_YET_RECRUITING.", tests: [not_null]}
  recruiting_count: {type: BIGINT, description: "Studies of status RECRUITING, ENROLLING_BY_INVITATION.", tests: [not_null]}
  active_not_recruiting_count: {type: BIGINT, description: "Studies of status ACTIVE_NOT_RECRUITING.", tests: [not_null]}
  completed_count: {type: BIGINT, description: "Studies of status COMPLETED.", tests: [not_null]}
  stopped_count: {type: BIGINT, description: "Studies of status SUSPENDED, TERMINATED, WITHDRAWN.", tests: [not_null]}
  unknown_status_count: {type: BIGINT, description: "Studies of status UNKNOWN.", tests: [not_null]}
  other_status_count: {type: BIGINT, description: "Studies of any other status.", tests: [not_null]}
  no_status_count: {type: BIGINT, description: "Studies whose record states no status, or in words that fit none.", tests: [not_null]}
  interventional_count: {type: BIGINT, description: "Interventional studies.", tests: [not_null]}
  observational_count: {type: BIGINT, description: "Observational studies.", tests: [not_null]}
  expanded_access_count: {type: BIGINT, description: "Expanded access programmes.", tests: [not_null]}
  no_type_count: {type: BIGINT, description: "Studies whose record states no study type, or in words that fit none.", tests: [not_null]}
  early_phase1_count: {type: BIGINT, description: "Studies of phase EARLY_PHASE1.", tests: [not_null]}
  phase1_count: {type: BIGINT, description: "Studies of phase PHASE1.", tests: [not_null]}
  phase1_2_count: {type: BIGINT, description: "Studies of phase PHASE1/PHASE2.", tests: [not_null]}
  phase2_count: {type: BIGINT, description: "Studies of phase PHASE2.", tests: [not_null]}
  phase2_3_count: {type: BIGINT, description: "Studies of phase PHASE2/PHASE3.", tests: [not_null]}
  phase3_count: {type: BIGINT, description: "Studies of phase PHASE3.", tests: [not_null]}
  phase4_count: {type: BIGINT, description: "Studies of phase PHASE4.", tests: [not_null]}
  other_phase_count: {type: BIGINT, description: "Studies of any other phases, such as PHASE3/PHASE4.", tests: [not_null]}
  no_phase_count: {type: BIGINT, description: "Studies without a phase, or to which phases do not apply.", tests: [not_null]}
  enrollment_total: {type: HUGEINT, description: "Sum of the enrollments, reached or aimed at; NULL when no study states one."}
  enrollment_actual_total: {type: HUGEINT, description: "Sum of the enrollments reached; NULL when no study states one."}
  first_start: {type: DATE, description: "First day that the earliest study start can mean."}
  last_start: {type: DATE, description: "Last day that the latest study start can mean."}
  results_count: {type: BIGINT, description: "Studies with results posted.", tests: [not_null]}
  results_known_count: {type: BIGINT, description: "Studies that say whether results are posted, of sources that say so of none as well (core.record.says_no_results).", tests: [not_null]}
  results_share: {type: DOUBLE, description: "Share of these with results posted; NULL when there are none."}
  completed_without_results_count:
    type: BIGINT
    description: >-
      Completed studies whose source says that no results are posted.
    tests: [not_null]
tests:
  - unique: [lead_sponsor, lead_sponsor_class]
metrics:
  studies:
    meaning: "Registered studies the sponsor leads."
    formula: "number of registry records with that lead sponsor name and class"
    caveat: "Names are as written: branches and spellings of one organisation are apart. Records without a lead sponsor are left out."
  results_share:
    meaning: "How often results are posted in the registry."
    formula: "those of results_known_count that have results / results_known_count"
    caveat: "All studies count, also those that owe no results or not yet; it is no measure of legal compliance, and results published elsewhere do not count. Less than results_count / results_known_count where studies of sources that only say yes have results."
  completed_without_results_count:
    meaning: "Completed studies that show no results."
    formula: "status COMPLETED and has_results false"
    caveat: "Includes studies that owe none, and those completed so lately that none are due."
  enrollment_total:
    meaning: "Participants in the sponsor's studies, reached or aimed at."
    formula: "sum of enrollment over studies that state one"
    caveat: "Adds numbers reached and numbers aimed at; one register of millions of people outweighs all trials."
  enrollment_actual_total:
    meaning: "Participants that the sponsor's studies have reached."
    formula: "sum of enrollment over studies whose enrollment_type is ACTUAL"
    caveat: "Old records state a number without a type: these are left out."
--- */
SELECT
    lead_sponsor,
    lead_sponsor_class,
    count(*) AS studies,
    count(*) FILTER (WHERE overall_status = 'NOT_YET_RECRUITING') AS not_yet_recruiting_count,
    count(*) FILTER (WHERE overall_status IN ('RECRUITING', 'ENROLLING_BY_INVITATION')) AS recruiting_count,
    count(*) FILTER (WHERE overall_status = 'ACTIVE_NOT_RECRUITING') AS active_not_recruiting_count,
    count(*) FILTER (WHERE overall_status = 'COMPLETED') AS completed_count,
    count(*) FILTER (WHERE overall_status IN ('SUSPENDED', 'TERMINATED', 'WITHDRAWN')) AS stopped_count,
    count(*) FILTER (WHERE overall_status = 'UNKNOWN') AS unknown_status_count,
    count(*) FILTER (
        WHERE overall_status NOT IN (
            'NOT_YET_RECRUITING', 'RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING', 'COMPLETED',
            'SUSPENDED', 'TERMINATED', 'WITHDRAWN', 'UNKNOWN'
        )
    ) AS other_status_count,
    count(*) FILTER (WHERE overall_status IS NULL) AS no_status_count,
    count(*) FILTER (WHERE study_type = 'INTERVENTIONAL') AS interventional_count,
    count(*) FILTER (WHERE study_type = 'OBSERVATIONAL') AS observational_count,
    count(*) FILTER (WHERE study_type = 'EXPANDED_ACCESS') AS expanded_access_count,
    count(*) FILTER (
        WHERE study_type IS NULL OR study_type NOT IN ('INTERVENTIONAL', 'OBSERVATIONAL', 'EXPANDED_ACCESS')
    ) AS no_type_count,
    count(*) FILTER (WHERE phase = 'EARLY_PHASE1') AS early_phase1_count,
    count(*) FILTER (WHERE phase = 'PHASE1') AS phase1_count,
    count(*) FILTER (WHERE phase = 'PHASE1/PHASE2') AS phase1_2_count,
    count(*) FILTER (WHERE phase = 'PHASE2') AS phase2_count,
    count(*) FILTER (WHERE phase = 'PHASE2/PHASE3') AS phase2_3_count,
    count(*) FILTER (WHERE phase = 'PHASE3') AS phase3_count,
    count(*) FILTER (WHERE phase = 'PHASE4') AS phase4_count,
    count(*) FILTER (
        WHERE phase NOT IN (
            'EARLY_PHASE1', 'PHASE1', 'PHASE1/PHASE2', 'PHASE2', 'PHASE2/PHASE3', 'PHASE3', 'PHASE4', 'NA'
        )
    ) AS other_phase_count,
    count(*) FILTER (WHERE phase IS NULL OR phase = 'NA') AS no_phase_count,
    sum(enrollment) AS enrollment_total,
    sum(enrollment) FILTER (WHERE enrollment_type = 'ACTUAL') AS enrollment_actual_total,
    min(start_earliest) AS first_start,
    max(start_latest) AS last_start,
    count(*) FILTER (WHERE has_results) AS results_count,
    count(has_results) FILTER (WHERE says_no_results) AS results_known_count,
    count(*) FILTER (WHERE has_results AND says_no_results) / nullif(results_known_count, 0) AS results_share,
    count(*) FILTER (WHERE overall_status = 'COMPLETED' AND NOT has_results) AS completed_without_results_count
FROM core.record
WHERE lead_sponsor IS NOT NULL
GROUP BY lead_sponsor, lead_sponsor_class
ORDER BY lead_sponsor, lead_sponsor_class
