/* ---
description: >-
  How participants were found and what came before assignment, as AACT's table participant_flows.
grain: one row per study with a participant flow in its results
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  recruitment_details: {type: VARCHAR, description: "Recruitment."}
  pre_assignment_details: {type: VARCHAR, description: "Before assignment."}
  units_analyzed: {type: VARCHAR, description: "Units analysed where these are not participants."}
--- */
WITH flow AS (
    SELECT DISTINCT version_id
    FROM staging.participant_flow_group
)

SELECT
    record.id_base + 1 AS id,
    record.nct_id,
    study.participant_flow_recruitment_details AS recruitment_details,
    study.participant_flow_pre_assignment_details AS pre_assignment_details,
    study.participant_flow_type_units_analyzed AS units_analyzed
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
LEFT JOIN flow USING (version_id)
WHERE flow.version_id IS NOT NULL
OR coalesce(
    study.participant_flow_recruitment_details, study.participant_flow_pre_assignment_details,
    study.participant_flow_type_units_analyzed
) IS NOT NULL
