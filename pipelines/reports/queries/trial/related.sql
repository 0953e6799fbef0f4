/* ---
title: Related trials
says: Stated by the records, by shared ids, of the same programme, or similar; each with its ground. Records of this trial are not here.
columns:
  relation_type: {label: Relation, kind: term}
  related_id: {label: Trial, kind: code}
  related_title: {label: Title, wide: true}
  certainty: {label: Certainty, kind: term}
  score: {label: Score, kind: number, optional: true}
  ground: {label: Ground, wide: true}
metrics: [marts.trial_relation.score]
parameters: [trial_id]
limit: 80
--- */
SELECT relation_type, related_id, related_title, certainty, score, ground
FROM marts.trial_relation
WHERE trial_id = $trial_id
ORDER BY list_position(['certain', 'likely', 'scored'], certainty), score DESC NULLS LAST, relation_type, related_id
