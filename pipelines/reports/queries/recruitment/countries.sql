/* ---
title: Where one can take part
says: >-
  Records that recruit (by invitation included) by their registry's word of today, without those of unknown status; each
  country by one name, a study in three countries counts in each. The first twenty.
columns:
  country: Country
  records: {label: Recruiting records, kind: number}
limit: 20
--- */
SELECT coalesce(spelling.country, trim(pipeline.country)) AS country, count(DISTINCT pipeline.record_key) AS records
FROM (
    SELECT record_key, unnest(countries) AS country
    FROM marts.recruitment_pipeline
    WHERE overall_status IN ('RECRUITING', 'ENROLLING_BY_INVITATION')
) AS pipeline
LEFT JOIN core.country_spelling AS spelling ON spelling.spelling_key = lower(strip_accents(trim(pipeline.country)))
GROUP BY ALL
ORDER BY records DESC, country
