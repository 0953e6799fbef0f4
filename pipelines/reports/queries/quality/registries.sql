/* ---
title: Quality by registry
says: The newest run. Scores of few records jump.
columns:
  registry: {label: Registry, kind: registry}
  records: {label: Records, kind: number}
  quality_score: {label: Records free of errors, kind: share}
  evaluable_share: {label: Questions answered, kind: share}
  records_with_error: {label: Records with an error, kind: number}
  violations: {label: Violations, kind: number}
  quality_score_change: {label: Change of the score, kind: signed, note: since the run before, optional: true}
metrics: [marts.data_quality_scorecard.quality_score, marts.data_quality_scorecard.evaluable_share,
          marts.data_quality_scorecard.quality_score_change]
--- */
SELECT
    dimension_value AS registry, records, quality_score, evaluable_share, records_with_error, violations,
    quality_score_change
FROM marts.data_quality_scorecard
WHERE dimension = 'registry'
QUALIFY rank() OVER (ORDER BY checked_at DESC, run_id DESC) = 1
ORDER BY records DESC, registry
