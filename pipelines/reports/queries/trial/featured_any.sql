/* ---
title: The newest trials
columns: {trial_id: Trial}
limit: 1
--- */
SELECT trial_id
FROM core.record
GROUP BY trial_id
ORDER BY max(registry_updated_on) DESC NULLS LAST, trial_id
