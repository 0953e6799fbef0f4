/* ---
title: How outcomes changed
says: Between the milestones of a study at which outcomes are compared. Major is a change of the main question.
columns:
  kind: {label: What happened, kind: term}
  is_major: {label: Main question, kind: truth}
  outcomes: {label: Outcomes, kind: number}
metrics: [marts.outcome_switching.is_major]
--- */
SELECT kind, is_major, count(*) AS outcomes
FROM marts.outcome_switching
GROUP BY kind, is_major
ORDER BY count(*) OVER (PARTITION BY kind) DESC, kind, is_major DESC
