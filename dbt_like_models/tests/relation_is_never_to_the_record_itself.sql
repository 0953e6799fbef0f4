/* ---
model: core.relation
description: No record points to an id that is its own.
--- */
SELECT relation.record_key, relation.target_id
FROM core.relation AS relation
JOIN core.identifier AS identifier
    ON identifier.record_key = relation.record_key AND identifier.id_norm = relation.target_id
WHERE identifier.role IN ('own', 'alias')
