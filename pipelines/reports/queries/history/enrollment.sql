/* ---
title: Enrollment, planned and reached
says: Records whose number of participants changed between versions, furthest from the plan first.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  overall_status: {label: Status, kind: term}
  first_enrollment: {label: First stated, kind: number}
  first_type: {label: As, kind: term}
  enrollment: {label: Now, kind: number}
  enrollment_type: {label: As, kind: term}
  enrollment_difference: {label: Difference, kind: signed}
  reached_share: {label: Reached of plan, kind: share}
metrics: [marts.enrollment_change.reached_share]
limit: 150
--- */
SELECT
    record_key, brief_title, lead_sponsor, overall_status, first_enrollment, first_type, enrollment, enrollment_type,
    enrollment_difference, reached_share
FROM marts.enrollment_change
WHERE change_count > 0
ORDER BY abs(enrollment_difference) DESC NULLS LAST, record_key
