/* ---
title: Overdue
says: >-
  Covered for certain, due date and days of grace over for certain, nothing submitted. Longest late first.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  law: {label: Law, kind: term}
  due_latest: {label: Due, kind: date}
  days_late_min: {label: Days late, kind: number, note: at least}
  why: {label: Why, kind: long}
metrics: [marts.results_compliance.status, marts.results_compliance.days_late_min]
limit: 250
--- */
SELECT
    compliance.record_key, record.brief_title, compliance.lead_sponsor, compliance.law, compliance.due_latest,
    compliance.days_late_min, compliance.why
FROM marts.results_compliance AS compliance
JOIN core.record AS record ON record.record_key = compliance.record_key
WHERE
    compliance.is_counted AND compliance.duty = 'results' AND compliance.covered = 'certain'
    AND compliance.status = 'overdue'
ORDER BY compliance.days_late_min DESC NULLS LAST, compliance.record_key, compliance.law
