/* ---
title: What the rules found
columns:
  record_key: {label: Record, kind: code}
  severity: {label: Severity, kind: severity}
  rule: {label: Rule, kind: code}
  column_name: {label: Column, kind: code, optional: true}
  value: {label: Value, wide: true, optional: true}
  message: {label: In words, wide: true}
parameters: [trial_id]
limit: 100
--- */
SELECT
    violation.record_key, violation.severity, violation.rule, violation.column_name, violation.value, violation.message
FROM quality.violation AS violation
JOIN core.record AS record ON record.record_key = violation.record_key
WHERE record.trial_id = $trial_id
ORDER BY list_position(['gate', 'error', 'warn', 'info'], violation.severity), violation.record_key, violation.rule
