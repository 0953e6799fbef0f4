/* ---
description: >-
  Every identifier found on a record, in fields and in prose, normalised and validated. Only role own and
  alias name the record itself.
grain: one row per identifier found on a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  id_type: {type: VARCHAR, description: "Kind of identifier: a registry (CTGOV, EUDRACT, CTIS, …), UTN, or another kind."}
  id_raw: {type: VARCHAR, description: "The text as it stands in the record."}
  id_norm: {type: VARCHAR, description: "The normalised identifier; NULL where no kind was recognised."}
  role:
    type: VARCHAR
    description: >-
      own, alias, secondary, org, mention (in prose) or related (stated as another trial).
    tests: [not_null, {accepted_values: [own, alias, secondary, org, mention, related]}]
  is_valid: {type: BOOLEAN, description: "Whether the identifier satisfies the rules of its kind; NULL where there are none."}
  reason: {type: VARCHAR, description: "Why it is not valid."}
  source_path: {type: VARCHAR, description: "Path in the study shape where it was found."}
tests:
  - unique: [record_key, position]
--- */
SELECT
    version.record_key,
    identifier.position,
    identifier.id_type,
    identifier.id_raw,
    identifier.id_norm,
    identifier.role,
    identifier.is_valid,
    identifier.reason,
    identifier.source_path
FROM staging.identifier AS identifier
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, identifier.position
