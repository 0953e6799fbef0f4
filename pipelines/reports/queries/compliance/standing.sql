/* ---
title: What has become due
says: Trials whose due date has passed for certain, by what became of their results.
columns:
  law: {label: Law, kind: term}
  standing: {label: Results, kind: term}
  trials: {label: Trials, kind: number}
metrics: [marts.results_compliance.status]
--- */
SELECT law, replace(status, 'due', 'in days of grace') AS standing, count(*) AS trials
FROM marts.results_compliance
WHERE is_counted AND duty = 'results' AND covered = 'certain' AND is_due = 'certain' AND status <> 'overdue'
GROUP BY law, status
UNION ALL
SELECT law, 'overdue' AS standing, count(*) AS trials
FROM marts.results_compliance
WHERE is_counted AND duty = 'results' AND covered = 'certain' AND status = 'overdue'
GROUP BY law
ORDER BY law, standing
