/* ---
title: The sponsors that get a page unasked
columns:
  lead_sponsor: Lead sponsor
limit: 5
--- */
SELECT lead_sponsor
FROM marts.sponsor_portfolio
WHERE length(lead_sponsor) <= 1000
GROUP BY lead_sponsor
ORDER BY sum(studies) DESC, lead_sponsor
