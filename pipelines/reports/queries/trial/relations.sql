/* ---
title: Trials that its records mention
says: As the records state it; a mention makes no identity.
columns:
  record_key: {label: Record, kind: code}
  relation_type: {label: Relation, kind: term}
  target_id_type: {label: Registry, kind: registry}
  target_id: {label: Id, kind: code}
  target_title: {label: Title, wide: true, optional: true}
  ground: {label: Ground, wide: true}
parameters: [trial_id]
limit: 60
--- */
SELECT
    relation.record_key, relation.relation_type, relation.target_id_type, relation.target_id, relation.target_title,
    relation.ground
FROM core.relation AS relation
JOIN core.record AS record ON record.record_key = relation.record_key
WHERE record.trial_id = $trial_id
ORDER BY relation.record_key, relation.position
