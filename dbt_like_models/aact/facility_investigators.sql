/* ---
description: >-
  Investigators of sites, as AACT's table facility_investigators: every role but CONTACT.
grain: one row per investigator of a site
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
  role: {type: VARCHAR, description: "PRINCIPAL_INVESTIGATOR, SUB_INVESTIGATOR, STUDY_CHAIR or STUDY_DIRECTOR."}
  name: {type: VARCHAR, description: "Name."}
--- */
SELECT
    record.id_base + contact.location_position * 100 + contact.position AS id,
    record.nct_id,
    record.id_base + contact.location_position AS facility_id,
    contact.role,
    contact.name
FROM staging.location_contact AS contact
JOIN core.ctgov_record AS record USING (version_id)
WHERE contact.role <> 'CONTACT'
