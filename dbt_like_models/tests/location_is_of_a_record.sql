/* ---
model: core.record
description: >-
  Every location is one of a current record. Said here, not as a relationship of core.location: records read
  trials, trials the organisations, and these the locations.
severity: error
--- */
SELECT location.record_key, location.position
FROM core.location AS location
ANTI JOIN core.record AS record USING (record_key)
