/* ---
title: Why an entry looks out of date
says: Each reason with the date it rests on. Possible is what holds for some days that a partial date can mean.
columns:
  record_key: {label: Record, kind: code}
  severity: {label: Weight, kind: term}
  certainty: {label: Certainty, kind: term}
  reason: {label: Reason, kind: term}
  ground: {label: In words, wide: true}
parameters: [trial_id]
limit: 60
--- */
SELECT record_key, severity, certainty, reason, ground
FROM marts.stale_record
WHERE trial_id = $trial_id
ORDER BY list_position(['high', 'medium', 'low'], severity), record_key, reason, date_name
