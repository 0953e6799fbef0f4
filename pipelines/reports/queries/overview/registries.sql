/* ---
title: Records by registry
says: A record belongs to the registry that issued its id, whichever file it came in.
columns:
  registry: {label: Registry, kind: registry}
  records: {label: Records, kind: number}
  with_results: {label: Results posted, kind: number}
  newest: {label: Newest registry date, kind: date}
--- */
SELECT
    registry,
    count(*) AS records,
    count(*) FILTER (WHERE has_results) AS with_results,
    max(registry_updated_on) AS newest
FROM core.record
GROUP BY registry
ORDER BY records DESC, registry
