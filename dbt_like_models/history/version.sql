/* ---
description: >-
  Every version of every record with what people follow over time: status, dates, enrollment. valid_from and
  valid_to are the registry's time, loaded_at is ours.
grain: one row per record version
owner: team:warehouse
tags: [history]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  version_no: {type: INTEGER, description: "1-based number of the version.", tests: [not_null]}
  version_id: {type: BIGINT, description: "Key of the version in the staged tables.", tests: [not_null, unique]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  source_format: {type: VARCHAR, description: "Raw format of the version.", tests: [not_null]}
  valid_from: {type: DATE, description: "The registry's date of the version; NULL when it has none."}
  valid_to: {type: DATE, description: "The registry's date of the next version; NULL for the last."}
  loaded_at: {type: TIMESTAMP, description: "When the version was read (UTC).", tests: [not_null]}
  is_current: {type: BOOLEAN, description: "Whether core.record shows this version.", tests: [not_null]}
  overall_status: {type: VARCHAR, description: "Recruitment status in this version."}
  why_stopped: {type: VARCHAR, description: "Why the study was stopped, as this version says."}
  enrollment: {type: BIGINT, description: "Participants in this version."}
  enrollment_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL where the version does not say."}
  start_raw: {type: VARCHAR, description: "Study start as this version writes it."}
  start_earliest: {type: DATE, description: "First day the study start can mean."}
  start_latest: {type: DATE, description: "Last day the study start can mean."}
  start_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED."}
  primary_completion_raw: {type: VARCHAR, description: "Primary completion as this version writes it."}
  primary_completion_earliest: {type: DATE, description: "First day primary completion can mean."}
  primary_completion_latest: {type: DATE, description: "Last day primary completion can mean."}
  primary_completion_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED."}
  completion_raw: {type: VARCHAR, description: "Study completion as this version writes it."}
  completion_earliest: {type: DATE, description: "First day study completion can mean."}
  completion_latest: {type: DATE, description: "Last day study completion can mean."}
  completion_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED."}
  has_results: {type: BOOLEAN, description: "Whether results were posted in this version; NULL where it does not say."}
tests:
  - unique: [record_key, version_no]
--- */
SELECT
    version.record_key,
    version.version_no,
    version.version_id,
    version.registry,
    version.source_format,
    version.valid_from,
    version.valid_to,
    version.loaded_at,
    version.is_current,
    study.overall_status,
    study.why_stopped,
    study.enrollment_count AS enrollment,
    study.enrollment_type,
    study.start_date AS start_raw,
    study.start_date_earliest AS start_earliest,
    study.start_date_latest AS start_latest,
    study.start_date_type AS start_type,
    study.primary_completion_date AS primary_completion_raw,
    study.primary_completion_date_earliest AS primary_completion_earliest,
    study.primary_completion_date_latest AS primary_completion_latest,
    study.primary_completion_date_type AS primary_completion_type,
    study.completion_date AS completion_raw,
    study.completion_date_earliest AS completion_earliest,
    study.completion_date_latest AS completion_latest,
    study.completion_date_type AS completion_type,
    study.has_results
FROM raw.record_version AS version
LEFT JOIN staging.study AS study USING (version_id)
ORDER BY version.record_key, version.version_no
