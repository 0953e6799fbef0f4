/* ---
title: Records to mend first
says: Records by violations of severity gate and error, then by all violations.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  errors: {label: Errors, kind: number}
  violations: {label: Violations, kind: number}
  rules: {label: Rules broken, kind: number}
metrics: [marts.data_quality_scorecard.records_with_error]
limit: 150
--- */
SELECT
    violation.record_key,
    record.brief_title,
    record.lead_sponsor,
    count(*) FILTER (WHERE violation.severity IN ('gate', 'error')) AS errors,
    count(*) AS violations,
    count(DISTINCT violation.rule) AS rules
FROM quality.violation AS violation
JOIN core.record AS record ON record.record_key = violation.record_key
GROUP BY ALL
ORDER BY errors DESC, violations DESC, violation.record_key
