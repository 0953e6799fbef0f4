/* ---
title: The largest portfolios by status
says: The twelve lead sponsors with most studies, of equals the first by name. Unknown is a status of the registry; not stated, that the record has none.
columns:
  lead_sponsor: {label: Lead sponsor}
  status: {label: Status, kind: term}
  studies: {label: Studies, kind: number}
metrics: [marts.sponsor_portfolio.studies]
--- */
WITH largest AS (
    SELECT
        lead_sponsor,
        sum(studies) AS studies,
        sum(not_yet_recruiting_count) AS not_yet_recruiting,
        sum(recruiting_count) AS recruiting,
        sum(active_not_recruiting_count) AS active_not_recruiting,
        sum(completed_count) AS completed,
        sum(stopped_count) AS stopped,
        sum(unknown_status_count) AS unknown_status,
        sum(other_status_count) AS other_status,
        sum(no_status_count) AS no_status
    FROM marts.sponsor_portfolio
    GROUP BY lead_sponsor
    ORDER BY studies DESC, lead_sponsor
    LIMIT 12
)

SELECT
    lead_sponsor,
    unnest(
        ['not yet recruiting', 'recruiting', 'active, not recruiting', 'completed', 'stopped', 'unknown', 'other', 'not stated']
    ) AS status,
    unnest(
        [not_yet_recruiting, recruiting, active_not_recruiting, completed, stopped, unknown_status, other_status, no_status]
    ) AS studies
FROM largest
ORDER BY largest.studies DESC, lead_sponsor
