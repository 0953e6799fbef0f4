/* ---
title: How trials stand with each law
says: Trials that the law covers, or may cover, by what became of their results.
columns:
  law: {label: Law, kind: term}
  status: {label: Status, kind: term}
  covered: {label: Covered, kind: term}
  trials: {label: Trials, kind: number}
metrics: [marts.results_compliance.status]
--- */
SELECT law, status, covered, count(*) AS trials
FROM marts.results_compliance
WHERE is_counted AND duty = 'results' AND covered IN ('certain', 'possible')
GROUP BY law, status, covered
ORDER BY law, covered, trials DESC, status
