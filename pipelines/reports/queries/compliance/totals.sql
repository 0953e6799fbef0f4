/* ---
title: Results owed
says: >-
  Trials that a law asks to report results of, over all laws, each law for itself; counted once where the law takes several
  records for one trial.
columns:
  day: {label: Judged on, kind: date}
  due: {label: Due, kind: number, note: for certain}
  overdue: {label: Overdue, kind: number, note: for certain}
  possibly_overdue: {label: Possibly overdue, kind: number, note: a question rather than a claim}
  reported_late: {label: Reported late, kind: number}
  pending: {label: Submitted, kind: number, note: not posted yet}
metrics: [marts.results_compliance.status]
--- */
SELECT
    max(day) AS day,
    count(*) FILTER (WHERE covered = 'certain' AND is_due = 'certain') AS due,
    count(*) FILTER (WHERE covered = 'certain' AND status = 'overdue') AS overdue,
    count(*) FILTER (WHERE status = 'possibly_overdue' OR (covered = 'possible' AND status = 'overdue')) AS possibly_overdue,
    count(*) FILTER (WHERE covered = 'certain' AND status = 'reported_late') AS reported_late,
    count(*) FILTER (WHERE covered = 'certain' AND status = 'pending') AS pending
FROM marts.results_compliance
WHERE is_counted AND duty = 'results'
