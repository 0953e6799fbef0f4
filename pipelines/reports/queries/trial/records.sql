/* ---
title: Its registry records, and where each stands
says: The file in landing, the member of an archive and the record's place in it. `trialmart raw` prints the exact bytes.
columns:
  record_key: {label: Record, kind: code}
  is_primary: {label: Stands for the trial, kind: truth}
  registry: {label: Registry, kind: registry}
  overall_status: {label: Status, kind: term}
  version_no: {label: Version, kind: number}
  registry_updated_on: {label: Registry date, kind: date}
  source_format: {label: Format, kind: code}
  path: {label: File, kind: code, wide: true}
  member: {label: Member, kind: code, optional: true}
  position: {label: Record no., kind: number, optional: true}
  loaded_at: {label: Read (UTC), kind: moment}
parameters: [trial_id]
limit: 40
--- */
SELECT
    record.record_key,
    member.is_primary,
    record.registry,
    record.overall_status,
    record.version_no,
    record.registry_updated_on,
    record.source_format,
    file.path,
    version.member,
    version.position,
    record.loaded_at
FROM core.record AS record
JOIN core.trial_member AS member ON member.record_key = record.record_key
JOIN raw.record_version AS version ON version.version_id = record.version_id
LEFT JOIN raw.file AS file ON file.file_id = version.file_id
WHERE record.trial_id = $trial_id
ORDER BY member.is_primary DESC, record.record_key
