/* ---
description: >-
  What was measured: outcome results of current records in long form, a row for each number, with the group, measure, class
  and category it belongs to by name, the number beside the text of the registry, and the participants it rests on.
grain: one row per measurement of a reported outcome (measure, class, category and group)
owner: team:warehouse
tags: [marts, results]
materialised: view
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record."}
  outcome_position: {type: INTEGER, description: "1-based place of the reported outcome in the record."}
  outcome_type: {type: VARCHAR, description: "PRIMARY, SECONDARY, OTHER_PRE_SPECIFIED or POST_HOC."}
  title: {type: VARCHAR, description: "What is measured."}
  time_frame: {type: VARCHAR, description: "When it is measured."}
  reporting_status: {type: VARCHAR, description: "POSTED or NOT_POSTED."}
  param_type: {type: VARCHAR, description: "What kind of number value is: MEAN, MEDIAN, COUNT_OF_PARTICIPANTS, NUMBER, …."}
  dispersion_type: {type: VARCHAR, description: "What spread or the limits are, in the words of the registry: standard deviation, 95% confidence interval, …."}
  unit: {type: VARCHAR, description: "Unit of value."}
  class_position: {type: INTEGER, description: "1-based place of the class in the measure."}
  class_title: {type: VARCHAR, description: "The class, often a point in time or a sub-measure."}
  category_position: {type: INTEGER, description: "1-based place of the category in the class."}
  category_title: {type: VARCHAR, description: "The category."}
  position: {type: INTEGER, description: "1-based place of the measurement in the category."}
  group_id: {type: VARCHAR, description: "Group within the outcome; ids begin anew in each outcome."}
  group_title: {type: VARCHAR, description: "Name of the group."}
  value_raw: {type: VARCHAR, description: "The number as the registry has it."}
  value: {type: DOUBLE, description: "The number; NULL where value_state is not number."}
  value_state: {type: VARCHAR, description: "number; not_available (NA, which comment explains); not_a_number; empty."}
  spread_raw: {type: VARCHAR, description: "Spread as the registry has it."}
  spread: {type: DOUBLE, description: "Spread as a number, where it is one."}
  lower_limit_raw: {type: VARCHAR, description: "Lower limit as the registry has it."}
  lower_limit: {type: DOUBLE, description: "Lower limit as a number, where it is one."}
  upper_limit_raw: {type: VARCHAR, description: "Upper limit as the registry has it."}
  upper_limit: {type: DOUBLE, description: "Upper limit as a number, where it is one."}
  comment: {type: VARCHAR, description: "What the registry says beside the number."}
  denominator_units: {type: VARCHAR, description: "What is counted in denominator: Participants, Eyes, …."}
  denominator: {type: DOUBLE, description: "How many of them were analysed in the group; NULL where the record does not say."}
  denominator_level: {type: VARCHAR, description: "Where the denominator stands: class or outcome; the nearest counts."}
metrics:
  value:
    meaning: "The number reported for a group."
    formula: "value_raw as a number: digits with a point, a thousands comma in its place, or an exponent; nothing else"
    caveat: "Never add up or average over rows without looking at param_type, unit and class: means, counts and percentages stand in one column. Groups can overlap, and classes are often points in time."
  denominator:
    meaning: "How many the number rests on."
    formula: "the group's count in the class, where it has one, else in the outcome; of several units the selected one, else the type of units analyzed, else the first"
    caveat: "Participants unless denominator_units says otherwise. A count that is no whole number of digits is NULL."
--- */
-- Names and denominators are looked up row by row, so that one record is found without reading all. Of several units
-- that are counted those that the measure names are taken, else the first. Formats before 2017 select none, and name other
-- units than participants only where the analysis rests on them (type of units analyzed: eyes, lesions, implants).
WITH located AS (
    SELECT
        version.record_key,
        measure.position AS outcome_position,
        measure.type AS outcome_type,
        measure.title,
        measure.time_frame,
        measure.reporting_status,
        measure.param_type,
        measure.dispersion_type,
        measure.unit_of_measure AS unit,
        class.position AS class_position,
        class.title AS class_title,
        category.position AS category_position,
        category.title AS category_title,
        measurement.position,
        measurement.group_id,
        (
            SELECT arg_min(named.title, named.position)
            FROM staging.outcome_measure_group AS named
            WHERE named.version_id = measurement.version_id
                AND named.outcome_measure_position = measurement.outcome_measure_position
                AND named.id = measurement.group_id
        ) AS group_title,
        measurement.value,
        measurement.spread,
        measurement.lower_limit,
        measurement.upper_limit,
        measurement.comment,
        (
            SELECT arg_min(
                {'units': denom.units, 'value': counted.value},
                (coalesce(denom.units <> coalesce(measure.denom_units_selected, measure.type_units_analyzed), true), denom.position, counted.position)
            )
            FROM staging.outcome_measure_class_denom AS denom
            JOIN staging.outcome_measure_class_denom_count AS counted
                ON counted.version_id = denom.version_id
                AND counted.outcome_measure_position = denom.outcome_measure_position
                AND counted.class_position = denom.class_position
                AND counted.denom_position = denom.position
            WHERE denom.version_id = measurement.version_id
                AND denom.outcome_measure_position = measurement.outcome_measure_position
                AND denom.class_position = measurement.class_position
                AND counted.group_id = measurement.group_id
        ) AS class_denom,
        (
            SELECT arg_min(
                {'units': denom.units, 'value': counted.value},
                (coalesce(denom.units <> coalesce(measure.denom_units_selected, measure.type_units_analyzed), true), denom.position, counted.position)
            )
            FROM staging.outcome_measure_denom AS denom
            JOIN staging.outcome_measure_denom_count AS counted
                ON counted.version_id = denom.version_id
                AND counted.outcome_measure_position = denom.outcome_measure_position
                AND counted.denom_position = denom.position
            WHERE denom.version_id = measurement.version_id
                AND denom.outcome_measure_position = measurement.outcome_measure_position
                AND counted.group_id = measurement.group_id
        ) AS outcome_denom
    FROM staging.outcome_measure_class_category_measurement AS measurement
    JOIN raw.record_version AS version ON version.version_id = measurement.version_id AND version.is_current
    JOIN staging.outcome_measure AS measure
        ON measure.version_id = measurement.version_id AND measure.position = measurement.outcome_measure_position
    JOIN staging.outcome_measure_class AS class
        ON class.version_id = measurement.version_id
        AND class.outcome_measure_position = measurement.outcome_measure_position
        AND class.position = measurement.class_position
    JOIN staging.outcome_measure_class_category AS category
        ON category.version_id = measurement.version_id
        AND category.outcome_measure_position = measurement.outcome_measure_position
        AND category.class_position = measurement.class_position
        AND category.position = measurement.category_position
),

nearest AS (
    SELECT
        *,
        CASE
            WHEN class_denom IS NOT NULL THEN class_denom
            WHEN outcome_denom IS NOT NULL THEN outcome_denom
        END AS denom,
        CASE
            WHEN class_denom IS NOT NULL THEN 'class'
            WHEN outcome_denom IS NOT NULL THEN 'outcome'
        END AS denominator_level
    FROM located
)

SELECT
    record_key,
    outcome_position,
    outcome_type,
    title,
    time_frame,
    reporting_status,
    param_type,
    dispersion_type,
    unit,
    class_position,
    class_title,
    category_position,
    category_title,
    position,
    group_id,
    group_title,
    value AS value_raw,
    CASE
        WHEN regexp_full_match(trim(value), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(value) AS DOUBLE)
        WHEN regexp_full_match(trim(value), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(value), ',', '') AS DOUBLE)
    END AS value,
    CASE
        WHEN value IS NULL OR trim(value) = '' THEN 'empty'
        WHEN upper(trim(value)) IN ('NA', 'N/A') THEN 'not_available'
        WHEN regexp_full_match(trim(value), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?|[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN 'number'
        ELSE 'not_a_number'
    END AS value_state,
    spread AS spread_raw,
    CASE
        WHEN regexp_full_match(trim(spread), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(spread) AS DOUBLE)
        WHEN regexp_full_match(trim(spread), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(spread), ',', '') AS DOUBLE)
    END AS spread,
    lower_limit AS lower_limit_raw,
    CASE
        WHEN regexp_full_match(trim(lower_limit), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(lower_limit) AS DOUBLE)
        WHEN regexp_full_match(trim(lower_limit), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(lower_limit), ',', '') AS DOUBLE)
    END AS lower_limit,
    upper_limit AS upper_limit_raw,
    CASE
        WHEN regexp_full_match(trim(upper_limit), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(upper_limit) AS DOUBLE)
        WHEN regexp_full_match(trim(upper_limit), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(upper_limit), ',', '') AS DOUBLE)
    END AS upper_limit,
    comment,
    denom.units AS denominator_units,
    CASE
        WHEN regexp_full_match(trim(denom.value), '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?') THEN TRY_CAST(trim(denom.value) AS DOUBLE)
        WHEN regexp_full_match(trim(denom.value), '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') THEN TRY_CAST(replace(trim(denom.value), ',', '') AS DOUBLE)
    END AS denominator,
    denominator_level
FROM nearest
