/* ---
title: Entries that look out of date
says: Longest unverified first. A late entry says nothing about the study itself.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  stage: {label: Stage, kind: term}
  verified_latest: {label: Last verified, kind: date, note: at the latest}
  primary_completion_latest: {label: Primary completion, kind: date, note: at the latest}
  is_verification_old: {label: Verified long ago, kind: truth}
  is_completion_passed: {label: "Completion past, still recruiting", kind: truth}
metrics: [marts.recruitment_pipeline.is_stale]
limit: 200
--- */
SELECT
    record_key, brief_title, lead_sponsor, stage, verified_latest, primary_completion_latest, is_verification_old,
    is_completion_passed
FROM marts.recruitment_pipeline
WHERE is_stale
ORDER BY verified_latest NULLS LAST, primary_completion_latest NULLS LAST, record_key
