/* ---
title: About to open
says: >-
  Not yet recruiting, next start first. Those whose start is past for certain are not here but below, under the reason not
  started after start; nor are those of unknown status.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  phase: {label: Phase, kind: phase}
  start_earliest: {label: Start from, kind: date}
  start_latest: {label: Start until, kind: date}
  enrollment: {label: Participants planned, kind: number}
  country_count: {label: Countries, kind: number}
metrics: [marts.recruitment_pipeline.days_to_start]
limit: 150
--- */
SELECT record_key, brief_title, lead_sponsor, phase, start_earliest, start_latest, enrollment, country_count
FROM marts.recruitment_pipeline
WHERE overall_status = 'NOT_YET_RECRUITING' AND (start_latest >= as_of OR start_latest IS NULL)
ORDER BY start_earliest NULLS LAST, record_key
