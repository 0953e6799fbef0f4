/* ---
title: When primary completion is expected
says: >-
  Records by the year in which the last measurement of the primary outcome is expected, where the year is certain; mostly
  estimates of the sponsors. Years before that of the day of reference belong to entries that nobody brought up to date. Eight
  years back and ahead; earlier and later ones, and records without the date, are not drawn.
columns:
  year: {label: Year, kind: code}
  stage: {label: Stage, kind: term}
  records: {label: Records, kind: number}
metrics: [marts.recruitment_pipeline.days_to_primary_completion]
--- */
SELECT year(primary_completion_earliest)::VARCHAR AS year, stage, count(*) AS records
FROM marts.recruitment_pipeline
WHERE
    year(primary_completion_earliest) = year(primary_completion_latest)
    AND year(primary_completion_earliest) BETWEEN year(as_of) - 8 AND year(as_of) + 8
GROUP BY ALL
ORDER BY year, stage
