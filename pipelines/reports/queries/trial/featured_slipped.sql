/* ---
title: Trials that slipped most
columns: {trial_id: Trial}
limit: 2
--- */
SELECT record.trial_id
FROM marts.date_slippage AS slippage
JOIN core.record AS record ON record.record_key = slippage.record_key
WHERE slippage.has_slipped
GROUP BY record.trial_id
ORDER BY max(slippage.slipped_days_min) DESC, record.trial_id
