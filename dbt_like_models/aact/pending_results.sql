/* ---
description: >-
  Submissions of results that are not posted yet, as AACT's table pending_results.
grain: one row per event of a study's results that are not posted
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  event: {type: VARCHAR, description: "RELEASE, UNRELEASE or RESET."}
  event_date_description:
    type: VARCHAR
    description: >-
      The day as registered; unknown where the registry says that it is.
  event_date: {type: DATE, description: "The day."}
--- */
SELECT
    record.id_base + event.position AS id,
    record.nct_id,
    event.type AS event,
    coalesce(event.date, CASE WHEN event.date_unknown THEN 'unknown' END) AS event_date_description,
    event.date_latest AS event_date
FROM staging.unposted_event AS event
JOIN core.ctgov_record AS record USING (version_id)
