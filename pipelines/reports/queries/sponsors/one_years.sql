/* ---
title: Studies by year of start
says: Counted where the start lies in one year for certain.
columns:
  year: {label: Year, kind: code}
  studies: {label: Studies, kind: number}
parameters: [sponsor]
--- */
SELECT year(start_earliest)::VARCHAR AS year, count(*) AS studies
FROM core.record
WHERE lead_sponsor = $sponsor AND year(start_earliest) = year(start_latest)
GROUP BY year
ORDER BY year
