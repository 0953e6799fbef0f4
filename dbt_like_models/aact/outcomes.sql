/* ---
description: >-
  Outcomes that were measured, as AACT's table outcomes.
grain: one row per outcome in the results of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  outcome_type: {type: VARCHAR, description: "PRIMARY, SECONDARY, OTHER_PRE_SPECIFIED or POST_HOC."}
  title: {type: VARCHAR, description: "What was measured."}
  description: {type: VARCHAR, description: "How."}
  time_frame: {type: VARCHAR, description: "When."}
  population: {type: VARCHAR, description: "Who was analysed."}
  anticipated_posting_date: {type: DATE, description: "First day that anticipated_posting_month_year can mean."}
  anticipated_posting_month_year:
    type: VARCHAR
    description: >-
      When values that are not there yet are expected, as registered.
  units: {type: VARCHAR, description: "Unit of the values."}
  units_analyzed: {type: VARCHAR, description: "Units analysed where these are not participants."}
  dispersion_type: {type: VARCHAR, description: "Kind of spread, in words."}
  param_type: {type: VARCHAR, description: "MEAN, MEDIAN, COUNT_OF_PARTICIPANTS, …"}
--- */
SELECT
    record.id_base + outcome.position AS id,
    record.nct_id,
    outcome.type AS outcome_type,
    outcome.title,
    outcome.description,
    outcome.time_frame,
    outcome.population_description AS population,
    outcome.anticipated_posting_date_earliest AS anticipated_posting_date,
    outcome.anticipated_posting_date AS anticipated_posting_month_year,
    outcome.unit_of_measure AS units,
    outcome.type_units_analyzed AS units_analyzed,
    outcome.dispersion_type,
    outcome.param_type
FROM staging.outcome_measure AS outcome
JOIN core.ctgov_record AS record USING (version_id)
