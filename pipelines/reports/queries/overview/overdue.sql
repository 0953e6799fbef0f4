/* ---
title: Results overdue
says: Over all laws, each for itself; covered and overdue for certain.
columns:
  overdue: {label: Results overdue, kind: number, note: "for certain, every law for itself"}
  possibly_overdue: {label: Results possibly overdue, kind: number, note: a question rather than a claim}
metrics: [marts.results_compliance.status]
--- */
SELECT
    count(*) FILTER (WHERE covered = 'certain' AND status = 'overdue') AS overdue,
    count(*) FILTER (WHERE status = 'possibly_overdue' OR (covered = 'possible' AND status = 'overdue')) AS possibly_overdue
FROM marts.results_compliance
WHERE is_counted AND duty = 'results' AND covered IN ('certain', 'possible')
