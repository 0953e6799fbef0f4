/* ---
description: >-
  Statistical analyses of outcomes, as AACT's table outcome_analyses.
grain: one row per analysis of an outcome
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  outcome_id: {type: BIGINT, description: "The outcome: aact.outcomes.id."}
  non_inferiority_type: {type: VARCHAR, description: "SUPERIORITY, NON_INFERIORITY, …"}
  non_inferiority_description: {type: VARCHAR, description: "Remark on it."}
  param_type: {type: VARCHAR, description: "What is estimated: Hazard Ratio, …"}
  param_value: {type: DOUBLE, description: "The estimate; NULL where the text is no number."}
  dispersion_type: {type: VARCHAR, description: "Kind of spread."}
  dispersion_value: {type: DOUBLE, description: "Spread; NULL where the text is no number."}
  p_value_modifier: {type: VARCHAR, description: "The sign before the p-value: <, =, …; NULL when there is none."}
  p_value:
    type: DOUBLE
    description: >-
      The p-value, also where it is written with a comma; NULL where the text is no number between 0 and 1.
  ci_n_sides: {type: VARCHAR, description: "TWO_SIDED or ONE_SIDED."}
  ci_percent: {type: DOUBLE, description: "Level of the confidence interval in per cent."}
  ci_lower_limit: {type: DOUBLE, description: "Its lower limit; NULL where the text is no number."}
  ci_upper_limit: {type: DOUBLE, description: "Its upper limit; NULL likewise."}
  ci_upper_limit_na_comment: {type: VARCHAR, description: "Why it has no upper limit."}
  p_value_description: {type: VARCHAR, description: "Remark on the p-value."}
  method: {type: VARCHAR, description: "Statistical method."}
  method_description: {type: VARCHAR, description: "Remark on the method."}
  estimate_description: {type: VARCHAR, description: "Remark on the estimate."}
  groups_description: {type: VARCHAR, description: "Remark on the groups."}
  other_analysis_description: {type: VARCHAR, description: "An analysis that is only described."}
  ci_upper_limit_raw: {type: VARCHAR, description: "Upper limit, as written."}
  ci_lower_limit_raw: {type: VARCHAR, description: "Lower limit, as written."}
  p_value_raw: {type: VARCHAR, description: "The p-value, as written."}
--- */
WITH analysis AS (
    SELECT
        record.id_base,
        record.nct_id,
        made.version_id,
        made.outcome_measure_position,
        made.position,
        made.non_inferiority_type,
        made.non_inferiority_comment,
        made.param_type,
        TRY_CAST(replace(made.param_value, ',', '') AS DOUBLE) AS param_value,
        made.dispersion_type,
        TRY_CAST(replace(made.dispersion_value, ',', '') AS DOUBLE) AS dispersion_value,
        regexp_extract(made.p_value, '^[ ]{0,9}([<>=≤≥]{1,2})', 1) AS p_value_sign,
        TRY_CAST(replace(trim(ltrim(made.p_value, ' <>=≤≥')), ',', '.') AS DOUBLE) AS p_value_num,
        made.ci_num_sides,
        TRY_CAST(made.ci_pct_value AS DOUBLE) AS ci_percent,
        TRY_CAST(replace(made.ci_lower_limit, ',', '') AS DOUBLE) AS ci_lower_limit,
        TRY_CAST(replace(made.ci_upper_limit, ',', '') AS DOUBLE) AS ci_upper_limit,
        made.ci_upper_limit_comment,
        made.p_value_comment,
        made.statistical_method,
        made.statistical_comment,
        made.estimate_comment,
        made.group_description,
        made.other_analysis_description,
        made.ci_upper_limit AS ci_upper_limit_raw,
        made.ci_lower_limit AS ci_lower_limit_raw,
        made.p_value AS p_value_raw
    FROM staging.outcome_measure_analysis AS made
    JOIN core.ctgov_record AS record USING (version_id)
)

SELECT
    id_base + outcome_measure_position * 1000 + position AS id,
    nct_id,
    id_base + outcome_measure_position AS outcome_id,
    non_inferiority_type,
    non_inferiority_comment AS non_inferiority_description,
    param_type,
    param_value,
    dispersion_type,
    dispersion_value,
    nullif(p_value_sign, '') AS p_value_modifier,
    CASE WHEN p_value_num BETWEEN 0 AND 1 THEN p_value_num END AS p_value,
    ci_num_sides AS ci_n_sides,
    ci_percent,
    ci_lower_limit,
    ci_upper_limit,
    ci_upper_limit_comment AS ci_upper_limit_na_comment,
    p_value_comment AS p_value_description,
    statistical_method AS method,
    statistical_comment AS method_description,
    estimate_comment AS estimate_description,
    group_description AS groups_description,
    other_analysis_description,
    ci_upper_limit_raw,
    ci_lower_limit_raw,
    p_value_raw
FROM analysis
