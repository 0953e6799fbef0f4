/* ---
title: Outcomes that changed
columns:
  record_key: {label: Record, kind: code}
  kind: {label: What happened, kind: term}
  is_major: {label: Main question, kind: truth}
  from_milestone: {label: From, kind: term}
  to_milestone: {label: To, kind: term}
  from_measure: {label: Before, wide: true}
  to_measure: {label: After, wide: true}
  from_time_frame: {label: Time frame before, wide: true, optional: true}
  to_time_frame: {label: Time frame after, wide: true, optional: true}
metrics: [marts.outcome_switching.is_major]
parameters: [trial_id]
limit: 60
--- */
SELECT
    switching.record_key, switching.kind, switching.is_major, switching.from_milestone, switching.to_milestone,
    switching.from_measure, switching.to_measure, switching.from_time_frame, switching.to_time_frame
FROM marts.outcome_switching AS switching
JOIN core.record AS record ON record.record_key = switching.record_key
WHERE record.trial_id = $trial_id
ORDER BY switching.is_major DESC, switching.record_key, switching.from_version, switching.outcome_no
