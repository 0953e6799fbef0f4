/* ---
title: Studies by phase
columns:
  phase: {label: Phase, kind: phase}
  studies: {label: Studies, kind: number}
parameters: [sponsor]
--- */
SELECT coalesce(phase, 'none stated') AS phase, count(*) AS studies
FROM core.record
WHERE lead_sponsor = $sponsor
GROUP BY phase
ORDER BY replace(phase, 'EARLY_PHASE1', 'PHASE0')
