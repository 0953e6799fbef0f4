/* ---
title: What breaks most often
says: Rules by rows that break them, in the newest run, at most twelve; of equals the first by name. All are in the table below.
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
