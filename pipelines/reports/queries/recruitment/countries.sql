/* ---
title: Where one can take part
says: >-
  Recruiting records (by invitation included) by country, each country by one name; a study in three countries counts in
  each. The first twenty.
columns:
  country: Country
  records: {label: Recruiting records, kind: number}
limit: 20
--- */
SELECT coalesce(spelling.country, trim(pipeline.country)) AS country, count(DISTINCT pipeline.record_key) AS records
FROM (
    SELECT record_key, unnest(countries) AS country
    FROM marts.recruitment_pipeline
    WHERE stage IN ('recruiting', 'enrolling_by_invitation')
) AS pipeline
LEFT JOIN core.country_spelling AS spelling ON spelling.spelling_key = lower(strip_accents(trim(pipeline.country)))
GROUP BY ALL
ORDER BY records DESC, country
