/* ---
description: >-
  Whether a registry still shows a record: seen, or missing since a full snapshot (raw.snapshot) that no longer
  holds it. Only whole snapshots tell; files that hold a part say nothing about what is not in them, and records
  are never deleted.
grain: one row per record
owner: team:warehouse
tags: [history]
materialised: table
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, unique, {relationships: core.record.record_key}]}
  last_seen_on:
    type: DATE
    description: >-
      The last day on which the registry is known to have shown the record: of a version or of a snapshot that holds
      it, read to its end or not; NULL when neither gives a day.
  missing_since: {type: DATE, description: "Day of the first whole snapshot after last_seen_on that lacks the record; NULL while nothing says that it is gone."}
  snapshots_without: {type: BIGINT, description: "Whole snapshots after last_seen_on that lack it.", tests: [not_null]}
  is_missing: {type: BOOLEAN, description: "Whether the registry no longer shows it; NULL when there is no whole snapshot of its registry, or the record has no date, or is keyed by anything but its registry's id: a snapshot is searched by that."}
--- */
WITH record AS (
    SELECT record_key, registry, max(valid_from) AS newest_version_on
    FROM history.version
    GROUP BY record_key, registry
),

whole AS (
    SELECT file_id, registry, taken_on
    FROM raw.snapshot
    WHERE is_whole
),

-- A snapshot that could not be read to its end tells nothing by what it lacks, but what it holds was shown.
held AS (
    SELECT held.record_key, max(snapshot.taken_on) AS newest_snapshot_on
    FROM raw.snapshot_record AS held
    JOIN raw.snapshot AS snapshot USING (file_id)
    GROUP BY held.record_key
),

seen AS (
    SELECT
        record.record_key,
        record.registry,
        greatest(record.newest_version_on, held.newest_snapshot_on) AS last_seen_on,
        -- A saved page that lost its id is keyed by its content: the registry may well show the record under the id.
        starts_with(record.record_key, record.registry || ':') AS is_searchable
    FROM record
    LEFT JOIN held USING (record_key)
),

later AS (
    SELECT
        seen.record_key,
        min(whole.taken_on) AS first_without,
        count(*) AS snapshots_without
    FROM seen
    JOIN whole ON whole.registry = seen.registry AND whole.taken_on > seen.last_seen_on
    WHERE seen.is_searchable
    GROUP BY seen.record_key
),

newest_snapshot AS (
    SELECT registry, max(taken_on) AS taken_on
    FROM whole
    GROUP BY registry
)

SELECT
    seen.record_key,
    seen.last_seen_on,
    later.first_without AS missing_since,
    coalesce(later.snapshots_without, 0) AS snapshots_without,
    CASE
        WHEN later.record_key IS NOT NULL THEN true
        WHEN seen.is_searchable AND newest_snapshot.taken_on <= seen.last_seen_on THEN false
    END AS is_missing
FROM seen
LEFT JOIN later USING (record_key)
LEFT JOIN newest_snapshot USING (registry)
ORDER BY seen.record_key
