/* ---
description: >-
  The day from which marts measure how long something is past or away. It is taken from the data, not from the
  clock, so that the same input always gives the same rows.
grain: one row; none while there is no record
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  as_of: {type: DATE, description: "Day of reference: the newest registry date among all records that is not later than its own loading; where no record has a date, the last day of loading.", tests: [not_null]}
tests:
  - row_count_between: {max: 1}
metrics:
  as_of:
    meaning: "The day for which the marts speak."
    formula: "max(registry_updated_on) over records where it is not later than loaded_at, else max(loaded_at)"
    caveat: "One day for all registries: where one was delivered long before another, its records look older than they were when they were fetched. A registry date later than its loading is a slip and moves nothing."
--- */
SELECT
    coalesce(
        max(registry_updated_on) FILTER (WHERE registry_updated_on <= loaded_at::DATE),
        max(loaded_at::DATE)
    ) AS as_of
FROM core.record
HAVING count(*) > 0
