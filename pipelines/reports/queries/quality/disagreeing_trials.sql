/* ---
title: Trials on which registries disagree
says: Largest difference first; fields without a measure after them.
columns:
  trial_id: {label: Trial, kind: trial}
  title: {label: Title, wide: true}
  field: {label: Field, kind: term}
  record_values: {label: What each record says, wide: true}
  largest_difference: {label: Difference, kind: number}
  difference_unit: Unit
metrics: [marts.cross_registry_discrepancy.verdict, marts.cross_registry_discrepancy.largest_difference]
limit: 150
--- */
SELECT trial_id, title, field, record_values, largest_difference, difference_unit
FROM marts.cross_registry_discrepancy
WHERE verdict = 'disagree'
ORDER BY largest_difference DESC NULLS LAST, trial_id, field
