/* ---
title: Records by status
says: The recruitment status in the words of the registry; records without one are said to have none.
columns:
  status: {label: Status, kind: term}
  records: {label: Records, kind: number}
--- */
SELECT coalesce(overall_status, 'none stated') AS status, count(*) AS records
FROM core.record
GROUP BY status
ORDER BY records DESC, status
