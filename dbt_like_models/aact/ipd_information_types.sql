/* ---
description: >-
  Kinds of information shared with the individual participant data, as AACT's table ipd_information_types.
grain: one row per kind of information of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  name: {type: VARCHAR, description: "STUDY_PROTOCOL, SAP, ICF, CSR or ANALYTIC_CODE."}
--- */
SELECT
    record.id_base + info.position AS id,
    record.nct_id,
    info.info_type AS name
FROM staging.ipd_sharing_info_type AS info
JOIN core.ctgov_record AS record USING (version_id)
