/* ---
description: >-
  Whom to ask about results, as AACT's table result_contacts.
grain: one row per study whose results name a contact
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  organization: {type: VARCHAR, description: "Organisation."}
  name: {type: VARCHAR, description: "Name or title."}
  phone: {type: VARCHAR, description: "Telephone."}
  email: {type: VARCHAR, description: "E-mail."}
  extension: {type: VARCHAR, description: "Extension."}
--- */
SELECT
    record.id_base + 1 AS id,
    record.nct_id,
    study.results_info_point_of_contact_organization AS organization,
    study.results_info_point_of_contact_title AS name,
    study.results_info_point_of_contact_phone AS phone,
    study.results_info_point_of_contact_email AS email,
    study.results_info_point_of_contact_phone_ext AS extension
FROM staging.study AS study
JOIN core.ctgov_record AS record USING (version_id)
WHERE coalesce(
    study.results_info_point_of_contact_organization, study.results_info_point_of_contact_title,
    study.results_info_point_of_contact_phone, study.results_info_point_of_contact_email
) IS NOT NULL
