/* ---
description: >-
  Adverse events of current records in long form: how many participants of a group had the event, and how many
  could have. Totals by group, in which nobody counts twice, are in marts.adverse_event_total.
grain: one row per adverse event term of a record (serious and other apart) and group
owner: team:warehouse
tags: [marts, results]
materialised: view
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record."}
  event_kind: {type: VARCHAR, description: "serious, or other (those not in the serious table, above frequency_threshold)."}
  event_position: {type: INTEGER, description: "1-based place of the term in its table."}
  term: {type: VARCHAR, description: "The event in the words of the record."}
  organ_system: {type: VARCHAR, description: "Organ system; MedDRA's system organ classes."}
  source_vocabulary: {type: VARCHAR, description: "Dictionary the term is from, with its version: MedDRA (23.1)."}
  assessment_type: {type: VARCHAR, description: "SYSTEMATIC_ASSESSMENT or NON_SYSTEMATIC_ASSESSMENT."}
  notes: {type: VARCHAR, description: "What the record says beside the term."}
  position: {type: INTEGER, description: "1-based place of the group in the row of the table."}
  group_id: {type: VARCHAR, description: "Event group within the record; ids differ from those of outcomes."}
  group_title: {type: VARCHAR, description: "Name of the group."}
  num_events: {type: BIGINT, description: "Events; NULL where the record counts participants only."}
  num_affected: {type: BIGINT, description: "Participants with the event."}
  num_at_risk: {type: BIGINT, description: "Participants who could have had it."}
  affected_share: {type: DOUBLE, description: "Share of participants at risk who had the event; NULL where nobody was at risk or a number is missing."}
  time_frame: {type: VARCHAR, description: "Over how long events were collected."}
  frequency_threshold: {type: VARCHAR, description: "Percentage from which other events are listed, as the record has it: 0, 5."}
metrics:
  num_affected:
    meaning: "Participants of the group who had this event at least once."
    formula: "as reported"
    caveat: "Do not add up over terms: a participant with three events is in three rows. Use marts.adverse_event_total. Do not add up over groups where these overlap (crossover, a group of all)."
  affected_share:
    meaning: "How often participants of the group had the event."
    formula: "num_affected / num_at_risk"
    caveat: "Other events are listed only from frequency_threshold on: a term that is missing is not 0. Groups were watched for different lengths of time in some studies; no rate per time. Above 1 where the record contradicts itself."
--- */
WITH event AS (
    SELECT
        event.version_id,
        'serious' AS event_kind,
        event.position AS event_position,
        event.term,
        event.organ_system,
        event.source_vocabulary,
        event.assessment_type,
        event.notes,
        stat.position,
        stat.group_id,
        stat.num_events,
        stat.num_affected,
        stat.num_at_risk
    FROM staging.serious_event_stat AS stat
    JOIN staging.serious_event AS event
        ON event.version_id = stat.version_id AND event.position = stat.serious_event_position
    UNION ALL
    SELECT
        event.version_id,
        'other' AS event_kind,
        event.position AS event_position,
        event.term,
        event.organ_system,
        event.source_vocabulary,
        event.assessment_type,
        event.notes,
        stat.position,
        stat.group_id,
        stat.num_events,
        stat.num_affected,
        stat.num_at_risk
    FROM staging.other_event_stat AS stat
    JOIN staging.other_event AS event
        ON event.version_id = stat.version_id AND event.position = stat.other_event_position
)

SELECT
    version.record_key,
    event.event_kind,
    event.event_position,
    event.term,
    event.organ_system,
    event.source_vocabulary,
    event.assessment_type,
    event.notes,
    event.position,
    event.group_id,
    (
        SELECT arg_min(named.title, named.position)
        FROM staging.adverse_event_group AS named
        WHERE named.version_id = event.version_id AND named.id = event.group_id
    ) AS group_title,
    event.num_events,
    event.num_affected,
    event.num_at_risk,
    event.num_affected / nullif(event.num_at_risk, 0) AS affected_share,
    study.adverse_events_time_frame AS time_frame,
    study.adverse_events_frequency_threshold AS frequency_threshold
FROM event
JOIN raw.record_version AS version ON version.version_id = event.version_id AND version.is_current
JOIN staging.study AS study ON study.version_id = event.version_id
