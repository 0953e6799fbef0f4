/* ---
title: Studies not yet finished, by phase
says: Records at each stage by phase; those of unknown status count at the stage they were last known in.
columns:
  phase: {label: Phase, kind: phase}
  stage: {label: Stage, kind: term}
  records: {label: Records, kind: number}
--- */
SELECT coalesce(phase, 'none stated') AS phase, stage, count(*) AS records
FROM marts.recruitment_pipeline
GROUP BY phase, stage
ORDER BY replace(phase, 'EARLY_PHASE1', 'PHASE0'), stage
