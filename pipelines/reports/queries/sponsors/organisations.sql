/* ---
title: Organisations over all their names
says: Trials that an organisation leads or supports, with its spellings and branches taken together. Most led trials first.
columns:
  name: {label: Organisation, kind: sponsor}
  parent_name: {label: Says it belongs to, optional: true}
  lead_trials: {label: Trials led, kind: number}
  collaborator_trials: {label: Supported, kind: number}
  open_trials: {label: Open, kind: number}
  completed_trials: {label: Completed, kind: number}
  stopped_trials: {label: Stopped, kind: number}
  results_trials: {label: With results, kind: number}
  country_count: {label: Countries, kind: number}
  names: {label: Names taken together, kind: list, wide: true}
metrics: [marts.organisation_portfolio.lead_trials, marts.organisation_portfolio.collaborator_trials,
          marts.organisation_portfolio.results_trials]
limit: 150
--- */
SELECT
    name, parent_name, lead_trials, collaborator_trials, open_trials, completed_trials, stopped_trials, results_trials,
    country_count, names
FROM marts.organisation_portfolio
ORDER BY lead_trials DESC, collaborator_trials DESC, name
