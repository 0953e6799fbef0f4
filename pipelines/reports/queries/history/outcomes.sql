/* ---
title: Outcomes that were exchanged
says: Primary outcomes added or dropped, or outcomes moved to or from primary. Whether a change is justified, the registry does not say.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  kind: {label: What happened, kind: term}
  from_milestone: {label: From, kind: term}
  to_milestone: {label: To, kind: term}
  from_measure: {label: Outcome before, wide: true}
  to_measure: {label: Outcome after, wide: true}
metrics: [marts.outcome_switching.is_major]
limit: 120
--- */
SELECT record_key, brief_title, lead_sponsor, kind, from_milestone, to_milestone, from_measure, to_measure
FROM marts.outcome_switching
WHERE is_major
ORDER BY record_key, from_version, to_version, outcome_no
