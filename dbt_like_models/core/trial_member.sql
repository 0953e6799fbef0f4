/* ---
description: >-
  Which registry records describe the same real-world trial. For now records belong together only when a valid
  own or alias id of one is a valid own or alias id of another, directly or through a chain of records;
  clustering by secondary ids and content will come later and widen this table.
grain: one row per record
owner: team:warehouse
tags: [core]
materialised: table
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, unique]}
  trial_id: {type: VARCHAR, description: "The trial: named after its primary record.", tests: [not_null]}
  is_primary:
    type: BOOLEAN
    description: >-
      Whether the record stands for the trial: a ClinicalTrials.gov record before others, then the smallest
      record_key.
    tests: [not_null]
--- */
WITH RECURSIVE current_record AS (
    SELECT version_id, record_key, registry
    FROM raw.record_version
    WHERE is_current
),

-- The ids by which a record is known. Secondary ids are left out: many records give those of a parent trial.
record_id AS (
    SELECT DISTINCT record.record_key, identifier.id_type, identifier.id_norm
    FROM staging.identifier AS identifier
    JOIN current_record AS record USING (version_id)
    WHERE identifier.role IN ('own', 'alias') AND identifier.is_valid AND identifier.id_norm IS NOT NULL
),

-- Each record that shares an id is tied to the smallest record with that id; other records take no part below.
shared_id AS (
    SELECT id_type, id_norm, min(record_key) AS hub_key
    FROM record_id
    GROUP BY id_type, id_norm
    HAVING count(*) > 1
),

tie AS (
    SELECT DISTINCT shared_id.hub_key, record_id.record_key
    FROM record_id
    JOIN shared_id USING (id_type, id_norm)
),

edge AS (
    SELECT hub_key AS from_key, record_key AS to_key FROM tie WHERE hub_key <> record_key
    UNION
    SELECT record_key AS from_key, hub_key AS to_key FROM tie WHERE hub_key <> record_key
),

-- All records that can be reached from each hub; UNION drops what was reached before, so chains and circles end.
reached AS (
    SELECT DISTINCT hub_key AS hub_key, hub_key AS record_key
    FROM tie
    UNION
    SELECT reached.hub_key, edge.to_key AS record_key
    FROM reached
    JOIN edge ON edge.from_key = reached.record_key
),

cluster AS (
    SELECT record_key, min(hub_key) AS cluster_key
    FROM reached
    GROUP BY record_key
),

member AS (
    SELECT
        record.record_key,
        coalesce(cluster.cluster_key, record.record_key) AS cluster_key,
        CASE WHEN record.registry = 'CTGOV' THEN 0 ELSE 1 END AS registry_order
    FROM current_record AS record
    LEFT JOIN cluster USING (record_key)
),

named AS (
    SELECT
        record_key,
        first_value(record_key) OVER (PARTITION BY cluster_key ORDER BY registry_order, record_key) AS primary_key
    FROM member
)

SELECT
    record_key,
    'TRIAL:' || primary_key AS trial_id,
    record_key = primary_key AS is_primary
FROM named
ORDER BY record_key
