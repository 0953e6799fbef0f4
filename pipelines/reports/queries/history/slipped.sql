/* ---
title: Dates that slipped
says: Milestones that are later than first promised for certain, most first. Months are intervals, so a slip has a least and a most.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  milestone: {label: Milestone, kind: term}
  promised_raw: {label: First promised, kind: code}
  now_raw: {label: Now, kind: code}
  slipped_days_min: {label: Later by at least, kind: days}
  slipped_days_max: {label: At most, kind: days}
  change_count: {label: Times moved, kind: number}
  starts_at_registration: {label: Known since registration, kind: truth}
metrics: [marts.date_slippage.has_slipped, marts.date_slippage.slipped_days]
limit: 150
--- */
SELECT
    record_key, brief_title, lead_sponsor, milestone, promised_raw, now_raw, slipped_days_min, slipped_days_max, change_count,
    starts_at_registration
FROM marts.date_slippage
WHERE has_slipped
ORDER BY slipped_days_min DESC, record_key, milestone
