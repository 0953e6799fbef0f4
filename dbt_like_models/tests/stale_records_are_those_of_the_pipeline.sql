/* ---
model: marts.stale_record
description: What the pipeline calls stale has a certain row here, and only that.
--- */
WITH certain AS (
    SELECT DISTINCT record_key
    FROM marts.stale_record
    WHERE reason IN ('not_verified_24_months', 'seeks_participants_after_primary_completion') AND certainty = 'certain'
)

SELECT pipeline.record_key, pipeline.is_stale, certain.record_key IS NOT NULL AS has_certain_row
FROM marts.recruitment_pipeline AS pipeline
LEFT JOIN certain USING (record_key)
WHERE coalesce(pipeline.is_stale, false) <> (certain.record_key IS NOT NULL)
