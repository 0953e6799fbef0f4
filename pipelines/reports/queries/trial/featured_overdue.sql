/* ---
title: Trials longest overdue
columns: {trial_id: Trial}
limit: 2
--- */
SELECT record.trial_id
FROM marts.results_compliance AS compliance
JOIN core.record AS record ON record.record_key = compliance.record_key
WHERE
    compliance.is_counted AND compliance.duty = 'results' AND compliance.covered = 'certain'
    AND compliance.status = 'overdue'
GROUP BY record.trial_id
ORDER BY max(compliance.days_late_min) DESC NULLS LAST, record.trial_id
