/* ---
title: Eligibility criteria
says: >-
  As rows, in the order of the text; unknown where no heading says whether a criterion includes or excludes.
columns:
  record_key: {label: Record, kind: code}
  kind: {label: Kind, kind: term}
  path: {label: Place, kind: code}
  text: {label: Criterion, wide: true}
  damage: {label: Damage, kind: term, optional: true}
parameters: [trial_id]
limit: 80
--- */
SELECT criterion.record_key, criterion.kind, criterion.path, criterion.text, criterion.damage
FROM core.criterion AS criterion
JOIN core.record AS record ON record.record_key = criterion.record_key
WHERE record.trial_id = $trial_id
ORDER BY criterion.record_key, criterion.position
