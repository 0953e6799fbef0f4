/* ---
description: >-
  Participants with any serious event, any other event, and deaths of any cause, by group, as the record counts them:
  each participant once. (Adding up marts.adverse_event over terms counts a participant once for each term, which is
  what AACT's number_of_sae_subjects and number_of_nsae_subjects do.)
grain: one row per adverse event group of a record and kind of event
owner: team:warehouse
tags: [marts, results]
materialised: view
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record."}
  group_position: {type: INTEGER, description: "1-based place of the group."}
  group_id: {type: VARCHAR, description: "Event group within the record."}
  group_title: {type: VARCHAR, description: "Name of the group."}
  group_description: {type: VARCHAR, description: "What the group got."}
  event_kind: {type: VARCHAR, description: "serious, other, or death (of any cause)."}
  num_affected: {type: BIGINT, description: "Participants affected; NULL where the record does not say."}
  num_at_risk: {type: BIGINT, description: "Participants at risk; NULL where the record does not say."}
  affected_share: {type: DOUBLE, description: "Share of participants at risk who were affected; NULL where nobody was at risk or a number is missing."}
  time_frame: {type: VARCHAR, description: "Over how long events were collected."}
tests:
  - unique: [record_key, group_position, event_kind]
metrics:
  num_affected:
    meaning: "Participants of the group with at least one such event."
    formula: "as reported for the group"
    caveat: "Groups can overlap (crossover periods, a group of all): the sum over groups is then more than the participants. Deaths were asked for from 2017 on: NULL before is not 0."
  affected_share:
    meaning: "How often participants of the group were affected."
    formula: "num_affected / num_at_risk"
    caveat: "Per participant, not per time. Other events count only from the record's frequency threshold on."
--- */
WITH counted AS (
    SELECT version_id, position, id AS group_id, title, description, 'serious' AS event_kind, serious_num_affected AS num_affected,
        serious_num_at_risk AS num_at_risk
    FROM staging.adverse_event_group
    UNION ALL
    SELECT version_id, position, id AS group_id, title, description, 'other' AS event_kind, other_num_affected AS num_affected,
        other_num_at_risk AS num_at_risk
    FROM staging.adverse_event_group
    UNION ALL
    SELECT version_id, position, id AS group_id, title, description, 'death' AS event_kind, deaths_num_affected AS num_affected,
        deaths_num_at_risk AS num_at_risk
    FROM staging.adverse_event_group
)

SELECT
    version.record_key,
    counted.position AS group_position,
    counted.group_id,
    counted.title AS group_title,
    counted.description AS group_description,
    counted.event_kind,
    counted.num_affected,
    counted.num_at_risk,
    counted.num_affected / nullif(counted.num_at_risk, 0) AS affected_share,
    study.adverse_events_time_frame AS time_frame
FROM counted
JOIN raw.record_version AS version ON version.version_id = counted.version_id AND version.is_current
JOIN staging.study AS study ON study.version_id = counted.version_id
