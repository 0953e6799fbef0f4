/* ---
title: Identifiers
says: Every identifier found on its records. An id that is only mentioned belongs to another trial.
columns:
  record_key: {label: Record, kind: code}
  id_type: {label: Type, kind: registry}
  id_norm: {label: Identifier, kind: code}
  role: {label: Role, kind: term}
  is_valid: {label: Valid, kind: truth}
  reason: {label: Why not, wide: true, optional: true}
parameters: [trial_id]
limit: 80
--- */
SELECT
    identifier.record_key, identifier.id_type, coalesce(identifier.id_norm, identifier.id_raw) AS id_norm, identifier.role,
    identifier.is_valid, identifier.reason
FROM core.identifier AS identifier
JOIN core.record AS record ON record.record_key = identifier.record_key
WHERE record.trial_id = $trial_id
ORDER BY identifier.record_key, identifier.position
