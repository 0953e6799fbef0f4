/* ---
title: Milestones against what was first promised
says: Only records whose date changed between versions.
columns:
  milestone: {label: Milestone, kind: term}
  has_slipped: {label: Later than promised, kind: truth}
  records: {label: Records, kind: number}
metrics: [marts.date_slippage.has_slipped]
--- */
SELECT milestone, has_slipped, count(*) AS records
FROM marts.date_slippage
WHERE change_count > 0
GROUP BY milestone, has_slipped
ORDER BY list_position(['start', 'primary_completion', 'completion'], milestone), has_slipped DESC NULLS LAST
