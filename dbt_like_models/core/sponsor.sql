/* ---
description: >-
  Organisations behind the study: the lead sponsor, collaborators, and names on a registry page whose role is
  lost (role NULL).
grain: one row per sponsor of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position:
    type: INTEGER
    description: >-
      1-based: the lead first, then collaborators in the order of the record, then names without a role.
    tests: [not_null]
  role:
    type: VARCHAR
    description: >-
      lead or collaborator; NULL where the source does not say.
    tests: [{accepted_values: [lead, collaborator]}]
  name: {type: VARCHAR, description: "Name of the organisation or person."}
  class: {type: VARCHAR, description: "NIH, FED, OTHER_GOV, INDIV, INDUSTRY, NETWORK, AMBIG, OTHER or UNKNOWN."}
tests:
  - unique: [record_key, position]
--- */
WITH stated AS (
    SELECT version_id, 1 AS role_order, 1 AS source_position, 'lead' AS role, lead_sponsor_name AS name,
        lead_sponsor_class AS class
    FROM staging.study
    WHERE lead_sponsor_name IS NOT NULL
    UNION ALL
    SELECT version_id, 2 AS role_order, position AS source_position, 'collaborator' AS role, name, class
    FROM staging.collaborator
),

-- A page lists its sponsors with or without roles; those with a role are already among the stated ones.
sponsor AS (
    SELECT version_id, role_order, source_position, role, name, class
    FROM stated
    UNION ALL
    SELECT page.version_id, 3 AS role_order, page.position AS source_position, lower(page.role) AS role, page.name,
        page.class
    FROM staging.page_sponsor AS page
    ANTI JOIN stated ON stated.version_id = page.version_id AND stated.name = page.name
)

SELECT
    version.record_key,
    row_number() OVER (
        PARTITION BY version.record_key ORDER BY sponsor.role_order, sponsor.source_position
    )::INTEGER AS position,
    sponsor.role,
    sponsor.name,
    sponsor.class
FROM sponsor
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, position
