/* ---
description: >-
  Agreements that keep investigators from publishing, as AACT's table result_agreements.
grain: one row per study whose results tell of agreements
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  pi_employee: {type: VARCHAR, description: "t or f: whether all investigators are employed by the sponsor."}
  agreement: {type: VARCHAR, description: "Always NULL: the registry no longer gives the sentence."}
  restriction_type: {type: VARCHAR, description: "LTE60, GT60 or OTHER."}
  other_details: {type: VARCHAR, description: "Other restrictions, in words."}
  restrictive_agreement: {type: VARCHAR, description: "t or f: whether an agreement restricts publication."}
--- */
SELECT
    record.id_base + 1 AS id,
    record.nct_id,
    CASE study.results_info_certain_agreement_pi_sponsor_employee WHEN TRUE THEN 't' WHEN FALSE THEN 'f' END
        AS pi_employee,
    NULL::VARCHAR AS agreement,
    study.results_info_certain_agreement_restriction_type AS restriction_type,
    study.results_info_certain_agreement_other_details AS other_details,
    CASE study.results_info_certain_agreement_restrictive_agreement WHEN TRUE THEN 't' WHEN FALSE THEN 'f' END
        AS restrictive_agreement
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
WHERE coalesce(
    study.results_info_certain_agreement_pi_sponsor_employee,
    study.results_info_certain_agreement_restrictive_agreement
) IS NOT NULL
OR coalesce(
    study.results_info_certain_agreement_restriction_type, study.results_info_certain_agreement_other_details
) IS NOT NULL
