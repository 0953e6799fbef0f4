/* ---
description: >-
  Who may take part, as AACT's table eligibilities.
grain: one row per study whose record says anything of it
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  sampling_method: {type: VARCHAR, description: "PROBABILITY_SAMPLE or NON_PROBABILITY_SAMPLE."}
  gender: {type: VARCHAR, description: "ALL, FEMALE or MALE: the registry's field sex."}
  minimum_age:
    type: VARCHAR
    description: >-
      Number and unit: 18 Years; N/A where a whole record gives no limit, NULL where the raw format may have lost
      it.
  maximum_age: {type: VARCHAR, description: "Likewise."}
  healthy_volunteers: {type: VARCHAR, description: "t or f; NULL where the record does not say."}
  population: {type: VARCHAR, description: "Population of an observational study."}
  criteria: {type: VARCHAR, description: "The criteria, with their line breaks."}
  gender_description: {type: VARCHAR, description: "Why by gender."}
  gender_based: {type: BOOLEAN, description: "Whether eligibility goes by gender identity."}
  adult:
    type: BOOLEAN
    description: >-
      Whether ages 18 to 64 are among the registry's age groups of the study; NULL where it gives none.
  child: {type: BOOLEAN, description: "Whether ages below 18 are; NULL likewise."}
  older_adult: {type: BOOLEAN, description: "Whether ages from 65 are; NULL likewise."}
--- */
WITH age_group AS (
    SELECT
        version_id,
        bool_or(std_age = 'ADULT') AS adult,
        bool_or(std_age = 'CHILD') AS child,
        bool_or(std_age = 'OLDER_ADULT') AS older_adult
    FROM staging.std_age
    GROUP BY version_id
)

SELECT
    record.id_base + 1 AS id,
    record.nct_id,
    study.sampling_method,
    study.sex AS gender,
    coalesce(study.minimum_age, CASE WHEN record.is_whole THEN 'N/A' END) AS minimum_age,
    coalesce(study.maximum_age, CASE WHEN record.is_whole THEN 'N/A' END) AS maximum_age,
    CASE study.healthy_volunteers WHEN TRUE THEN 't' WHEN FALSE THEN 'f' END AS healthy_volunteers,
    study.study_population AS population,
    study.eligibility_criteria AS criteria,
    study.gender_description,
    study.gender_based,
    age_group.adult,
    age_group.child,
    age_group.older_adult
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
LEFT JOIN age_group USING (version_id)
WHERE coalesce(
    study.sex, study.minimum_age, study.maximum_age, study.eligibility_criteria, study.study_population,
    study.sampling_method, study.gender_description
) IS NOT NULL
OR coalesce(study.healthy_volunteers, study.gender_based) IS NOT NULL
OR age_group.version_id IS NOT NULL
