/* ---
model: core.field_state
description: A record's field has one state.
severity: warn
--- */
SELECT record_key, field, count(*) AS states
FROM core.field_state
GROUP BY record_key, field
HAVING count(*) > 1
