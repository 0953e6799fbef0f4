/* ---
title: Stages, and what only says so
says: Each stage by whether the registry entry looks out of date.
columns:
  stage: {label: Stage, kind: term}
  is_stale: {label: Out of date, kind: truth}
  records: {label: Records, kind: number}
metrics: [marts.recruitment_pipeline.is_stale]
--- */
SELECT stage, is_stale, count(*) AS records
FROM marts.recruitment_pipeline
GROUP BY stage, is_stale
ORDER BY
    list_position(['not_yet_recruiting', 'recruiting', 'enrolling_by_invitation', 'active_not_recruiting'], stage),
    is_stale DESC NULLS LAST
