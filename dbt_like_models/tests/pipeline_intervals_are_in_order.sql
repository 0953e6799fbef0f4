/* ---
model: marts.recruitment_pipeline
description: A distance lies within the interval that its date can mean.
--- */
SELECT record_key, days_to_start, days_to_start_min, days_to_start_max
FROM marts.recruitment_pipeline
WHERE days_to_start_min > days_to_start_max
    OR days_to_start NOT BETWEEN days_to_start_min AND days_to_start_max
    OR days_to_primary_completion_min > days_to_primary_completion_max
