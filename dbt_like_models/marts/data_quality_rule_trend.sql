/* ---
description: >-
  Every rule over the runs: how many of the rows it could judge break it, and how that moved since the run in which it
  was judged before.
grain: one row per rule and run
owner: team:warehouse
tags: [marts, quality]
materialised: table
columns:
  rule: {type: VARCHAR, description: "Stable name of the rule, as in quality.expectation.", tests: [not_null]}
  run_id: {type: VARCHAR, description: "The run that judged.", tests: [not_null]}
  checked_at: {type: TIMESTAMP, description: "When it did (UTC).", tests: [not_null]}
  table_name: {type: VARCHAR, description: "The table the rule checks, as schema.name.", tests: [not_null]}
  severity:
    type: VARCHAR
    description: gate, error, warn or info, as it was in that run.
    tests: [not_null, {accepted_values: [gate, error, warn, info]}]
  is_newest_run: {type: BOOLEAN, description: "Whether this is the newest run of the warehouse.", tests: [not_null]}
  success: {type: BOOLEAN, description: "Whether the rule held; false as well when it could not run.", tests: [not_null]}
  error: {type: VARCHAR, description: "Why the rule could not run; NULL when it ran. Then all figures are NULL."}
  rows_evaluated: {type: BIGINT, description: "Rows the rule could judge."}
  rows_failed: {type: BIGINT, description: "Rows that break the rule."}
  rows_not_evaluable: {type: BIGINT, description: "Rows on which the rule cannot tell or does not apply."}
  share_failed: {type: DOUBLE, description: "Share of the judged rows that break the rule; NULL where none could be judged."}
  previous_run_id: {type: VARCHAR, description: "The last run before in which the rule gave a result; NULL when there is none."}
  previous_rows_failed: {type: BIGINT, description: "Rows that broke the rule in that run."}
  previous_share_failed: {type: DOUBLE, description: "Share of the judged rows that broke the rule in that run."}
  rows_failed_change: {type: BIGINT, description: "rows_failed - previous_rows_failed."}
  share_failed_change: {type: DOUBLE, description: "share_failed - previous_share_failed: positive is worse."}
tests:
  - unique: [rule, run_id]
metrics:
  share_failed:
    meaning: "How common the defect is where it can be told."
    formula: "rows_failed / rows_evaluated"
    caveat: "Rows not evaluable are left out on both sides; a share of few rows jumps."
  share_failed_change:
    meaning: "Whether the defect spreads or is being mended."
    formula: "share_failed - previous_share_failed, in the last run before that gave a result"
    caveat: "A rule whose text changed between the runs keeps its name; see meta.build.rule_catalogue_version. Rules that depend on the day of the check move without new records."
--- */
WITH newest_run AS (
    SELECT run_id
    FROM quality.expectation_result
    ORDER BY checked_at DESC, run_id DESC
    LIMIT 1
),

-- A run in which the rule could not run is passed over when looking back.
judged AS (
    SELECT
        rule,
        run_id,
        checked_at,
        table_name,
        severity,
        success,
        error,
        rows_evaluated,
        rows_failed,
        rows_not_evaluable,
        rows_failed / nullif(rows_evaluated, 0) AS share_failed,
        last_value(CASE WHEN error IS NULL THEN run_id END IGNORE NULLS) OVER earlier AS previous_run_id
    FROM quality.expectation_result
    WINDOW earlier AS (
        PARTITION BY rule ORDER BY checked_at, run_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT
    judged.rule,
    judged.run_id,
    judged.checked_at,
    judged.table_name,
    judged.severity,
    newest_run.run_id IS NOT NULL AS is_newest_run,
    judged.success,
    judged.error,
    judged.rows_evaluated,
    judged.rows_failed,
    judged.rows_not_evaluable,
    judged.share_failed,
    judged.previous_run_id,
    before.rows_failed AS previous_rows_failed,
    before.share_failed AS previous_share_failed,
    judged.rows_failed - before.rows_failed AS rows_failed_change,
    judged.share_failed - before.share_failed AS share_failed_change
FROM judged
LEFT JOIN judged AS before ON before.rule = judged.rule AND before.run_id = judged.previous_run_id
LEFT JOIN newest_run ON newest_run.run_id = judged.run_id
ORDER BY judged.rule, judged.checked_at, judged.run_id
