/* ---
title: Whom each law covers
says: >-
  Every record against every law, once where the law takes several records for one trial. Possible: facts that are not public, or a date that is not exact, decide. Not evaluable: the
  record lacks what the law asks.
columns:
  law: {label: Law, kind: term}
  duty: {label: Duty, kind: term}
  covered: {label: Covered, kind: term}
  trials: {label: Trials, kind: number}
metrics: [marts.results_compliance.status]
--- */
SELECT law, duty, covered, count(*) AS trials
FROM marts.results_compliance
WHERE is_counted
GROUP BY law, duty, covered
ORDER BY law, duty, list_position(['certain', 'possible', 'not_evaluable', 'no'], covered)
