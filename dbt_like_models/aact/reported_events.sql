/* ---
description: >-
  Adverse events by term and group, as AACT's table reported_events.
grain: one row per term and group
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
  time_frame: {type: VARCHAR, description: "Time over which events were counted."}
  event_type: {type: VARCHAR, description: "serious or other."}
  default_vocab: {type: VARCHAR, description: "Always NULL: the registry gives the vocabulary of each term."}
  default_assessment: {type: VARCHAR, description: "Always NULL: likewise."}
  subjects_affected: {type: BIGINT, description: "Participants with the event; one with two terms counts in both."}
  subjects_at_risk: {type: BIGINT, description: "Participants at risk."}
  description: {type: VARCHAR, description: "How events were collected."}
  event_count: {type: BIGINT, description: "Events; one participant may have several."}
  organ_system: {type: VARCHAR, description: "Organ system."}
  adverse_event_term: {type: VARCHAR, description: "The term."}
  frequency_threshold:
    type: BIGINT
    description: >-
      Per cent of participants above which other events are listed; NULL where the text is no whole number.
  vocab: {type: VARCHAR, description: "Vocabulary of the term."}
  assessment: {type: VARCHAR, description: "SYSTEMATIC_ASSESSMENT or NON_SYSTEMATIC_ASSESSMENT."}
--- */
WITH event AS (
    SELECT
        counted.version_id,
        counted.serious_event_position * 500 + counted.position AS place,
        'serious' AS event_type,
        counted.group_id,
        counted.num_affected,
        counted.num_at_risk,
        counted.num_events,
        term.organ_system,
        term.term,
        term.source_vocabulary,
        term.assessment_type
    FROM staging.serious_event_stat AS counted
    JOIN staging.serious_event AS term
        ON term.version_id = counted.version_id AND term.position = counted.serious_event_position
    UNION ALL
    SELECT
        counted.version_id,
        5000000 + counted.other_event_position * 500 + counted.position,
        'other',
        counted.group_id,
        counted.num_affected,
        counted.num_at_risk,
        counted.num_events,
        term.organ_system,
        term.term,
        term.source_vocabulary,
        term.assessment_type
    FROM staging.other_event_stat AS counted
    JOIN staging.other_event AS term
        ON term.version_id = counted.version_id AND term.position = counted.other_event_position
)

SELECT
    record.id_base + event.place AS id,
    record.nct_id,
    record.id_base + 2000 + event_group.position AS result_group_id,
    event.group_id AS ctgov_group_code,
    study.adverse_events_time_frame AS time_frame,
    event.event_type,
    NULL::VARCHAR AS default_vocab,
    NULL::VARCHAR AS default_assessment,
    event.num_affected AS subjects_affected,
    event.num_at_risk AS subjects_at_risk,
    study.adverse_events_description AS description,
    event.num_events AS event_count,
    event.organ_system,
    event.term AS adverse_event_term,
    TRY_CAST(study.adverse_events_frequency_threshold AS BIGINT) AS frequency_threshold,
    event.source_vocabulary AS vocab,
    event.assessment_type AS assessment
FROM event
JOIN core.ctgov_record AS record USING (version_id)
JOIN staging.study AS study USING (version_id)
LEFT JOIN staging.adverse_event_group AS event_group
    ON event_group.version_id = event.version_id AND event_group.id = event.group_id
