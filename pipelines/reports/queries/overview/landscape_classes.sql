/* ---
title: Who runs trials
says: Trials by class of the lead sponsor, with their design where it is stated.
columns:
  value: {label: Class of sponsor, kind: term}
  trials: {label: Trials, kind: number}
  randomized: {label: Randomised, kind: number}
  masked: {label: Masked, kind: number}
  with_results: {label: With results, kind: number}
  enrollment_median: {label: Typical size, kind: number, note: median participants}
metrics: [marts.landscape.trials, marts.landscape.randomized, marts.landscape.masked, marts.landscape.enrollment_median]
limit: 20
--- */
SELECT value, trials, randomized, masked, with_results, enrollment_median
FROM marts.landscape
WHERE dimension = 'sponsor_class' AND start_year = 'all'
ORDER BY trials DESC, value
