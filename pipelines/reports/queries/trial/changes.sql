/* ---
title: What changed
says: Newest first, without names of contacts.
columns:
  changed_on: {label: Changed on, kind: date}
  record_key: {label: Record, kind: code}
  to_version: {label: In version, kind: number}
  topic: {label: Topic, kind: term}
  path: {label: Field, kind: code, wide: true}
  kind: {label: What, kind: term}
  old_value: {label: Before, wide: true}
  new_value: {label: After, wide: true}
parameters: [trial_id]
limit: 80
--- */
SELECT feed.changed_on, feed.record_key, feed.to_version, feed.topic, feed.path, feed.kind, feed.old_value, feed.new_value
FROM marts.change_feed AS feed
JOIN core.record AS record ON record.record_key = feed.record_key
WHERE record.trial_id = $trial_id AND feed.topic <> 'contacts'
ORDER BY feed.changed_on DESC NULLS LAST, feed.record_key, feed.to_version DESC, feed.topic = 'bookkeeping', feed.path
