/* ---
description: >-
  Participants who reached each stage, as AACT's table milestones.
grain: one row per stage of a period and group
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  result_group_id:
    type: BIGINT
    description: >-
      The group: aact.result_groups.id; NULL where the record does not describe it.
  ctgov_group_code: {type: VARCHAR, description: "The group's code in the record: FG000, BG000, OG000, EG000."}
  title: {type: VARCHAR, description: "The stage: STARTED, COMPLETED, …"}
  period: {type: VARCHAR, description: "The period."}
  description: {type: VARCHAR, description: "Remark on the group's number."}
  count: {type: BIGINT, description: "Participants of the group; NULL where the text is no whole number."}
  milestone_description: {type: VARCHAR, description: "Remark on the stage."}
  count_units: {type: VARCHAR, description: "Units other than participants, as written."}
--- */
WITH stage AS (
    SELECT
        record.id_base,
        record.nct_id,
        reached.version_id,
        row_number() OVER (
            PARTITION BY record.nct_id
            ORDER BY reached.period_position, reached.milestone_position, reached.position
        ) AS place,
        reached.group_id,
        milestone.type AS title,
        period.title AS period,
        reached.comment AS description,
        reached.num_subjects,
        milestone.comment AS milestone_description,
        reached.num_units
    FROM staging.participant_flow_period_milestone_achievement AS reached
    JOIN core.ctgov_record AS record USING (version_id)
    JOIN staging.participant_flow_period_milestone AS milestone
        ON milestone.version_id = reached.version_id
        AND milestone.period_position = reached.period_position
        AND milestone.position = reached.milestone_position
    JOIN staging.participant_flow_period AS period
        ON period.version_id = reached.version_id AND period.position = reached.period_position
)

SELECT
    stage.id_base + stage.place AS id,
    stage.nct_id,
    stage.id_base + flow_group.position AS result_group_id,
    stage.group_id AS ctgov_group_code,
    stage.title,
    stage.period,
    stage.description,
    TRY_CAST(replace(stage.num_subjects, ',', '') AS BIGINT) AS count,
    stage.milestone_description,
    stage.num_units AS count_units
FROM stage
LEFT JOIN staging.participant_flow_group AS flow_group
    ON flow_group.version_id = stage.version_id AND flow_group.id = stage.group_id
