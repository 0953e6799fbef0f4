/* ---
description: >-
  How good the records are, by registry, lead sponsor, country, study type and month of registration: the newest run
  beside the run before it, and the change. All runs stand in quality.scorecard. Groups of one dimension add up to all
  records, but for country: a record counts in each of its countries.
grain: one row per dimension and value among the records of the newest run
owner: team:warehouse
tags: [marts, quality]
materialised: table
columns:
  dimension:
    type: VARCHAR
    description: What groups the records.
    tests: [not_null, {accepted_values: [all, registry, sponsor, country, study_type, registration_month]}]
  dimension_value:
    type: VARCHAR
    description: >-
      The group: all, or the value in the registry's words; a month as YYYY-MM. NULL gathers the records that do not
      tell.
  run_id: {type: VARCHAR, description: "The newest run that judged the records.", tests: [not_null]}
  checked_at: {type: TIMESTAMP, description: "When it did (UTC).", tests: [not_null]}
  records: {type: BIGINT, description: "Current records of the group.", tests: [not_null]}
  records_judged:
    type: BIGINT
    description: >-
      Records on which at least one rule of severity error on core.record could be judged, or that break a rule of
      severity gate or error.
    tests: [not_null]
  records_with_violation: {type: BIGINT, description: "Records that break a rule of any severity.", tests: [not_null]}
  records_with_error: {type: BIGINT, description: "Records that break a rule of severity gate or error.", tests: [not_null]}
  quality_score: {type: DOUBLE, description: "Share of the judged records without an error; NULL where none could be judged."}
  evaluable_share: {type: DOUBLE, description: "Share of the judgements by rules on core.record that could be made; NULL where there were none."}
  violations: {type: BIGINT, description: "Rows that break a rule, added up over rules.", tests: [not_null]}
  violations_gate: {type: BIGINT, description: "Of these, by rules of severity gate.", tests: [not_null]}
  violations_error: {type: BIGINT, description: "Of these, by rules of severity error.", tests: [not_null]}
  violations_warn: {type: BIGINT, description: "Of these, by rules of severity warn.", tests: [not_null]}
  violations_info: {type: BIGINT, description: "Of these, by rules of severity info.", tests: [not_null]}
  rules_failed: {type: BIGINT, description: "Rules broken by a record of the group.", tests: [not_null]}
  rules_run: {type: BIGINT, description: "Rules that gave a result in the run.", tests: [not_null]}
  previous_run_id: {type: VARCHAR, description: "The run before; NULL for the first run of the warehouse."}
  previous_checked_at: {type: TIMESTAMP, description: "When it judged (UTC)."}
  previous_rules_run: {type: BIGINT, description: "Rules that gave a result in the run before."}
  previous_records: {type: BIGINT, description: "Records of the group then; NULL where it had none, as in all previous_ columns."}
  previous_records_with_error: {type: BIGINT, description: "Records that broke a rule of severity gate or error then."}
  previous_violations: {type: BIGINT, description: "Rows that broke a rule then."}
  previous_quality_score: {type: DOUBLE, description: "The score then."}
  records_change: {type: BIGINT, description: "records - previous_records."}
  records_with_error_change: {type: BIGINT, description: "records_with_error - previous_records_with_error."}
  violations_change: {type: BIGINT, description: "violations - previous_violations."}
  quality_score_change: {type: DOUBLE, description: "quality_score - previous_quality_score: positive is better."}
tests:
  - unique: [dimension, dimension_value]
metrics:
  quality_score:
    meaning: "How large a part of the records is free of errors, as far as can be told."
    formula: "1 - records_with_error / records_judged"
    caveat: "Only rules of severity gate and error count; warn and info do not. Records on which none of the error rules could be judged are left out, not counted as good. Scores of few records jump: look at records."
  evaluable_share:
    meaning: "How much of what the rules ask could be answered."
    formula: "rows evaluated / (rows evaluated + rows not evaluable), added up over the rules on core.record"
    caveat: "Low for layouts that lose parts, and for study types to which many rules do not apply: a rule that does not apply is not evaluable as well."
  quality_score_change:
    meaning: "Whether the group got better since the run before."
    formula: "quality_score - previous_quality_score"
    caveat: "Mixes changes of records, of which records there are, and of rules: compare rules_run with previous_rules_run. Some rules depend on the day of the check, so the score moves without any new record."
  records_with_error:
    meaning: "Records to mend first."
    formula: "records with a row in quality.violation of severity gate or error"
    caveat: "Violations that concern no record (landing files) are in no group."
  violations:
    meaning: "Everything the rules found."
    formula: "rows of quality.violation of these records"
    caveat: "A record with 30 bad locations counts 30 times; use records_with_violation to compare groups."
--- */
WITH run AS (
    SELECT run_id, max(checked_at) AS checked_at, max(rules_run) AS rules_run
    FROM quality.scorecard
    GROUP BY run_id
),

-- 1 is the newest run, 2 the one before.
recent_run AS (
    SELECT run_id, checked_at, rules_run, row_number() OVER (ORDER BY checked_at DESC, run_id DESC) AS age
    FROM run
    QUALIFY age <= 2
),

newest AS (
    SELECT card.dimension, card.dimension_value, card.run_id, card.checked_at, card.records, card.records_judged,
        card.records_with_violation, card.records_with_error, card.quality_score, card.rows_evaluated,
        card.rows_not_evaluable, card.violations, card.violations_gate, card.violations_error, card.violations_warn,
        card.violations_info, card.rules_failed, card.rules_run
    FROM quality.scorecard AS card
    JOIN recent_run ON recent_run.run_id = card.run_id AND recent_run.age = 1
),

before AS (
    SELECT card.dimension, card.dimension_value, card.records, card.records_with_error, card.violations,
        card.quality_score
    FROM quality.scorecard AS card
    JOIN recent_run ON recent_run.run_id = card.run_id AND recent_run.age = 2
)

SELECT
    newest.dimension,
    newest.dimension_value,
    newest.run_id,
    newest.checked_at,
    newest.records,
    newest.records_judged,
    newest.records_with_violation,
    newest.records_with_error,
    newest.quality_score,
    newest.rows_evaluated / nullif(newest.rows_evaluated + newest.rows_not_evaluable, 0) AS evaluable_share,
    newest.violations,
    newest.violations_gate,
    newest.violations_error,
    newest.violations_warn,
    newest.violations_info,
    newest.rules_failed,
    newest.rules_run,
    previous_run.run_id AS previous_run_id,
    previous_run.checked_at AS previous_checked_at,
    previous_run.rules_run AS previous_rules_run,
    before.records AS previous_records,
    before.records_with_error AS previous_records_with_error,
    before.violations AS previous_violations,
    before.quality_score AS previous_quality_score,
    newest.records - before.records AS records_change,
    newest.records_with_error - before.records_with_error AS records_with_error_change,
    newest.violations - before.violations AS violations_change,
    newest.quality_score - before.quality_score AS quality_score_change
FROM newest
LEFT JOIN recent_run AS previous_run ON previous_run.age = 2
LEFT JOIN before
    ON before.dimension = newest.dimension
    AND before.dimension_value IS NOT DISTINCT FROM newest.dimension_value
ORDER BY newest.dimension, newest.dimension_value
