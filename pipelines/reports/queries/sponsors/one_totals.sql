/* ---
title: Portfolio
says: All classes under which the name stands, added up.
columns:
  studies: {label: Studies, kind: number}
  recruiting: {label: Recruiting, kind: number}
  completed: {label: Completed, kind: number}
  stopped: {label: Stopped, kind: number}
  results: {label: Results posted, kind: number}
  completed_without_results: {label: Completed without results, kind: number, note: some may owe none}
metrics: [marts.sponsor_portfolio.studies, marts.sponsor_portfolio.completed_without_results_count]
parameters: [sponsor]
--- */
SELECT
    sum(studies) AS studies,
    sum(recruiting_count) AS recruiting,
    sum(completed_count) AS completed,
    sum(stopped_count) AS stopped,
    sum(results_count) AS results,
    sum(completed_without_results_count) AS completed_without_results
FROM marts.sponsor_portfolio
WHERE lead_sponsor = $sponsor
