/* ---
title: Where its registries disagree
columns:
  field: {label: Field, kind: term}
  verdict: {label: Registries, kind: term}
  record_values: {label: What each record says, wide: true}
  largest_difference: {label: Difference, kind: number, optional: true}
  difference_unit: {label: Unit, optional: true}
  reason: {label: Why not comparable, wide: true, optional: true}
metrics: [marts.cross_registry_discrepancy.verdict]
parameters: [trial_id]
--- */
SELECT field, verdict, record_values, largest_difference, difference_unit, reason
FROM marts.cross_registry_discrepancy
WHERE trial_id = $trial_id
ORDER BY list_position(['disagree', 'not_comparable', 'agree'], verdict), field
