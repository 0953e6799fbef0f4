/* ---
description: >-
  How the study is designed, as AACT's table designs.
grain: one row per study whose record says anything of its design
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  allocation: {type: VARCHAR, description: "RANDOMIZED, NON_RANDOMIZED or NA."}
  intervention_model: {type: VARCHAR, description: "PARALLEL, CROSSOVER, …"}
  observational_model: {type: VARCHAR, description: "COHORT, CASE_CONTROL, …"}
  primary_purpose: {type: VARCHAR, description: "TREATMENT, PREVENTION, …"}
  time_perspective: {type: VARCHAR, description: "PROSPECTIVE, RETROSPECTIVE, CROSS_SECTIONAL or OTHER."}
  masking: {type: VARCHAR, description: "NONE, SINGLE, DOUBLE, TRIPLE or QUADRUPLE."}
  masking_description: {type: VARCHAR, description: "Masking in words."}
  intervention_model_description: {type: VARCHAR, description: "The model in words."}
  subject_masked: {type: BOOLEAN, description: "Whether participants are masked; NULL where the record names nobody."}
  caregiver_masked: {type: BOOLEAN, description: "Whether care providers are masked; NULL likewise."}
  investigator_masked: {type: BOOLEAN, description: "Whether investigators are masked; NULL likewise."}
  outcomes_assessor_masked: {type: BOOLEAN, description: "Whether outcomes assessors are masked; NULL likewise."}
--- */
WITH masked AS (
    SELECT
        version_id,
        bool_or(who_masked = 'PARTICIPANT') AS subject_masked,
        bool_or(who_masked = 'CARE_PROVIDER') AS caregiver_masked,
        bool_or(who_masked = 'INVESTIGATOR') AS investigator_masked,
        bool_or(who_masked = 'OUTCOMES_ASSESSOR') AS outcomes_assessor_masked
    FROM staging.who_masked
    GROUP BY version_id
)

SELECT
    record.id_base + 1 AS id,
    record.nct_id,
    study.design_allocation AS allocation,
    study.design_intervention_model AS intervention_model,
    study.design_observational_model AS observational_model,
    study.design_primary_purpose AS primary_purpose,
    study.design_time_perspective AS time_perspective,
    study.design_masking AS masking,
    study.design_masking_description AS masking_description,
    study.design_intervention_model_description AS intervention_model_description,
    masked.subject_masked,
    masked.caregiver_masked,
    masked.investigator_masked,
    masked.outcomes_assessor_masked
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
LEFT JOIN masked USING (version_id)
WHERE coalesce(
    study.design_allocation, study.design_intervention_model, study.design_observational_model,
    study.design_primary_purpose, study.design_time_perspective, study.design_masking,
    study.design_masking_description, study.design_intervention_model_description
) IS NOT NULL
