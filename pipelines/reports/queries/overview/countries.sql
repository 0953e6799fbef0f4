/* ---
title: Where studies take place
says: Records by country, in the words of the registries; a study in three countries counts in each. The first twelve.
columns:
  country: Country
  records: {label: Records, kind: number}
limit: 12
--- */
SELECT country, count(DISTINCT record_key) AS records
FROM core.country
GROUP BY country
ORDER BY records DESC, country
