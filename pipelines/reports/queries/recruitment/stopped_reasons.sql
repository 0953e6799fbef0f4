/* ---
title: Why studies were stopped
says: The record's own words, sorted by written rules; a text can be of several classes.
columns:
  reason_class: {label: Class of reason, kind: term}
  overall_status: {label: Status, kind: term}
  records: {label: Records, kind: number}
metrics: [marts.why_stopped.reason_class]
--- */
SELECT reason_class, overall_status, count(*) AS records
FROM marts.why_stopped
GROUP BY reason_class, overall_status
ORDER BY sum(count(*)) OVER (PARTITION BY reason_class) DESC, reason_class, overall_status
