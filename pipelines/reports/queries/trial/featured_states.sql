/* ---
title: Trials read from page text
columns: {trial_id: Trial}
limit: 1
--- */
SELECT record.trial_id
FROM core.field_state AS field
JOIN core.record AS record ON record.record_key = field.record_key
GROUP BY record.trial_id
ORDER BY count(*) DESC, record.trial_id
