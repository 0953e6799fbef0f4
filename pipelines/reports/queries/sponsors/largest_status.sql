/* ---
title: The largest portfolios by status
says: The twelve lead sponsors with most studies.
columns:
  lead_sponsor: {label: Lead sponsor}
  status: {label: Status, kind: term}
  studies: {label: Studies, kind: number}
metrics: [marts.sponsor_portfolio.studies]
--- */
WITH largest AS (
    SELECT
        lead_sponsor, studies, not_yet_recruiting_count, recruiting_count, active_not_recruiting_count, completed_count,
        stopped_count, unknown_status_count, other_status_count
    FROM marts.sponsor_portfolio
    ORDER BY studies DESC, lead_sponsor
    LIMIT 12
)

SELECT lead_sponsor, unnest(
    ['not yet recruiting', 'recruiting', 'active, not recruiting', 'completed', 'stopped', 'unknown', 'other']
) AS status,
unnest([
    not_yet_recruiting_count, recruiting_count, active_not_recruiting_count, completed_count, stopped_count,
    unknown_status_count, other_status_count
]) AS studies
FROM largest
ORDER BY largest.studies DESC, lead_sponsor
