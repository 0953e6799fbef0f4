/* ---
title: Quality over the runs
says: One point for each run that judged. With one run there is one point.
columns:
  checked_at: {label: Run, kind: moment}
  quality_score: {label: Records free of errors, kind: share}
  records: {label: Records, kind: number}
  records_with_error: {label: Records with an error, kind: number}
  violations: {label: Violations, kind: number}
  rules_run: {label: Rules run, kind: number}
  rules_failed: {label: Rules failed, kind: number}
metrics: [marts.data_quality_scorecard.quality_score, marts.data_quality_scorecard.quality_score_change]
limit: 60
--- */
SELECT checked_at, quality_score, records, records_with_error, violations, rules_run, rules_failed
FROM quality.scorecard
WHERE dimension = 'all'
ORDER BY checked_at DESC, run_id DESC
