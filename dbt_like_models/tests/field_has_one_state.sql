/* ---
model: core.field_state
description: >-
  A record's field has one state. Only of values that could not be taken (ambiguous, damaged) a list has one each; a field
  that is present, empty or absent has no other.
severity: warn
--- */
SELECT record_key, field, count(*) AS states
FROM core.field_state
GROUP BY record_key, field
HAVING count(*) FILTER (state NOT IN ('ambiguous', 'damaged')) > 1
    OR (count(*) > 1 AND bool_or(state IN ('present', 'present_unlabelled', 'empty', 'absent')))
