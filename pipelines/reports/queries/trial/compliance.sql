/* ---
title: What each law asks of it
says: Judged on the day named; every law for itself.
columns:
  record_key: {label: Record, kind: code}
  law: {label: Law, kind: term}
  duty: {label: Duty, kind: term}
  covered: {label: Covered, kind: term}
  status: {label: Status, kind: term}
  due_earliest: {label: Due from, kind: date}
  due_latest: {label: Due until, kind: date}
  days_late_min: {label: Days late, kind: number, note: at least, optional: true}
  day: {label: Judged on, kind: date}
  why: {label: Why, kind: long}
metrics: [marts.results_compliance.status, marts.results_compliance.days_late_min]
parameters: [trial_id]
limit: 60
--- */
SELECT
    compliance.record_key, compliance.law, compliance.duty, compliance.covered, compliance.status, compliance.due_earliest,
    compliance.due_latest, compliance.days_late_min, compliance.day, compliance.why
FROM marts.results_compliance AS compliance
JOIN core.record AS record ON record.record_key = compliance.record_key
WHERE record.trial_id = $trial_id
ORDER BY
    list_position(['certain', 'possible', 'not_evaluable', 'no'], compliance.covered), compliance.duty <> 'results',
    compliance.law, compliance.record_key
