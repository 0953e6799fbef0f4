/* ---
title: Studies by status
columns:
  status: {label: Status, kind: term}
  studies: {label: Studies, kind: number}
parameters: [sponsor]
--- */
SELECT coalesce(overall_status, 'none stated') AS status, count(*) AS studies
FROM core.record
WHERE lead_sponsor = $sponsor
GROUP BY status
ORDER BY studies DESC, status
