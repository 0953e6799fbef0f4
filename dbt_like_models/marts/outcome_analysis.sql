/* ---
description: >-
  Statistical analyses of reported outcomes: which groups were compared by name, by what method, with the p value split
  into operator and number, the estimate and its confidence interval.
grain: one row per analysis of a reported outcome
owner: team:warehouse
tags: [marts, results]
materialised: view
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record."}
  outcome_position: {type: INTEGER, description: "1-based place of the reported outcome in the record, as in marts.outcome_measurement."}
  outcome_type: {type: VARCHAR, description: "PRIMARY, SECONDARY, OTHER_PRE_SPECIFIED or POST_HOC."}
  title: {type: VARCHAR, description: "What is measured."}
  time_frame: {type: VARCHAR, description: "When it is measured."}
  position: {type: INTEGER, description: "1-based place of the analysis in the outcome."}
  group_ids: {type: "VARCHAR[]", description: "The groups compared; empty where the record names none."}
  group_titles: {type: "VARCHAR[]", description: "Their names, in the same order; NULL within for a group that the outcome does not have."}
  group_description: {type: VARCHAR, description: "What the record says of the comparison."}
  statistical_method: {type: VARCHAR, description: "Test or model."}
  p_value_raw: {type: VARCHAR, description: "The p value as the registry has it."}
  p_value_operator: {type: VARCHAR, description: "=, <, <=, > or >=; = where none is written; NULL without a number."}
  p_value: {type: DOUBLE, description: "The number of the p value, the bound of it where the operator is not =; NULL unless p_value_state is number."}
  p_value_state:
    type: VARCHAR
    description: >-
      number; out_of_range (a number below 0 or above 1); not_a_number; not_stated.
  p_value_comment: {type: VARCHAR, description: "Adjustment, threshold and the like."}
  param_type: {type: VARCHAR, description: "What is estimated: Odds Ratio (OR), Mean Difference (Final Values), …."}
  estimate_raw: {type: VARCHAR, description: "The estimate as the registry has it."}
  estimate: {type: DOUBLE, description: "The estimate as a number, where it is one."}
  ci_percent: {type: DOUBLE, description: "Level of the confidence interval in percent."}
  ci_sides: {type: VARCHAR, description: "ONE_SIDED or TWO_SIDED."}
  ci_lower_raw: {type: VARCHAR, description: "Lower limit as the registry has it."}
  ci_lower: {type: DOUBLE, description: "Lower limit as a number, where it is one."}
  ci_upper_raw: {type: VARCHAR, description: "Upper limit as the registry has it."}
  ci_upper: {type: DOUBLE, description: "Upper limit as a number, where it is one."}
  dispersion_type: {type: VARCHAR, description: "STANDARD_DEVIATION or STANDARD_ERROR_OF_MEAN."}
  dispersion_raw: {type: VARCHAR, description: "Dispersion as the registry has it."}
  dispersion: {type: DOUBLE, description: "Dispersion as a number, where it is one."}
  tested_non_inferiority: {type: BOOLEAN, description: "Whether non-inferiority or equivalence was tested."}
  non_inferiority_type: {type: VARCHAR, description: "SUPERIORITY, NON_INFERIORITY, EQUIVALENCE, OTHER, …."}
  estimate_comment: {type: VARCHAR, description: "What the record says of the estimate."}
tests:
  - unique: [record_key, outcome_position, position]
metrics:
  p_value:
    meaning: "How surprising the data would be without an effect."
    formula: "the number in p_value_raw, after an operator and 'p' if any; a comma is a decimal comma after 0 or nothing"
    caveat: "A bound where p_value_operator is not =: <0.001 is not 0.001. Unadjusted for the number of analyses unless p_value_comment says so. Numbers above 1 are NULL, state out_of_range."
  estimate:
    meaning: "The size of the effect."
    formula: "estimate_raw as a number"
    caveat: "Ratios and differences stand in one column: read param_type. Which group is the reference is said only in words, if at all."
--- */
WITH parted AS (
    -- "<0.001", "p = .05", "0,03": operator and number; a comma can only be a decimal one after 0 or nothing.
    SELECT
        *,
        regexp_extract(
            trim(p_value), '(?i)^(?:p\s*(?:-?\s*value)?\s*)?(<=|>=|[<>=≤≥])?\s*(-?(?:\d+\.?\d*|0?[.,]\d+)(?:e[-+]?\d{1,3})?)$',
            ['operator', 'number']
        ) AS parts
    FROM staging.outcome_measure_analysis
),

analysis AS (
    SELECT
        *,
        CASE parts.operator WHEN '' THEN '=' WHEN '≤' THEN '<=' WHEN '≥' THEN '>=' ELSE parts.operator END AS p_operator,
        TRY_CAST(replace(nullif(parts.number, ''), ',', '.') AS DOUBLE) AS p_number,
        (
            SELECT list(compared.group_id ORDER BY compared.position)
            FROM staging.outcome_measure_analysis_group_id AS compared
            WHERE compared.version_id = parted.version_id
                AND compared.outcome_measure_position = parted.outcome_measure_position
                AND compared.analysis_position = parted.position
        ) AS group_ids
    FROM parted
)

SELECT
    version.record_key,
    measure.position AS outcome_position,
    measure.type AS outcome_type,
    measure.title,
    measure.time_frame,
    analysis.position,
    coalesce(analysis.group_ids, []) AS group_ids,
    (
        SELECT coalesce(list(named.title ORDER BY compared.position), [])
        FROM staging.outcome_measure_analysis_group_id AS compared
        LEFT JOIN staging.outcome_measure_group AS named
            ON named.version_id = compared.version_id
            AND named.outcome_measure_position = compared.outcome_measure_position
            AND named.id = compared.group_id
        WHERE compared.version_id = analysis.version_id
            AND compared.outcome_measure_position = analysis.outcome_measure_position
            AND compared.analysis_position = analysis.position
    ) AS group_titles,
    analysis.group_description,
    analysis.statistical_method,
    analysis.p_value AS p_value_raw,
    CASE WHEN analysis.p_number BETWEEN 0 AND 1 THEN analysis.p_operator END AS p_value_operator,
    CASE WHEN analysis.p_number BETWEEN 0 AND 1 THEN analysis.p_number END AS p_value,
    CASE
        WHEN analysis.p_value IS NULL OR trim(analysis.p_value) = '' THEN 'not_stated'
        WHEN analysis.p_number BETWEEN 0 AND 1 THEN 'number'
        WHEN analysis.p_number IS NOT NULL THEN 'out_of_range'
        ELSE 'not_a_number'
    END AS p_value_state,
    analysis.p_value_comment,
    analysis.param_type,
    analysis.param_value AS estimate_raw,
    CASE
        WHEN regexp_full_match(trim(analysis.param_value), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(analysis.param_value) AS DOUBLE)
        WHEN regexp_full_match(trim(analysis.param_value), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(analysis.param_value), ',', '') AS DOUBLE)
    END AS estimate,
    CASE
        WHEN regexp_full_match(trim(analysis.ci_pct_value), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(analysis.ci_pct_value) AS DOUBLE)
        WHEN regexp_full_match(trim(analysis.ci_pct_value), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(analysis.ci_pct_value), ',', '') AS DOUBLE)
    END AS ci_percent,
    analysis.ci_num_sides AS ci_sides,
    analysis.ci_lower_limit AS ci_lower_raw,
    CASE
        WHEN regexp_full_match(trim(analysis.ci_lower_limit), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(analysis.ci_lower_limit) AS DOUBLE)
        WHEN regexp_full_match(trim(analysis.ci_lower_limit), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(analysis.ci_lower_limit), ',', '') AS DOUBLE)
    END AS ci_lower,
    analysis.ci_upper_limit AS ci_upper_raw,
    CASE
        WHEN regexp_full_match(trim(analysis.ci_upper_limit), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(analysis.ci_upper_limit) AS DOUBLE)
        WHEN regexp_full_match(trim(analysis.ci_upper_limit), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(analysis.ci_upper_limit), ',', '') AS DOUBLE)
    END AS ci_upper,
    analysis.dispersion_type,
    analysis.dispersion_value AS dispersion_raw,
    CASE
        WHEN regexp_full_match(trim(analysis.dispersion_value), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(analysis.dispersion_value) AS DOUBLE)
        WHEN regexp_full_match(trim(analysis.dispersion_value), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(analysis.dispersion_value), ',', '') AS DOUBLE)
    END AS dispersion,
    analysis.tested_non_inferiority,
    analysis.non_inferiority_type,
    analysis.estimate_comment
FROM analysis
JOIN raw.record_version AS version ON version.version_id = analysis.version_id AND version.is_current
JOIN staging.outcome_measure AS measure
    ON measure.version_id = analysis.version_id AND measure.position = analysis.outcome_measure_position
