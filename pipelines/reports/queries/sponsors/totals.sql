/* ---
title: Lead sponsors
says: Names as the records write them; branches and spellings of one organisation are apart.
columns:
  sponsors: {label: Lead sponsors, kind: number}
  studies: {label: Studies with a lead sponsor, kind: number}
  results: {label: Results posted, kind: number}
  completed_without_results: {label: Completed without results, kind: number, note: many owe none}
metrics: [marts.sponsor_portfolio.studies, marts.sponsor_portfolio.completed_without_results_count]
--- */
SELECT
    count(DISTINCT lead_sponsor) AS sponsors,
    sum(studies) AS studies,
    sum(results_count) AS results,
    sum(completed_without_results_count) AS completed_without_results
FROM marts.sponsor_portfolio
