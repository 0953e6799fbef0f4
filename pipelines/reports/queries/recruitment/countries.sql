/* ---
title: Where one can take part
says: Recruiting records (by invitation included) by country; a study in three countries counts in each. The first twenty.
columns:
  country: Country
  records: {label: Recruiting records, kind: number}
limit: 20
--- */
SELECT country, count(*) AS records
FROM (
    SELECT record_key, unnest(countries) AS country
    FROM marts.recruitment_pipeline
    WHERE stage IN ('recruiting', 'enrolling_by_invitation')
)
GROUP BY country
ORDER BY records DESC, country
