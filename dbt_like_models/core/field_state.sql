/* ---
description: >-
  How each field came out of a source whose layout can lose things (registry page text): read under its label,
  recognised without it, damaged, lost. Of machine formats only what was not taken as it stands: a word outside the
  vocabulary, a number that is none, a text that can be cut in several ways, a value worked out from others, a
  field that the record shows with nothing in it.
grain: one row per field of a record from page text; of other formats one per value that was not taken as it stands, of a list often several
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  field: {type: VARCHAR, description: "Path of the field in the study shape.", tests: [not_null]}
  state:
    type: VARCHAR
    description: >-
      present, present_unlabelled, ambiguous, damaged, inferred, derived, empty or absent. Only ambiguous and damaged
      can be said of several values of one field.
    tests: [not_null, {accepted_values: [present, present_unlabelled, ambiguous, damaged, inferred, derived, empty, absent]}]
  line_start: {type: BIGINT, description: "First line of the field in the raw text, counted from 1."}
  line_end: {type: BIGINT, description: "Last line of the field in the raw text."}
  label: {type: VARCHAR, description: "The label the value stood under."}
  value: {type: VARCHAR, description: "The value as taken into the record."}
  verbatim: {type: VARCHAR, description: "The text exactly as it stands in the source."}
  reason: {type: VARCHAR, description: "Why the value is not taken as it stands; NULL where there is nothing to say."}
tests:
  - unique: [record_key, position]
--- */
SELECT
    version.record_key,
    field.position,
    field.field,
    field.state,
    field.line_start,
    field.line_end,
    field.label,
    field.value,
    field.verbatim,
    field.reason
FROM staging.field_state AS field
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, field.position
