/* ---
title: What breaks most often
says: The twelve rules with most rows that break them, in the newest run.
columns:
  rule: {label: Rule, kind: code}
  severity: {label: Severity, kind: severity}
  rows_failed: {label: Rows that break it, kind: number}
metrics: [marts.data_quality_rule_trend.share_failed]
limit: 12
--- */
SELECT rule, severity, rows_failed
FROM marts.data_quality_rule_trend
WHERE is_newest_run AND rows_failed > 0
ORDER BY rows_failed DESC, rule
