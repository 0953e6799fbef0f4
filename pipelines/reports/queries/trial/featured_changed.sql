/* ---
title: Trials whose outcomes changed most
columns: {trial_id: Trial}
limit: 2
--- */
SELECT record.trial_id
FROM marts.outcome_switching AS switching
JOIN core.record AS record ON record.record_key = switching.record_key
GROUP BY record.trial_id
ORDER BY count(*) FILTER (WHERE switching.is_major) DESC, count(*) DESC, record.trial_id
