/* ---
title: The latest changes
says: Newest first by the registry's date, without bookkeeping of the registry and names of contacts.
columns:
  changed_on: {label: Changed on, kind: date}
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  topic: {label: Topic, kind: term}
  path: {label: Field, kind: code, wide: true}
  kind: {label: What, kind: term}
  old_value: {label: Before, wide: true, optional: true}
  new_value: {label: After, wide: true}
limit: 200
--- */
SELECT changed_on, record_key, brief_title, topic, path, kind, old_value, new_value
FROM marts.change_feed
WHERE topic NOT IN ('bookkeeping', 'contacts')
ORDER BY changed_on DESC NULLS LAST, record_key, to_version, path
