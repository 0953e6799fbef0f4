/* ---
title: What is wrong in its records
says: Violations of the newest run by rule.
columns:
  rule: {label: Rule, kind: code}
  severity: {label: Severity, kind: severity}
  description: {label: What it asks, wide: true}
  records: {label: Records, kind: number}
  violations: {label: Violations, kind: number}
metrics: [marts.data_quality_scorecard.violations]
parameters: [sponsor]
limit: 60
--- */
SELECT
    violation.rule,
    violation.severity,
    expectation.description,
    count(DISTINCT violation.record_key) AS records,
    count(*) AS violations
FROM quality.violation AS violation
JOIN core.record AS record ON record.record_key = violation.record_key
LEFT JOIN quality.expectation AS expectation ON expectation.rule = violation.rule
WHERE record.lead_sponsor = $sponsor
GROUP BY violation.rule, violation.severity, expectation.description
ORDER BY list_position(['gate', 'error', 'warn', 'info'], violation.severity), violations DESC, violation.rule
