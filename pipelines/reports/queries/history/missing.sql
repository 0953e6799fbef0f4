/* ---
title: Records that a registry no longer shows
says: Seen before and not in the newest full snapshot of the registry. Their versions stay in the warehouse.
columns:
  record_key: {label: Record, kind: record}
  brief_title: {label: Title, wide: true}
  last_seen_on: {label: Last seen, kind: date}
  missing_since: {label: Missing since, kind: date}
  snapshots_without: {label: Snapshots without it, kind: number}
limit: 60
--- */
SELECT presence.record_key, record.brief_title, presence.last_seen_on, presence.missing_since, presence.snapshots_without
FROM history.presence AS presence
JOIN core.record AS record ON record.record_key = presence.record_key
WHERE presence.is_missing
ORDER BY presence.missing_since, presence.record_key
