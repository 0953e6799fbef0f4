/* ---
title: Entries that look out of date
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  stage: {label: Stage, kind: term}
  verified_latest: {label: Last verified, kind: date}
  primary_completion_latest: {label: Primary completion, kind: date}
  is_verification_old: {label: Verified long ago, kind: truth}
  is_completion_passed: {label: "Completion past, still recruiting", kind: truth}
metrics: [marts.recruitment_pipeline.is_stale]
parameters: [sponsor]
limit: 60
--- */
SELECT
    record_key, brief_title, stage, verified_latest, primary_completion_latest, is_verification_old, is_completion_passed
FROM marts.recruitment_pipeline
WHERE is_stale AND lead_sponsor = $sponsor
ORDER BY verified_latest NULLS LAST, record_key
