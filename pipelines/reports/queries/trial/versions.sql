/* ---
title: Versions
says: Newest first. Changes are counted against the version before.
columns:
  record_key: {label: Record, kind: code}
  version_no: {label: Version, kind: number}
  valid_from: {label: Registry date, kind: date}
  overall_status: {label: Status, kind: term}
  enrollment: {label: Participants, kind: number}
  enrollment_type: {label: As, kind: term, optional: true}
  start_raw: {label: Start, kind: code}
  primary_completion_raw: {label: Primary completion, kind: code}
  completion_raw: {label: Completion, kind: code}
  changes: {label: Changes, kind: number}
  source_format: {label: Format, kind: code}
parameters: [trial_id]
limit: 80
--- */
SELECT
    version.record_key,
    version.version_no,
    version.valid_from,
    version.overall_status,
    version.enrollment,
    version.enrollment_type,
    version.start_raw,
    version.primary_completion_raw,
    version.completion_raw,
    pair.changes,
    version.source_format
FROM history.version AS version
JOIN core.record AS record ON record.record_key = version.record_key
LEFT JOIN history.version_pair AS pair
    ON pair.record_key = version.record_key AND pair.to_version_id = version.version_id
WHERE record.trial_id = $trial_id
ORDER BY version.record_key, version.version_no DESC
