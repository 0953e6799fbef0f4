/* ---
description: >-
  The day that the warehouse shows: what marts take for today, so that the same input always gives the same rows. A
  registry date later than the day on which it was loaded is a slip and does not move it.
grain: one row; none while there is no record
owner: team:warehouse
tags: [core, as_of]
materialised: view
columns:
  day:
    type: DATE
    description: >-
      The newest registry date among all records that is not later than its own loading; where no record has a date,
      the last day of loading.
    tests: [not_null, unique]
--- */
SELECT
    coalesce(
        max(registry_updated_on) FILTER (WHERE registry_updated_on <= loaded_at::DATE),
        max(loaded_at::DATE)
    ) AS day
FROM core.record
HAVING count(*) > 0
