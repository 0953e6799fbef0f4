/* ---
title: The build these pages are about
says: The newest row of meta.build.
columns:
  build_id: {label: Build, kind: code}
  published_at: {label: "Published (UTC)", kind: moment}
  files: {label: Files read in this run, kind: number}
  records_seen: {label: Records seen, kind: number}
  records_accepted: {label: Accepted, kind: number, note: "new versions"}
  records_unchanged: {label: Unchanged, kind: number, note: "known already"}
  records_quarantined: {label: Quarantined, kind: number, note: "with a reason and a place"}
--- */
SELECT build_id, published_at, files, records_seen, records_accepted, records_unchanged, records_quarantined
FROM meta.build
ORDER BY coalesce(published_at, started_at) DESC
LIMIT 1
