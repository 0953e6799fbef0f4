/* ---
title: What is studied
says: Conditions in the words of the records, upper and lower case taken as one. The first twenty.
columns:
  condition: Condition
  records: {label: Records, kind: number}
limit: 20
--- */
SELECT min(condition) AS condition, count(DISTINCT record_key) AS records
FROM core.condition
GROUP BY lower(condition)
ORDER BY records DESC, condition
