/* ---
title: The rules that most rows break, over the runs
says: The six rules with most rows that break them in the newest run (of equals the first by name), in every run that judged them.
columns:
  checked_at: {label: Run, kind: moment}
  rule: {label: Rule, kind: code}
  rows_failed: {label: Rows that break it, kind: number}
  share_failed: {label: Share, kind: share, note: of rows judged}
metrics: [marts.data_quality_rule_trend.share_failed, marts.data_quality_rule_trend.share_failed_change]
limit: 360
--- */
WITH most_broken AS (
    SELECT rule
    FROM marts.data_quality_rule_trend
    WHERE is_newest_run AND rows_failed > 0
    ORDER BY rows_failed DESC, rule
    LIMIT 6
)

SELECT trend.checked_at, trend.rule, trend.rows_failed, trend.share_failed
FROM marts.data_quality_rule_trend AS trend
JOIN most_broken ON most_broken.rule = trend.rule
WHERE trend.rows_failed IS NOT NULL
ORDER BY trend.checked_at DESC, trend.rows_failed DESC, trend.rule
