/* ---
title: Results within one, two and five years of completion
says: >-
  Studies completed as a fact, of which that much time has passed. Possible is what partial dates leave open; not known, that
  the source does not say.
columns:
  span: {label: Within}
  reported: {label: Results came, kind: term}
  studies: {label: Studies, kind: number}
metrics: [marts.time_to_results.reported_1_year]
--- */
SELECT '1 year' AS span, coalesce(reported_1_year, 'not known') AS reported, count(*) AS studies
FROM marts.time_to_results WHERE is_followed_1_year GROUP BY ALL
UNION ALL
SELECT '2 years', coalesce(reported_2_years, 'not known'), count(*)
FROM marts.time_to_results WHERE is_followed_2_years GROUP BY ALL
UNION ALL
SELECT '5 years', coalesce(reported_5_years, 'not known'), count(*)
FROM marts.time_to_results WHERE is_followed_5_years GROUP BY ALL
ORDER BY span, reported
