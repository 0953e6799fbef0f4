/* ---
title: What changes
says: Changes between consecutive versions by topic; a change of one list item is one change.
columns:
  topic: {label: Topic, kind: term}
  changes: {label: Changes, kind: number}
  records: {label: Records, kind: number}
--- */
SELECT topic, count(*) AS changes, count(DISTINCT record_key) AS records
FROM marts.change_feed
GROUP BY topic
ORDER BY changes DESC, topic
