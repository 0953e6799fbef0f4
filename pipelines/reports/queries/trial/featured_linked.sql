/* ---
title: Trials with most records
columns: {trial_id: Trial}
limit: 2
--- */
SELECT trial_id
FROM core.trial
WHERE record_count > 1
ORDER BY registry_count DESC, record_count DESC, trial_id
