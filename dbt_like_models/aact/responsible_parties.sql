/* ---
description: >-
  Who answers for the record, as AACT's table responsible_parties.
grain: one row per study whose record names a responsible party
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  responsible_party_type: {type: VARCHAR, description: "SPONSOR, PRINCIPAL_INVESTIGATOR or SPONSOR_INVESTIGATOR."}
  name: {type: VARCHAR, description: "Name of the investigator."}
  title: {type: VARCHAR, description: "Title of the investigator."}
  organization: {type: VARCHAR, description: "Organisation, in records from before 2011."}
  affiliation: {type: VARCHAR, description: "Organisation of the investigator."}
  old_name_title: {type: VARCHAR, description: "Name and title, in records from before 2011."}
--- */
SELECT
    record.id_base + 1 AS id,
    record.nct_id,
    study.responsible_party_type,
    study.responsible_party_investigator_full_name AS name,
    study.responsible_party_investigator_title AS title,
    study.responsible_party_old_organization AS organization,
    study.responsible_party_investigator_affiliation AS affiliation,
    study.responsible_party_old_name_title AS old_name_title
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
WHERE coalesce(
    study.responsible_party_type, study.responsible_party_investigator_full_name,
    study.responsible_party_old_organization, study.responsible_party_old_name_title
) IS NOT NULL
