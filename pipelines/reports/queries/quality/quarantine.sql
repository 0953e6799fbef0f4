/* ---
title: What could not be read
says: Files and records in quarantine, with the reason; nothing is dropped silently. Released ones are not counted.
columns:
  reason_code: {label: Reason, kind: code}
  reason: {label: In words, note: one example, wide: true}
  pieces: {label: Pieces, kind: number}
  files: {label: Files, kind: number}
  newest: {label: Last seen first, kind: moment}
limit: 60
--- */
SELECT
    reason_code,
    min(reason) AS reason,
    count(*) AS pieces,
    count(DISTINCT path) AS files,
    max(first_seen_at) AS newest
FROM quality.quarantine
WHERE released_at IS NULL
GROUP BY reason_code
ORDER BY pieces DESC, reason_code
