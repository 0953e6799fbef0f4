/* ---
title: Every rule
says: The newest run; rules that fail first, by severity and by how many rows break them.
columns:
  rule: {label: Rule, kind: code}
  severity: {label: Severity, kind: severity}
  description: {label: What it asks, wide: true}
  table_name: {label: Table, kind: code}
  rows_failed: {label: Rows that break it, kind: number}
  share_failed: {label: Share, kind: share, note: of rows judged}
  rows_not_evaluable: {label: Not evaluable, kind: number}
  rows_failed_change: {label: Change, kind: signed, note: since the run before, optional: true}
  outcome: {label: Outcome, kind: term}
metrics: [marts.data_quality_rule_trend.share_failed, marts.data_quality_rule_trend.share_failed_change]
--- */
SELECT
    trend.rule,
    trend.severity,
    expectation.description,
    trend.table_name,
    trend.rows_failed,
    trend.share_failed,
    trend.rows_not_evaluable,
    trend.rows_failed_change,
    CASE WHEN trend.error IS NOT NULL THEN 'could not run' WHEN trend.success THEN 'holds' ELSE 'fails' END AS outcome
FROM marts.data_quality_rule_trend AS trend
LEFT JOIN quality.expectation AS expectation ON expectation.rule = trend.rule
WHERE trend.is_newest_run
ORDER BY
    trend.success,
    list_position(['gate', 'error', 'warn', 'info'], trend.severity),
    trend.rows_failed DESC NULLS FIRST,
    trend.rule
