/* ---
title: Types of intervention
says: Trials by type of intervention; a trial of two types counts in each.
columns:
  value: {label: Type, kind: term}
  trials: {label: Trials, kind: number}
metrics: [marts.landscape.trials]
limit: 15
--- */
SELECT value, trials
FROM marts.landscape
WHERE dimension = 'intervention_type' AND start_year = 'all'
ORDER BY trials DESC, value
