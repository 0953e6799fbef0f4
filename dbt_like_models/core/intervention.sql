/* ---
description: >-
  Drugs, devices, procedures and other interventions of the study, with the arms that get them.
grain: one row per intervention of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  type: {type: VARCHAR, description: "DRUG, DEVICE, BIOLOGICAL, PROCEDURE, BEHAVIORAL, … as the registry classifies it."}
  name: {type: VARCHAR, description: "Name of the intervention."}
  description: {type: VARCHAR, description: "Details, such as dose and schedule."}
  arm_group_labels:
    type: "VARCHAR[]"
    description: >-
      Labels of the arms that get it, in the order of the record; empty when it lists none.
    tests: [not_null]
  other_names: {type: "VARCHAR[]", description: "Further names of the intervention; empty when there are none.", tests: [not_null]}
tests:
  - unique: [record_key, position]
--- */
WITH arm_group_labels AS (
    SELECT
        label.version_id,
        label.intervention_position,
        list(label.arm_group_label ORDER BY label.position) AS arm_group_labels
    FROM staging.intervention_arm_group_label AS label
    GROUP BY label.version_id, label.intervention_position
),

other_names AS (
    SELECT
        name.version_id,
        name.intervention_position,
        list(name.other_name ORDER BY name.position) AS other_names
    FROM staging.intervention_other_name AS name
    GROUP BY name.version_id, name.intervention_position
)

SELECT
    version.record_key,
    intervention.position,
    intervention.type,
    intervention.name,
    intervention.description,
    coalesce(labelled.arm_group_labels, []) AS arm_group_labels,
    coalesce(named.other_names, []) AS other_names
FROM staging.intervention AS intervention
JOIN raw.record_version AS version USING (version_id)
LEFT JOIN arm_group_labels AS labelled
    ON labelled.version_id = intervention.version_id AND labelled.intervention_position = intervention.position
LEFT JOIN other_names AS named
    ON named.version_id = intervention.version_id AND named.intervention_position = intervention.position
WHERE version.is_current
ORDER BY version.record_key, intervention.position
