/* ---
title: What has been seen to change
says: History is what this warehouse has versions of; a record with one version has none to compare.
columns:
  records_with_history: {label: Records with several versions, kind: number}
  versions: {label: Versions, kind: number}
  changes: {label: Changes, kind: number}
  slipped: {label: Records with a later milestone, kind: number, note: for certain}
  switched: {label: Records with a changed main question, kind: number}
  missing: {label: Records no longer shown, kind: number, note: by their registry}
metrics: [marts.date_slippage.has_slipped, marts.outcome_switching.is_major]
--- */
SELECT
    (SELECT count(*) FROM core.record WHERE version_count > 1) AS records_with_history,
    (SELECT count(*) FROM history.version) AS versions,
    (SELECT count(*) FROM history.change) AS changes,
    (SELECT count(DISTINCT record_key) FROM marts.date_slippage WHERE has_slipped) AS slipped,
    (SELECT count(DISTINCT record_key) FROM marts.outcome_switching WHERE is_major) AS switched,
    (SELECT count(*) FROM history.presence WHERE is_missing) AS missing
