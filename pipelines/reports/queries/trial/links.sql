/* ---
title: What ties its records together, and what was refused
says: Pairs of records that were weighed, with the evidence. A refused pair is another trial.
columns:
  record_key_a: {label: Record, kind: record}
  record_key_b: {label: Other record, kind: record}
  is_accepted: {label: One trial, kind: truth}
  method: {label: Found by, kind: term}
  score: {label: Score, kind: number}
  evidence: {label: Evidence, wide: true, optional: true}
  reason: {label: Why refused, wide: true, optional: true}
parameters: [trial_id]
limit: 60
--- */
SELECT
    link.record_key_a, link.record_key_b, link.is_accepted, link.method, link.score, link.evidence, link.reason
FROM core.record_link AS link
WHERE
    link.record_key_a IN (SELECT record_key FROM core.record WHERE trial_id = $trial_id)
    OR link.record_key_b IN (SELECT record_key FROM core.record WHERE trial_id = $trial_id)
ORDER BY link.is_accepted DESC, link.score DESC, link.record_key_a, link.record_key_b
