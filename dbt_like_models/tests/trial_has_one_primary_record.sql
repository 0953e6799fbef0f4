/* ---
model: core.trial_member
description: Exactly one record stands for a trial.
severity: gate
--- */
SELECT trial_id, count(*) FILTER (WHERE is_primary) AS primary_records
FROM core.trial_member
GROUP BY trial_id
HAVING primary_records <> 1
