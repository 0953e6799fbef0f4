/* ---
title: Studies not yet finished
says: >-
  Records that recruit, are about to, or still run. Of unknown status are those the registry could not confirm; they count at
  the stage they were last known in.
columns:
  not_yet_recruiting: {label: Not yet recruiting, kind: number}
  recruiting: {label: Recruiting, kind: number}
  enrolling_by_invitation: {label: By invitation, kind: number}
  active_not_recruiting: {label: "Active, not recruiting", kind: number}
  stale: {label: Look out of date, kind: number, note: for certain}
  stale_unknown: {label: Dates do not tell, kind: number, note: whether out of date}
metrics: [marts.recruitment_pipeline.is_stale]
--- */
SELECT
    count(*) FILTER (WHERE stage = 'not_yet_recruiting') AS not_yet_recruiting,
    count(*) FILTER (WHERE stage = 'recruiting') AS recruiting,
    count(*) FILTER (WHERE stage = 'enrolling_by_invitation') AS enrolling_by_invitation,
    count(*) FILTER (WHERE stage = 'active_not_recruiting') AS active_not_recruiting,
    count(*) FILTER (WHERE is_stale) AS stale,
    count(*) FILTER (WHERE is_stale IS NULL) AS stale_unknown
FROM marts.recruitment_pipeline
