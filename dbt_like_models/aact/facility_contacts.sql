/* ---
description: >-
  Contacts of sites, as AACT's table facility_contacts: those of role CONTACT or without a role.
grain: one row per contact of a site
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  facility_id: {type: BIGINT, description: "The site: aact.facilities.id."}
  contact_type:
    type: VARCHAR
    description: >-
      primary for the first contact of the site, backup for the others: by place, for the registry does not say.
  name: {type: VARCHAR, description: "Name."}
  email: {type: VARCHAR, description: "E-mail."}
  phone: {type: VARCHAR, description: "Telephone."}
  phone_extension: {type: VARCHAR, description: "Extension."}
--- */
WITH contact AS (
    SELECT
        version_id,
        location_position,
        position,
        name,
        email,
        phone,
        phone_ext,
        row_number() OVER (PARTITION BY version_id, location_position ORDER BY position) AS place
    FROM staging.location_contact
    WHERE coalesce(role, 'CONTACT') = 'CONTACT'
)

SELECT
    record.id_base + contact.location_position * 100 + contact.position AS id,
    record.nct_id,
    record.id_base + contact.location_position AS facility_id,
    CASE WHEN contact.place = 1 THEN 'primary' ELSE 'backup' END AS contact_type,
    contact.name,
    contact.email,
    contact.phone,
    contact.phone_ext AS phone_extension
FROM contact
JOIN core.ctgov_record AS record USING (version_id)
