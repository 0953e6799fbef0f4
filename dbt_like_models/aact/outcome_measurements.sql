/* ---
description: >-
  Values of outcomes, as AACT's table outcome_measurements.
grain: one row per measured value of a group
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
  result_group_id:
    type: BIGINT
    description: >-
      The group: aact.result_groups.id; NULL where the record does not describe it.
  ctgov_group_code: {type: VARCHAR, description: "The group's code in the record: FG000, BG000, OG000, EG000."}
  classification: {type: VARCHAR, description: "Class of the row."}
  category: {type: VARCHAR, description: "Category within the class."}
  title: {type: VARCHAR, description: "What is measured."}
  description: {type: VARCHAR, description: "How."}
  units: {type: VARCHAR, description: "Unit of the value."}
  param_type: {type: VARCHAR, description: "MEAN, MEDIAN, COUNT_OF_PARTICIPANTS, …"}
  param_value: {type: VARCHAR, description: "The value, as written."}
  param_value_num: {type: DOUBLE, description: "The value as a number; NULL where the text is none."}
  dispersion_type: {type: VARCHAR, description: "STANDARD_DEVIATION, INTER_QUARTILE_RANGE, …"}
  dispersion_value: {type: VARCHAR, description: "Spread, as written."}
  dispersion_value_num: {type: DOUBLE, description: "The spread as a number; NULL where the text is none."}
  dispersion_lower_limit: {type: DOUBLE, description: "Lower limit as a number; NULL where the text is none."}
  dispersion_upper_limit: {type: DOUBLE, description: "Upper limit as a number; NULL where the text is none."}
  explanation_of_na: {type: VARCHAR, description: "Why there is no value."}
  dispersion_upper_limit_raw: {type: VARCHAR, description: "Upper limit, as written."}
  dispersion_lower_limit_raw: {type: VARCHAR, description: "Lower limit, as written."}
--- */
WITH measured AS (
    SELECT
        record.id_base,
        record.nct_id,
        cell.version_id,
        row_number() OVER (
            PARTITION BY record.nct_id
            ORDER BY cell.outcome_measure_position, cell.class_position, cell.category_position, cell.position
        ) AS place,
        cell.outcome_measure_position,
        cell.group_id,
        class.title AS classification,
        category.title AS category,
        outcome.title,
        outcome.description,
        outcome.unit_of_measure,
        outcome.param_type,
        cell.value,
        outcome.dispersion_type,
        cell.spread,
        cell.lower_limit,
        cell.upper_limit,
        cell.comment
    FROM staging.outcome_measure_class_category_measurement AS cell
    JOIN core.ctgov_record AS record USING (version_id)
    JOIN staging.outcome_measure AS outcome
        ON outcome.version_id = cell.version_id AND outcome.position = cell.outcome_measure_position
    LEFT JOIN staging.outcome_measure_class AS class
        ON class.version_id = cell.version_id
        AND class.outcome_measure_position = cell.outcome_measure_position
        AND class.position = cell.class_position
    LEFT JOIN staging.outcome_measure_class_category AS category
        ON category.version_id = cell.version_id
        AND category.outcome_measure_position = cell.outcome_measure_position
        AND category.class_position = cell.class_position
        AND category.position = cell.category_position
)

SELECT
    measured.id_base + measured.place AS id,
    measured.nct_id,
    measured.id_base + measured.outcome_measure_position AS outcome_id,
    measured.id_base + 10000 + measured.outcome_measure_position * 1000 + outcome_group.position AS result_group_id,
    measured.group_id AS ctgov_group_code,
    measured.classification,
    measured.category,
    measured.title,
    measured.description,
    measured.unit_of_measure AS units,
    measured.param_type,
    measured.value AS param_value,
    TRY_CAST(replace(measured.value, ',', '') AS DOUBLE) AS param_value_num,
    measured.dispersion_type,
    measured.spread AS dispersion_value,
    TRY_CAST(replace(measured.spread, ',', '') AS DOUBLE) AS dispersion_value_num,
    TRY_CAST(replace(measured.lower_limit, ',', '') AS DOUBLE) AS dispersion_lower_limit,
    TRY_CAST(replace(measured.upper_limit, ',', '') AS DOUBLE) AS dispersion_upper_limit,
    measured.comment AS explanation_of_na,
    measured.upper_limit AS dispersion_upper_limit_raw,
    measured.lower_limit AS dispersion_lower_limit_raw
FROM measured
LEFT JOIN staging.outcome_measure_group AS outcome_group
    ON outcome_group.version_id = measured.version_id
    AND outcome_group.outcome_measure_position = measured.outcome_measure_position
    AND outcome_group.id = measured.group_id
