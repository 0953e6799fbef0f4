/* ---
title: Every lead sponsor
says: Most studies first; a name that stands under two classes of sponsor, or once without one, has a row for each.
columns:
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  lead_sponsor_class: {label: Class, kind: term}
  studies: {label: Studies, kind: number}
  recruiting_count: {label: Recruiting, kind: number}
  completed_count: {label: Completed, kind: number}
  stopped_count: {label: Stopped, kind: number}
  unknown_status_count: {label: Unknown, kind: number}
  enrollment_total: {label: Participants, kind: number, note: reached or planned}
  first_start: {label: First start, kind: date}
  last_start: {label: Last start, kind: date}
  results_count: {label: Results posted, kind: number}
  results_share: {label: Share with results, kind: share, note: of those where it is known}
metrics: [marts.sponsor_portfolio.studies, marts.sponsor_portfolio.results_share]
limit: 200
--- */
SELECT
    lead_sponsor, lead_sponsor_class, studies, recruiting_count, completed_count, stopped_count, unknown_status_count,
    enrollment_total, first_start, last_start, results_count, results_share
FROM marts.sponsor_portfolio
ORDER BY studies DESC, lead_sponsor, lead_sponsor_class
