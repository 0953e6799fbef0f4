/* ---
title: Studies by year of start
says: Counted where the start lies in one year for certain, from 1990 on.
columns:
  year: {label: Year, kind: code}
  study_type: {label: Study type, kind: term}
  records: {label: Records, kind: number}
--- */
SELECT year(start_earliest)::VARCHAR AS year, coalesce(study_type, 'not stated') AS study_type, count(*) AS records
FROM core.record
WHERE year(start_earliest) = year(start_latest) AND start_earliest >= DATE '1990-01-01'
GROUP BY ALL
ORDER BY year, study_type
