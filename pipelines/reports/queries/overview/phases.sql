/* ---
title: Interventional studies by phase
says: Phases as the record gives them; a record may give two. Studies to which phases do not apply say so, others give none.
columns:
  phase: {label: Phase, kind: phase}
  records: {label: Records, kind: number}
--- */
SELECT coalesce(phase, 'none stated') AS phase, count(*) AS records
FROM core.record
WHERE study_type = 'INTERVENTIONAL'
GROUP BY phase
ORDER BY replace(phase, 'EARLY_PHASE1', 'PHASE0')
