/* ---
title: The newest run
says: Rules judge what the record says; what a record does not tell is not evaluable, which is neither passed nor failed.
columns:
  quality_score: {label: Records free of errors, kind: share}
  evaluable_share: {label: Questions answered, kind: share, note: of what the rules ask}
  records_with_error: {label: Records with an error, kind: number}
  violations: {label: Violations, kind: number}
  rules_run: {label: Rules run, kind: number}
  rules_failed: {label: Rules failed, kind: number}
metrics: [marts.data_quality_scorecard.quality_score, marts.data_quality_scorecard.evaluable_share,
          marts.data_quality_scorecard.records_with_error, marts.data_quality_scorecard.violations]
--- */
SELECT quality_score, evaluable_share, records_with_error, violations, rules_run, rules_failed
FROM marts.data_quality_scorecard
WHERE dimension = 'all'
ORDER BY checked_at DESC, run_id DESC
LIMIT 1
