/* ---
title: Conditions studied
says: In the words of the records. The first fifteen.
columns:
  condition: Condition
  studies: {label: Studies, kind: number}
parameters: [sponsor]
limit: 15
--- */
SELECT min(condition.condition) AS condition, count(DISTINCT condition.record_key) AS studies
FROM core.condition AS condition
JOIN core.record AS record ON record.record_key = condition.record_key
WHERE record.lead_sponsor = $sponsor
GROUP BY lower(condition.condition)
ORDER BY studies DESC, condition
