/* ---
title: Status over time
says: Periods of one status between versions; the last lasts until the record was read. UNKNOWN begins on the first day on which the registry can have set it.
columns:
  record_key: {label: Record, kind: code}
  overall_status: {label: Status, kind: term}
  status_from: {label: From, kind: date}
  status_to: {label: Until, kind: date}
  is_open: {label: Still so, kind: truth}
parameters: [trial_id]
limit: 120
--- */
SELECT
    period.record_key,
    coalesce(period.overall_status, 'none stated') AS overall_status,
    period.status_from,
    coalesce(period.status_to, record.loaded_at::DATE) AS status_to,
    period.status_to IS NULL AS is_open
FROM history.status_period AS period
JOIN core.record AS record ON record.record_key = period.record_key
WHERE record.trial_id = $trial_id AND period.status_from IS NOT NULL
ORDER BY period.record_key, period.period_no
