/* ---
description: >-
  Records that have an own id in common with another record: the member states of one EudraCT number, submissions of one
  EU CT number. What core.identity_feature says of each record alone is put together by it.
grain: one row per record that bears an own id of another record too
owner: team:warehouse
tags: [core, identity]
materialised: table
columns:
  record_key: {type: VARCHAR, description: "The record.", tests: [not_null, unique]}
  group_key: {type: VARCHAR, description: "The smallest record key among those that have an own id with it in common, itself included.", tests: [not_null]}
--- */
SELECT record_key, min(first_key) AS group_key
FROM (
    SELECT
        record_key,
        min(record_key) OVER (PARTITION BY id_type, id_key) AS first_key,
        count(*) OVER (PARTITION BY id_type, id_key) AS bearers
    FROM core.identity_key
    WHERE role = 'own'
)
GROUP BY record_key
HAVING max(bearers) > 1
ORDER BY record_key
