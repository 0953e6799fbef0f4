/* ---
description: >-
  Contacts for the whole study, as AACT's table central_contacts.
grain: one row per contact of a study
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  contact_type:
    type: VARCHAR
    description: >-
      primary for the first, backup for the others: by place, for the registry does not say.
  name: {type: VARCHAR, description: "Name."}
  phone: {type: VARCHAR, description: "Telephone."}
  email: {type: VARCHAR, description: "E-mail."}
  phone_extension: {type: VARCHAR, description: "Extension."}
  role: {type: VARCHAR, description: "CONTACT."}
--- */
SELECT
    record.id_base + contact.position AS id,
    record.nct_id,
    CASE WHEN contact.position = 1 THEN 'primary' ELSE 'backup' END AS contact_type,
    contact.name,
    contact.phone,
    contact.email,
    contact.phone_ext AS phone_extension,
    contact.role
FROM staging.central_contact AS contact
JOIN core.ctgov_record AS record USING (version_id)
