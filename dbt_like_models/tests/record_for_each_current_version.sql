/* ---
model: core.record
description: Every current record version is a row of core.record.
severity: gate
--- */
SELECT version.record_key
FROM raw.record_version AS version
ANTI JOIN core.record AS record USING (record_key)
WHERE version.is_current
