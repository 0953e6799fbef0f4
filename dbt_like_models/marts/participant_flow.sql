/* ---
description: >-
  How participants went through the study: who reached each milestone of each period, and who left and why, by group.
grain: one row per milestone or reason for leaving, of a period, and group
owner: team:warehouse
tags: [marts, results]
materialised: view
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record."}
  period_position: {type: INTEGER, description: "1-based place of the period."}
  period_title: {type: VARCHAR, description: "Name of the period: Overall Study, …."}
  entry_kind: {type: VARCHAR, description: "milestone, or drop_withdraw (a reason for leaving)."}
  entry_position: {type: INTEGER, description: "1-based place of the milestone or reason in the period."}
  entry: {type: VARCHAR, description: "STARTED, COMPLETED, NOT COMPLETED or another milestone; the reason: Adverse Event, Lost to Follow-up, …."}
  position: {type: INTEGER, description: "1-based place of the group in the row."}
  group_id: {type: VARCHAR, description: "Group within the participant flow."}
  group_title: {type: VARCHAR, description: "Name of the group."}
  num_subjects_raw: {type: VARCHAR, description: "Participants as the registry has them."}
  num_subjects: {type: BIGINT, description: "Participants as a number; NULL where the text is none."}
  num_units_raw: {type: VARCHAR, description: "Units (eyes, lesions, …) as the registry has them, where the study counts them."}
  units: {type: VARCHAR, description: "What these units are."}
  comment: {type: VARCHAR, description: "What the record says beside the number."}
tests:
  - unique: [record_key, period_position, entry_kind, entry_position, position]
metrics:
  num_subjects:
    meaning: "Participants of the group who reached the milestone or left for the reason."
    formula: "num_subjects_raw as a whole number"
    caveat: "Each period begins with STARTED anew: do not add up over periods. Groups of a crossover study hold the same people."
--- */
WITH entry AS (
    SELECT
        milestone.version_id,
        milestone.period_position,
        'milestone' AS entry_kind,
        milestone.position AS entry_position,
        milestone.type,
        achievement.position,
        achievement.group_id,
        achievement.num_subjects,
        achievement.num_units,
        achievement.comment
    FROM staging.participant_flow_period_milestone_achievement AS achievement
    JOIN staging.participant_flow_period_milestone AS milestone
        ON milestone.version_id = achievement.version_id
        AND milestone.period_position = achievement.period_position
        AND milestone.position = achievement.milestone_position
    UNION ALL
    SELECT
        drop_withdraw.version_id,
        drop_withdraw.period_position,
        'drop_withdraw' AS entry_kind,
        drop_withdraw.position AS entry_position,
        drop_withdraw.type,
        reason.position,
        reason.group_id,
        reason.num_subjects,
        NULL AS num_units,
        reason.comment
    FROM staging.participant_flow_period_drop_withdraw_reason AS reason
    JOIN staging.participant_flow_period_drop_withdraw AS drop_withdraw
        ON drop_withdraw.version_id = reason.version_id
        AND drop_withdraw.period_position = reason.period_position
        AND drop_withdraw.position = reason.drop_withdraw_position
)

SELECT
    version.record_key,
    period.position AS period_position,
    period.title AS period_title,
    entry.entry_kind,
    entry.entry_position,
    entry.type AS entry,
    entry.position,
    entry.group_id,
    (
        SELECT arg_min(named.title, named.position)
        FROM staging.participant_flow_group AS named
        WHERE named.version_id = entry.version_id AND named.id = entry.group_id
    ) AS group_title,
    entry.num_subjects AS num_subjects_raw,
    CASE
        WHEN regexp_full_match(trim(entry.num_subjects), '\d{1,18}') THEN TRY_CAST(trim(entry.num_subjects) AS BIGINT)
        WHEN regexp_full_match(trim(entry.num_subjects), '\d{1,3}(,\d{3})+') THEN TRY_CAST(replace(trim(entry.num_subjects), ',', '') AS BIGINT)
    END AS num_subjects,
    entry.num_units AS num_units_raw,
    study.participant_flow_type_units_analyzed AS units,
    entry.comment
FROM entry
JOIN raw.record_version AS version ON version.version_id = entry.version_id AND version.is_current
JOIN staging.participant_flow_period AS period
    ON period.version_id = entry.version_id AND period.position = entry.period_position
JOIN staging.study AS study ON study.version_id = entry.version_id
