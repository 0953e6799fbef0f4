/* ---
description: >-
  Arms or groups of the study, with the interventions each is given.
grain: one row per arm of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  label: {type: VARCHAR, description: "Name of the arm."}
  type: {type: VARCHAR, description: "EXPERIMENTAL, ACTIVE_COMPARATOR, PLACEBO_COMPARATOR, SHAM_COMPARATOR, NO_INTERVENTION or OTHER."}
  description: {type: VARCHAR, description: "What happens in the arm."}
  intervention_names:
    type: "VARCHAR[]"
    description: >-
      Interventions of the arm as the record writes them (TYPE: name), in its order; empty when it lists none.
    tests: [not_null]
tests:
  - unique: [record_key, position]
--- */
WITH intervention_names AS (
    SELECT
        name.version_id,
        name.arm_group_position,
        list(name.intervention_name ORDER BY name.position) AS intervention_names
    FROM staging.arm_group_intervention_name AS name
    GROUP BY name.version_id, name.arm_group_position
)

SELECT
    version.record_key,
    arm.position,
    arm.label,
    arm.type,
    arm.description,
    coalesce(named.intervention_names, []) AS intervention_names
FROM staging.arm_group AS arm
JOIN raw.record_version AS version USING (version_id)
LEFT JOIN intervention_names AS named
    ON named.version_id = arm.version_id AND named.arm_group_position = arm.position
WHERE version.is_current
ORDER BY version.record_key, arm.position
