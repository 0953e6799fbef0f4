/* ---
description: >-
  People and offices to ask about the study: for the whole study, for a location, or for a facility named on a
  registry page. Personal data: publish with care.
grain: one row per contact of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position:
    type: INTEGER
    description: >-
      1-based: central contacts first, then those of locations in their order, then those of the page.
    tests: [not_null]
  level:
    type: VARCHAR
    description: >-
      central, location or page_facility.
    tests: [not_null, {accepted_values: [central, location, page_facility]}]
  location_position: {type: INTEGER, description: "The location (core.location) of a contact of level location."}
  facility: {type: VARCHAR, description: "The facility a page names beside a contact of level page_facility."}
  name: {type: VARCHAR, description: "Name of the person or office."}
  role: {type: VARCHAR, description: "CONTACT, PRINCIPAL_INVESTIGATOR, SUB_INVESTIGATOR, …, as the source gives it."}
  phone: {type: VARCHAR, description: "Telephone number, as written."}
  phone_ext: {type: VARCHAR, description: "Extension."}
  email: {type: VARCHAR, description: "Electronic mail address."}
tests:
  - unique: [record_key, position]
--- */
WITH contact AS (
    SELECT version_id, 1 AS level_order, 'central' AS level, NULL::INTEGER AS location_position,
        position AS source_position, NULL::VARCHAR AS facility, name, role, phone, phone_ext, email
    FROM staging.central_contact
    UNION ALL
    SELECT version_id, 2 AS level_order, 'location' AS level, location_position,
        position AS source_position, NULL::VARCHAR AS facility, name, role, phone, phone_ext, email
    FROM staging.location_contact
    UNION ALL
    SELECT version_id, 3 AS level_order, 'page_facility' AS level, NULL::INTEGER AS location_position,
        position AS source_position, facility, name, role, phone, phone_ext, email
    FROM staging.page_facility_contact
)

SELECT
    version.record_key,
    row_number() OVER (
        PARTITION BY version.record_key
        ORDER BY contact.level_order, contact.location_position, contact.source_position
    )::INTEGER AS position,
    contact.level,
    contact.location_position,
    contact.facility,
    contact.name,
    contact.role,
    contact.phone,
    contact.phone_ext,
    contact.email
FROM contact
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, position
