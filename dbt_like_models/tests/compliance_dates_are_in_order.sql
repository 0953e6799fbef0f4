/* ---
model: marts.results_compliance
description: Due dates and days late are intervals in order, a claim of overdue rests on a completion that is a fact, and what is not covered owes nothing.
--- */
SELECT record_key, law, duty, status, due_earliest, due_latest, days_late_min, days_late_max
FROM marts.results_compliance
WHERE due_earliest > due_latest
    OR days_late_min > days_late_max
    OR (status = 'overdue' AND (NOT is_completed_certain OR is_due <> 'certain' OR days_late_min = 0))
    OR (covered IN ('no', 'not_evaluable') AND days_late_max IS NOT NULL)
