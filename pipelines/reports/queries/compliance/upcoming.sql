/* ---
title: Due next
says: Covered for certain, nothing submitted, due date not past for certain; next due date first.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  law: {label: Law, kind: term}
  due_earliest: {label: Due from, kind: date}
  due_latest: {label: Due until, kind: date}
metrics: [marts.results_compliance.status]
limit: 100
--- */
SELECT
    compliance.record_key, record.brief_title, compliance.lead_sponsor, compliance.law, compliance.due_earliest,
    compliance.due_latest
FROM marts.results_compliance AS compliance
JOIN core.record AS record ON record.record_key = compliance.record_key
WHERE
    compliance.is_counted AND compliance.duty = 'results' AND compliance.covered = 'certain'
    AND compliance.status IN ('not_due', 'possibly_due') AND compliance.due_latest >= compliance.day
ORDER BY compliance.due_earliest, compliance.record_key, compliance.law
