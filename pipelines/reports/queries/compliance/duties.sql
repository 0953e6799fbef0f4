/* ---
title: Registration and verification
says: What the laws ask beside results, by what became of it.
columns:
  law: {label: Law, kind: term}
  duty: {label: Duty, kind: term}
  covered: {label: Covered, kind: term}
  status: {label: Status, kind: term}
  trials: {label: Trials, kind: number}
metrics: [marts.results_compliance.status]
--- */
SELECT law, duty, covered, status, count(*) AS trials
FROM marts.results_compliance
WHERE is_counted AND duty <> 'results'
GROUP BY law, duty, covered, status
ORDER BY law, duty, list_position(['certain', 'possible', 'not_evaluable', 'no'], covered), trials DESC, status
