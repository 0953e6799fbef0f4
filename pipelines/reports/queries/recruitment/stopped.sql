/* ---
title: Stopped studies in their own words
says: One row for each class of reason found. Newest registry date first.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  overall_status: {label: Status, kind: term}
  reason_class: {label: Class of reason, kind: term}
  why_stopped: {label: In the record's words, wide: true}
  matched_words: {label: Words found, kind: list}
  denied_words: {label: Words denied, kind: list, optional: true}
metrics: [marts.why_stopped.reason_class]
limit: 150
--- */
SELECT
    stopped.record_key, record.brief_title, record.lead_sponsor, stopped.overall_status, stopped.reason_class,
    stopped.why_stopped, stopped.matched_words, stopped.denied_words
FROM marts.why_stopped AS stopped
JOIN core.record AS record ON record.record_key = stopped.record_key
ORDER BY record.registry_updated_on DESC NULLS LAST, stopped.record_key, stopped.reason_class
