/* ---
description: >-
  Which organisations take part in a record, and as what: core.organisation_use with the organisation that each
  name stands for (core.organisation_alias says why).
grain: one row per record, place, name and, of a site, country and city
owner: team:warehouse
tags: [core, identity]
materialised: table
incremental: record_key
lookups: {core.organisation_alias.name: core.organisation_use.name}
columns:
  record_key: {type: VARCHAR, description: "The record.", tests: [not_null]}
  place:
    type: VARCHAR
    description: >-
      sponsor, collaborator (also a sponsor without a role), registrant, affiliation or site.
    tests: [not_null]
  name: {type: VARCHAR, description: "The name as the record writes it.", tests: [not_null]}
  country: {type: VARCHAR, description: "Country of a site, by one name (core.country_spelling); NULL for other places."}
  city: {type: VARCHAR, description: "City of a site; NULL for other places."}
  organisation_id: {type: VARCHAR, description: "The organisation (core.organisation); NULL where the name stands for none."}
  method: {type: VARCHAR, description: "How the name was resolved, as in core.organisation_alias.", tests: [not_null]}
tests:
  - unique: [record_key, place, name, country, city]
--- */
SELECT
    uses.record_key,
    uses.place,
    uses.name,
    uses.country,
    uses.city,
    alias.organisation_id,
    alias.method
FROM core.organisation_use AS uses
JOIN core.organisation_alias AS alias
    ON alias.name = uses.name
    AND (alias.country IS NULL OR alias.country = uses.country)
    AND (alias.city IS NULL OR alias.city = coalesce(uses.city_key, ''))
    AND (
        alias.covers = 'all'
        OR (alias.covers = 'sites' AND uses.place = 'site')
        OR (alias.covers = 'other' AND (uses.place <> 'site' OR uses.country IS NULL))
    )
ORDER BY uses.record_key, uses.place, uses.name, uses.country, uses.city
