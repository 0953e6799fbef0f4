/* ---
title: Possibly overdue
says: A question to ask, not a claim. Coverage, completion or date is not certain.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  law: {label: Law, kind: term}
  covered: {label: Covered, kind: term}
  status: {label: Status, kind: term}
  due_earliest: {label: Due from, kind: date}
  why: {label: Why, kind: long}
metrics: [marts.results_compliance.status]
limit: 120
--- */
SELECT
    compliance.record_key, record.brief_title, compliance.lead_sponsor, compliance.law, compliance.covered, compliance.status,
    compliance.due_earliest, compliance.why
FROM marts.results_compliance AS compliance
JOIN core.record AS record ON record.record_key = compliance.record_key
WHERE
    compliance.is_counted AND compliance.duty = 'results'
    AND (
        (compliance.covered IN ('certain', 'possible') AND compliance.status = 'possibly_overdue')
        OR (compliance.covered = 'possible' AND compliance.status = 'overdue')
    )
ORDER BY compliance.due_earliest NULLS LAST, compliance.record_key, compliance.law
