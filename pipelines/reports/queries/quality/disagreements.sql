/* ---
title: Where registries tell different things about one trial
says: Trials with records of two registries or more, by field. Partial dates that overlap do not disagree.
columns:
  field: {label: Field, kind: term}
  verdict: {label: Registries, kind: term}
  trials: {label: Trials, kind: number}
metrics: [marts.cross_registry_discrepancy.verdict]
--- */
SELECT field, verdict, count(*) AS trials
FROM marts.cross_registry_discrepancy
GROUP BY field, verdict
ORDER BY count(*) FILTER (WHERE verdict = 'disagree') OVER (PARTITION BY field) DESC, field, verdict
