/* ---
title: Trials with most errors
columns: {trial_id: Trial}
limit: 1
--- */
SELECT record.trial_id
FROM quality.violation AS violation
JOIN core.record AS record ON record.record_key = violation.record_key
GROUP BY record.trial_id
ORDER BY count(*) FILTER (WHERE violation.severity IN ('gate', 'error')) DESC, count(*) DESC, record.trial_id
