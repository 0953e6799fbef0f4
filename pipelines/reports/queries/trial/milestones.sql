/* ---
title: Milestones against what was first promised
columns:
  record_key: {label: Record, kind: code}
  milestone: {label: Milestone, kind: term}
  promised_raw: {label: First promised, kind: code}
  now_raw: {label: Now, kind: code}
  now_type: {label: Now is, kind: term, optional: true}
  slipped_days_min: {label: Later by at least, kind: days}
  slipped_days_max: {label: At most, kind: days}
  has_slipped: {label: Later for certain, kind: truth}
  change_count: {label: Times moved, kind: number}
metrics: [marts.date_slippage.slipped_days, marts.date_slippage.has_slipped]
parameters: [trial_id]
limit: 40
--- */
SELECT
    slippage.record_key, slippage.milestone, slippage.promised_raw, slippage.now_raw, slippage.now_type,
    slippage.slipped_days_min, slippage.slipped_days_max, slippage.has_slipped, slippage.change_count
FROM marts.date_slippage AS slippage
JOIN core.record AS record ON record.record_key = slippage.record_key
WHERE record.trial_id = $trial_id
ORDER BY slippage.record_key, list_position(['start', 'primary_completion', 'completion'], slippage.milestone)
