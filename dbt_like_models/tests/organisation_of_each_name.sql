/* ---
model: core.organisation_role
description: Every use of a name has its organisation, or the word that it stands for none.
severity: error
--- */
SELECT uses.record_key, uses.place, uses.name, uses.country, uses.city
FROM core.organisation_use AS uses
ANTI JOIN core.organisation_role AS resolved
    ON resolved.record_key = uses.record_key
    AND resolved.place = uses.place
    AND resolved.name = uses.name
    AND resolved.country IS NOT DISTINCT FROM uses.country
    AND resolved.city IS NOT DISTINCT FROM uses.city
