/* ---
title: Where studies take place
says: Records by country, each country by one name; a study in three countries counts in each. The first twelve.
columns:
  country: Country
  records: {label: Records, kind: number}
limit: 12
--- */
SELECT coalesce(spelling.country, trim(country.country)) AS country, count(DISTINCT country.record_key) AS records
FROM core.country AS country
LEFT JOIN core.country_spelling AS spelling ON spelling.spelling_key = lower(strip_accents(trim(country.country)))
GROUP BY ALL
ORDER BY records DESC, country
