/* ---
title: Dates that slipped
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  milestone: {label: Milestone, kind: term}
  promised_raw: {label: First promised, kind: code}
  now_raw: {label: Now, kind: code}
  slipped_days_min: {label: Later by at least, kind: days}
metrics: [marts.date_slippage.has_slipped, marts.date_slippage.slipped_days]
parameters: [sponsor]
limit: 60
--- */
SELECT record_key, brief_title, milestone, promised_raw, now_raw, slipped_days_min
FROM marts.date_slippage
WHERE has_slipped AND lead_sponsor = $sponsor
ORDER BY slipped_days_min DESC, record_key, milestone
