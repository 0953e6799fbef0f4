/* ---
title: What is studied
says: Trials, counted once however often they are registered, by condition in the words of the records. Largest first.
columns:
  value: {label: Condition}
  trials: {label: Trials, kind: number}
  with_results: {label: With results, kind: number}
  enrollment_median: {label: Typical size, kind: number, note: median participants}
metrics: [marts.landscape.trials, marts.landscape.enrollment_median]
limit: 20
--- */
SELECT value, trials, with_results, enrollment_median
FROM marts.landscape
WHERE dimension = 'condition' AND start_year = 'all'
ORDER BY value LIKE '(%', trials DESC, value
