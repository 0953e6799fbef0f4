/* ---
title: When versions were made
says: Versions by the year of the registry's date, first versions apart from later ones.
columns:
  year: {label: Year, kind: code}
  which: {label: Version, kind: term}
  versions: {label: Versions, kind: number}
--- */
SELECT
    year(valid_from)::VARCHAR AS year,
    CASE WHEN version_no = 1 THEN 'first at hand' ELSE 'later' END AS which,
    count(*) AS versions
FROM history.version
WHERE valid_from IS NOT NULL
GROUP BY ALL
ORDER BY year, which
