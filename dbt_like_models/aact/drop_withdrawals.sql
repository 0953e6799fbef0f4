/* ---
description: >-
  Participants who did not complete a period, by reason, as AACT's table drop_withdrawals.
grain: one row per reason of a period and group
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
  period: {type: VARCHAR, description: "The period."}
  reason: {type: VARCHAR, description: "Why."}
  count: {type: BIGINT, description: "Participants of the group; NULL where the text is no whole number."}
  drop_withdraw_comment: {type: VARCHAR, description: "Remark on the reason."}
  reason_comment: {type: VARCHAR, description: "Remark on the group's number."}
  count_units: {type: INTEGER, description: "Always NULL: the registry gives none."}
--- */
WITH dropped AS (
    SELECT
        record.id_base,
        record.nct_id,
        counted.version_id,
        row_number() OVER (
            PARTITION BY record.nct_id
            ORDER BY counted.period_position, counted.drop_withdraw_position, counted.position
        ) AS place,
        counted.group_id,
        period.title AS period,
        reason.type AS reason,
        counted.num_subjects,
        reason.comment AS drop_withdraw_comment,
        counted.comment AS reason_comment
    FROM staging.participant_flow_period_drop_withdraw_reason AS counted
    JOIN core.ctgov_record AS record USING (version_id)
    JOIN staging.participant_flow_period_drop_withdraw AS reason
        ON reason.version_id = counted.version_id
        AND reason.period_position = counted.period_position
        AND reason.position = counted.drop_withdraw_position
    JOIN staging.participant_flow_period AS period
        ON period.version_id = counted.version_id AND period.position = counted.period_position
)

SELECT
    dropped.id_base + dropped.place AS id,
    dropped.nct_id,
    dropped.id_base + flow_group.position AS result_group_id,
    dropped.group_id AS ctgov_group_code,
    dropped.period,
    dropped.reason,
    TRY_CAST(replace(dropped.num_subjects, ',', '') AS BIGINT) AS count,
    dropped.drop_withdraw_comment,
    dropped.reason_comment,
    NULL::INTEGER AS count_units
FROM dropped
LEFT JOIN staging.participant_flow_group AS flow_group
    ON flow_group.version_id = dropped.version_id AND flow_group.id = dropped.group_id
