/* ---
title: Results overdue
says: Covered for certain and overdue for certain.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  law: {label: Law, kind: term}
  due_latest: {label: Due, kind: date}
  days_late_min: {label: Days late, kind: number, note: at least}
  why: {label: Why, kind: long}
metrics: [marts.results_compliance.status, marts.results_compliance.days_late_min]
parameters: [sponsor]
limit: 100
--- */
SELECT
    compliance.record_key, record.brief_title, compliance.law, compliance.due_latest, compliance.days_late_min, compliance.why
FROM marts.results_compliance AS compliance
JOIN core.record AS record ON record.record_key = compliance.record_key
WHERE
    compliance.is_counted AND compliance.duty = 'results' AND compliance.covered = 'certain'
    AND compliance.status = 'overdue' AND compliance.lead_sponsor = $sponsor
ORDER BY compliance.days_late_min DESC NULLS LAST, compliance.record_key, compliance.law
