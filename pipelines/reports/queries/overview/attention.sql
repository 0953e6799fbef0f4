/* ---
title: What asks for attention
says: Each figure has a page of its own.
columns:
  stale: {label: Entries that look out of date, kind: number, note: "of studies not yet finished"}
  slipped: {label: Records with a milestone later than promised, kind: number, note: "for certain"}
  switched: {label: Records with a changed main question, kind: number, note: "a primary outcome added or dropped"}
  disagreeing: {label: Trials on which registries disagree, kind: number}
  records_with_error: {label: Records with an error, kind: number, note: "of those that rules could judge"}
metrics: [marts.recruitment_pipeline.is_stale, marts.date_slippage.has_slipped, marts.outcome_switching.is_major,
          marts.cross_registry_discrepancy.verdict, marts.data_quality_scorecard.records_with_error]
--- */
SELECT
    (SELECT count(*) FROM marts.recruitment_pipeline WHERE is_stale) AS stale,
    (SELECT count(DISTINCT record_key) FROM marts.date_slippage WHERE has_slipped) AS slipped,
    (SELECT count(DISTINCT record_key) FROM marts.outcome_switching WHERE is_major) AS switched,
    (SELECT count(DISTINCT trial_id) FROM marts.cross_registry_discrepancy WHERE verdict = 'disagree') AS disagreeing,
    (
        SELECT records_with_error
        FROM marts.data_quality_scorecard
        WHERE dimension = 'all'
        ORDER BY checked_at DESC, run_id DESC
        LIMIT 1
    ) AS records_with_error
