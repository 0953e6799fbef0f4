/* ---
model: marts.sponsor_portfolio
description: Each study of a sponsor is in exactly one group by status, type and phase each, and all studies with a sponsor are there.
--- */
WITH added AS (
    SELECT
        lead_sponsor,
        studies,
        not_yet_recruiting_count + recruiting_count + active_not_recruiting_count + completed_count + stopped_count
            + unknown_status_count + other_status_count + no_status_count AS by_status,
        interventional_count + observational_count + expanded_access_count + no_type_count AS by_type,
        early_phase1_count + phase1_count + phase1_2_count + phase2_count + phase2_3_count + phase3_count + phase4_count
            + other_phase_count + no_phase_count AS by_phase
    FROM marts.sponsor_portfolio
),

counted AS (
    SELECT lead_sponsor, count(*) AS studies
    FROM core.record
    WHERE lead_sponsor IS NOT NULL
    GROUP BY lead_sponsor
),

listed AS (
    SELECT lead_sponsor, sum(studies) AS studies, sum(by_status) AS by_status, sum(by_type) AS by_type, sum(by_phase) AS by_phase
    FROM added
    GROUP BY lead_sponsor
)

SELECT counted.lead_sponsor, counted.studies, listed.studies AS listed_studies, listed.by_status, listed.by_type, listed.by_phase
FROM counted
LEFT JOIN listed USING (lead_sponsor)
WHERE listed.studies IS DISTINCT FROM counted.studies OR listed.by_status IS DISTINCT FROM counted.studies
    OR listed.by_type IS DISTINCT FROM counted.studies OR listed.by_phase IS DISTINCT FROM counted.studies
