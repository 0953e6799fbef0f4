/* ---
description: >-
  Baseline characteristics, as AACT's table baseline_measurements.
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
  number_analyzed:
    type: BIGINT
    description: >-
      Analysed in this row, in number_analyzed_units: of the class, else of the measure, else of the whole group.
      AACT has the whole group's in every row.
  number_analyzed_units: {type: VARCHAR, description: "What number_analyzed counts."}
  population_description: {type: VARCHAR, description: "Remark on who was analysed."}
  calculate_percentage: {type: VARCHAR, description: "Yes or No: whether the registry shows percentages."}
--- */
WITH measured AS (
    SELECT
        record.id_base,
        record.nct_id,
        cell.version_id,
        row_number() OVER (
            PARTITION BY record.nct_id
            ORDER BY cell.measure_position, cell.class_position, cell.category_position, cell.position
        ) AS place,
        cell.measure_position,
        cell.class_position,
        cell.group_id,
        class.title AS classification,
        category.title AS category,
        measure.title,
        measure.description,
        measure.unit_of_measure,
        measure.param_type,
        cell.value,
        measure.dispersion_type,
        cell.spread,
        cell.lower_limit,
        cell.upper_limit,
        cell.comment,
        measure.population_description,
        measure.calculate_pct,
        coalesce(measure.denom_units_selected, 'Participants') AS number_analyzed_units
    FROM staging.baseline_measure_class_category_measurement AS cell
    JOIN core.ctgov_record AS record USING (version_id)
    JOIN staging.baseline_measure AS measure
        ON measure.version_id = cell.version_id AND measure.position = cell.measure_position
    LEFT JOIN staging.baseline_measure_class AS class
        ON class.version_id = cell.version_id
        AND class.measure_position = cell.measure_position
        AND class.position = cell.class_position
    LEFT JOIN staging.baseline_measure_class_category AS category
        ON category.version_id = cell.version_id
        AND category.measure_position = cell.measure_position
        AND category.class_position = cell.class_position
        AND category.position = cell.category_position
),

-- The numbers analysed, of each measure and class that states its own and of the whole: one for each group and unit.
analyzed_in_class AS (
    SELECT counted.version_id, counted.measure_position, counted.class_position, counted.group_id, denominator.units,
        max(counted.value) AS value
    FROM staging.baseline_measure_class_denom_count AS counted
    JOIN staging.baseline_measure_class_denom AS denominator
        ON denominator.version_id = counted.version_id
        AND denominator.measure_position = counted.measure_position
        AND denominator.class_position = counted.class_position
        AND denominator.position = counted.denom_position
    GROUP BY ALL
),

analyzed_in_measure AS (
    SELECT counted.version_id, counted.measure_position, counted.group_id, denominator.units,
        max(counted.value) AS value
    FROM staging.baseline_measure_denom_count AS counted
    JOIN staging.baseline_measure_denom AS denominator
        ON denominator.version_id = counted.version_id
        AND denominator.measure_position = counted.measure_position
        AND denominator.position = counted.denom_position
    GROUP BY ALL
),

analyzed AS (
    SELECT counted.version_id, counted.group_id, denominator.units, max(counted.value) AS value
    FROM staging.baseline_denom_count AS counted
    JOIN staging.baseline_denom AS denominator
        ON denominator.version_id = counted.version_id AND denominator.position = counted.denom_position
    GROUP BY ALL
)

SELECT
    measured.id_base + measured.place AS id,
    measured.nct_id,
    measured.id_base + 1000 + baseline_group.position AS result_group_id,
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
    TRY_CAST(replace(
        coalesce(analyzed_in_class.value, analyzed_in_measure.value, analyzed.value), ',', ''
    ) AS BIGINT) AS number_analyzed,
    measured.number_analyzed_units,
    measured.population_description,
    CASE measured.calculate_pct WHEN TRUE THEN 'Yes' WHEN FALSE THEN 'No' END AS calculate_percentage
FROM measured
LEFT JOIN staging.baseline_group AS baseline_group
    ON baseline_group.version_id = measured.version_id AND baseline_group.id = measured.group_id
LEFT JOIN analyzed_in_class
    ON analyzed_in_class.version_id = measured.version_id
    AND analyzed_in_class.measure_position = measured.measure_position
    AND analyzed_in_class.class_position = measured.class_position
    AND analyzed_in_class.group_id = measured.group_id
    AND analyzed_in_class.units = measured.number_analyzed_units
LEFT JOIN analyzed_in_measure
    ON analyzed_in_measure.version_id = measured.version_id
    AND analyzed_in_measure.measure_position = measured.measure_position
    AND analyzed_in_measure.group_id = measured.group_id
    AND analyzed_in_measure.units = measured.number_analyzed_units
LEFT JOIN analyzed
    ON analyzed.version_id = measured.version_id
    AND analyzed.group_id = measured.group_id
    AND analyzed.units = measured.number_analyzed_units
