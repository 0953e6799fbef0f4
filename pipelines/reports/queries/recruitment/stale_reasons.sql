/* ---
title: Why entries look out of date
says: >-
  All reasons of marts.stale_record, more than the two that the list below asks for: unfinished and finished studies, 12 months
  as well as 24. A record can have several. Possible is what holds for some of the days that a partial date can mean.
columns:
  reason: {label: Reason, kind: term}
  certainty: {label: Certainty, kind: term}
  records: {label: Records, kind: number}
--- */
SELECT reason, certainty, count(DISTINCT record_key) AS records
FROM marts.stale_record
GROUP BY reason, certainty
ORDER BY count(*) FILTER (WHERE certainty = 'certain') OVER (PARTITION BY reason) DESC, reason, certainty
