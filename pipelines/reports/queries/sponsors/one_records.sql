/* ---
title: Its studies
says: Newest start first.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  overall_status: {label: Status, kind: term}
  phase: {label: Phase, kind: phase}
  start_earliest: {label: Start from, kind: date}
  primary_completion_latest: {label: Primary completion until, kind: date}
  enrollment: {label: Participants, kind: number}
  enrollment_type: {label: As, kind: term}
  has_results: {label: Results posted, kind: truth}
parameters: [sponsor]
limit: 120
--- */
SELECT
    record_key, brief_title, overall_status, phase, start_earliest, primary_completion_latest, enrollment, enrollment_type,
    has_results
FROM core.record
WHERE lead_sponsor = $sponsor
ORDER BY start_earliest DESC NULLS LAST, record_key
