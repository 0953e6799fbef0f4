/* ---
description: >-
  Organisations that current records name, each with all its names in core.organisation_alias. Conservative: where
  it is not clear that two names mean one organisation, they are two.
grain: one row per organisation
owner: team:warehouse
tags: [core, identity]
materialised: table
columns:
  organisation_id:
    type: VARCHAR
    description: >-
      ORG: and the words of its name, with country and city where sites of that name lie in many places. Made from
      the names alone, so the same in every build that has them.
    tests: [not_null, unique]
  name: {type: VARCHAR, description: "Its most frequent name, as a record writes it.", tests: [not_null]}
  country: {type: VARCHAR, description: "Country of its sites, where they lie in one; NULL for none or several."}
  name_count: {type: BIGINT, description: "Names it has.", tests: [not_null]}
  record_count: {type: BIGINT, description: "Records that name it in any place.", tests: [not_null]}
  sponsor_count: {type: BIGINT, description: "Records it leads as sponsor.", tests: [not_null]}
  collaborator_count: {type: BIGINT, description: "Records with it as collaborator.", tests: [not_null]}
  site_count: {type: BIGINT, description: "Records with it as site.", tests: [not_null]}
--- */
SELECT
    organisation_id,
    min(name) FILTER (WHERE method = 'main_name') AS name,
    CASE WHEN count(DISTINCT country) = 1 THEN min(country) END AS country,
    count(DISTINCT name) AS name_count,
    count(DISTINCT record_key) AS record_count,
    count(DISTINCT record_key) FILTER (WHERE place = 'sponsor') AS sponsor_count,
    count(DISTINCT record_key) FILTER (WHERE place = 'collaborator') AS collaborator_count,
    count(DISTINCT record_key) FILTER (WHERE place = 'site') AS site_count
FROM core.organisation_role
WHERE organisation_id IS NOT NULL
GROUP BY organisation_id
ORDER BY organisation_id
