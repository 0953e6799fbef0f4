/* ---
description: >-
  Outcomes that differ between the registry entry at one milestone of the study and at a later one: added, dropped,
  moved between primary and secondary, reworded, or measured at another time. Outcomes that stayed are left out.
  The entry at the start of the study stands for what was specified beforehand (Goldacre 2016, COMPare; Holst
  2023). Entries of more than 1,000 outcomes are not compared.
grain: one row per record, pair of milestones and outcome that differs
owner: team:warehouse
tags: [marts, history]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  from_milestone: {type: VARCHAR, description: "start or completion.", tests: [not_null, {accepted_values: [start, completion]}]}
  to_milestone: {type: VARCHAR, description: "completion (of the primary outcome's measurement) or latest.", tests: [not_null, {accepted_values: [completion, latest]}]}
  outcome_no: {type: BIGINT, description: "1-based number of the row within record and pair of milestones.", tests: [not_null]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_id: {type: VARCHAR, description: "The registry's own id."}
  brief_title: {type: VARCHAR, description: "Short title."}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  kind:
    type: VARCHAR
    description: >-
      first_stated (the earlier entry names no outcome at all), no_longer_stated (the later one names none), added,
      dropped, promoted (to primary), demoted (from primary), moved (between secondary and other), reworded
      (the measure, likely meaning the same), time_frame_changed or description_changed; the first that holds.
      White space, escapes, kinds of dashes and marks of lists are no change: formats differ in them.
    tests: [not_null, {accepted_values: [first_stated, no_longer_stated, added, dropped, promoted, demoted, moved, reworded, time_frame_changed, description_changed]}]
  is_major: {type: BOOLEAN, description: "Whether a primary outcome was added, dropped, promoted or demoted.", tests: [not_null]}
  is_prespecified:
    type: BOOLEAN
    description: >-
      Whether the earlier entry is from before the milestone; false: the first version at hand is later, and stands
      in for it; NULL: a version falls into the month of the milestone.
  from_type: {type: VARCHAR, description: "PRIMARY, SECONDARY or OTHER in the earlier entry; NULL when added."}
  to_type: {type: VARCHAR, description: "PRIMARY, SECONDARY or OTHER in the later entry; NULL when dropped."}
  from_measure: {type: VARCHAR, description: "The measure in the earlier entry."}
  to_measure: {type: VARCHAR, description: "The measure in the later entry."}
  from_time_frame: {type: VARCHAR, description: "The time frame in the earlier entry."}
  to_time_frame: {type: VARCHAR, description: "The time frame in the later entry."}
  from_version: {type: INTEGER, description: "Version that stands for the earlier milestone.", tests: [not_null]}
  to_version: {type: INTEGER, description: "Version that stands for the later milestone.", tests: [not_null]}
  likeness: {type: DOUBLE, description: "Jaro-Winkler likeness of both measures, 1 when equal but for case and punctuation; NULL when added or dropped."}
metrics:
  is_major:
    meaning: "The main question of the study was exchanged."
    formula: "a primary outcome added or dropped, or an outcome moved to or from primary"
    caveat: "Two wordings count as one outcome from a likeness of 0.90, each being the other's best, and what is left of one wording in its order (2026-11: of 18 pairs of real outcomes read by eye, all best pairs above it were the same outcome, and wrong ones begin at 0.87); a rewording beyond that shows as dropped and added. An earlier entry without any outcome exchanges nothing. Whether a change is justified, the registry does not say."
  likeness:
    meaning: "How alike the two wordings of an outcome are."
    formula: "Jaro-Winkler similarity of both measures (their first 1,000 characters) in small letters without punctuation; 1 for equal"
    caveat: "Of letters, not of meaning: a changed number of weeks hardly lowers it."
tests:
  - unique: [record_key, from_milestone, to_milestone, outcome_no]
--- */
WITH dated_version AS (
    SELECT record_key, version_no, version_id, valid_from
    FROM history.version
    WHERE valid_from IS NOT NULL AND valid_from IS DISTINCT FROM valid_to
),

milestone_day AS (
    SELECT record_key, 'start' AS milestone, start_earliest AS earliest, start_latest AS latest
    FROM core.record
    UNION ALL
    SELECT record_key, 'completion' AS milestone,
           coalesce(primary_completion_earliest, completion_earliest) AS earliest,
           coalesce(primary_completion_latest, completion_latest) AS latest
    FROM core.record
),

-- The entry as it stood when the milestone was reached; where the history begins later, its first version.
milestone_version AS (
    SELECT
        version.record_key,
        day.milestone,
        coalesce(
            arg_max(version.version_id, version.version_no) FILTER (WHERE version.valid_from <= day.latest),
            arg_min(version.version_id, version.version_no)
        ) AS version_id,
        coalesce(
            max(version.version_no) FILTER (WHERE version.valid_from <= day.latest),
            min(version.version_no)
        ) AS version_no,
        CASE
            WHEN min(version.valid_from) > day.latest THEN false
            WHEN count(*) FILTER (WHERE version.valid_from > day.earliest AND version.valid_from <= day.latest) = 0 THEN true
        END AS is_before
    FROM milestone_day AS day
    JOIN dated_version AS version USING (record_key)
    WHERE day.latest IS NOT NULL
    GROUP BY version.record_key, day.milestone, day.earliest, day.latest
    UNION ALL
    SELECT record_key, 'latest' AS milestone, arg_max(version_id, version_no) AS version_id,
           max(version_no) AS version_no, true AS is_before
    FROM dated_version
    GROUP BY record_key
),

pair AS (
    SELECT
        earlier.record_key,
        earlier.milestone AS from_milestone,
        later.milestone AS to_milestone,
        earlier.version_id AS from_version_id,
        later.version_id AS to_version_id,
        earlier.version_no AS from_version,
        later.version_no AS to_version,
        earlier.is_before AS is_prespecified
    FROM milestone_version AS earlier
    JOIN milestone_version AS later
        ON later.record_key = earlier.record_key
        AND (
            (earlier.milestone = 'start' AND later.milestone IN ('completion', 'latest'))
            OR (earlier.milestone = 'completion' AND later.milestone = 'latest')
        )
        AND later.version_no > earlier.version_no
),

outcome AS (
    SELECT version_id, 'PRIMARY' AS type, 1 AS rank, position, measure, description, time_frame FROM staging.primary_outcome
    UNION ALL
    SELECT version_id, 'SECONDARY' AS type, 2 AS rank, position, measure, description, time_frame
    FROM staging.secondary_outcome
    UNION ALL
    SELECT version_id, 'OTHER' AS type, 3 AS rank, position, measure, description, time_frame FROM staging.other_outcome
),

-- Every outcome of one entry meets every one of the other: 10,000 on both sides would be 100 million pairs (2026-11).
crowded AS (
    SELECT version_id
    FROM outcome
    GROUP BY version_id
    HAVING count(*) > 1000
),

comparable AS (
    SELECT pair.*
    FROM pair
    ANTI JOIN crowded AS crowded_before ON crowded_before.version_id = pair.from_version_id
    ANTI JOIN crowded AS crowded_after ON crowded_after.version_id = pair.to_version_id
),

said AS (
    SELECT
        version_id,
        type,
        rank,
        position,
        measure,
        time_frame,
        -- Without its number in a list: "1. To evaluate" is "To evaluate", though hardly like it, letter by letter.
        trim(lower(regexp_replace(
            regexp_replace(coalesce(measure, ''), '^\s*([0-9]{1,2}\\?[.)]|\([0-9]{1,2}\\?\))\s+', ''), '[^\p{L}\p{N}]+', ' ', 'g'
        ))) AS wording,
        -- The same text in two formats: other dashes, escapes, white space and marks of lists (2026-11: XML beside API v2).
        trim(regexp_replace(
            regexp_replace(translate(lower(time_frame), '−–—‐‑', '-----'), '\\([^\p{L}\p{N}])', '\1', 'g'), '\s+', ' ', 'g'
        )) AS plain_time_frame,
        trim(regexp_replace(
            regexp_replace(
                regexp_replace(translate(lower(description), '−–—‐‑', '-----'), '\\([^\p{L}\p{N}])', '\1', 'g'),
                '(^|\n)[ \t]*([0-9]{1,2}[.)]|[*•-])[ \t]+', '\1', 'g'
            ),
            '\s+', ' ', 'g'
        )) AS plain_description
    FROM outcome
    WHERE version_id IN (SELECT from_version_id FROM comparable) OR version_id IN (SELECT to_version_id FROM comparable)
),

from_outcome AS (
    SELECT comparable.record_key, comparable.from_milestone, comparable.to_milestone, said.type, said.rank, said.position, said.measure,
           said.time_frame, said.wording, said.plain_description, said.plain_time_frame
    FROM comparable
    JOIN said ON said.version_id = comparable.from_version_id
),

to_outcome AS (
    SELECT comparable.record_key, comparable.from_milestone, comparable.to_milestone, said.type, said.rank, said.position, said.measure,
           said.time_frame, said.wording, said.plain_description, said.plain_time_frame
    FROM comparable
    JOIN said ON said.version_id = comparable.to_version_id
),

candidate AS (
    SELECT
        old.record_key,
        old.from_milestone,
        old.to_milestone,
        old.rank AS from_rank,
        old.position AS from_position,
        new.rank AS to_rank,
        new.position AS to_position,
        CASE
            WHEN old.wording = new.wording THEN 1.0
            ELSE jaro_winkler_similarity(left(old.wording, 1000), left(new.wording, 1000))
        END AS likeness,
        (old.rank = new.rank)::INTEGER AS same_type,
        (old.plain_time_frame IS NOT DISTINCT FROM new.plain_time_frame)::INTEGER AS same_time_frame
    FROM from_outcome AS old
    JOIN to_outcome AS new USING (record_key, from_milestone, to_milestone)
    WHERE old.wording = new.wording
        OR (
            length(old.wording) > 0
            AND jaro_winkler_similarity(left(old.wording, 1000), left(new.wording, 1000)) >= 0.90
        )
),

-- Two outcomes are the same where each is the other's best candidate.
ranked AS (
    SELECT
        record_key,
        from_milestone,
        to_milestone,
        from_rank,
        from_position,
        to_rank,
        to_position,
        likeness,
        row_number() OVER (
            PARTITION BY record_key, from_milestone, to_milestone, from_rank, from_position
            ORDER BY likeness DESC, same_type DESC, same_time_frame DESC, abs(from_position - to_position), to_rank, to_position
        ) AS choice_of_old,
        row_number() OVER (
            PARTITION BY record_key, from_milestone, to_milestone, to_rank, to_position
            ORDER BY likeness DESC, same_type DESC, same_time_frame DESC, abs(from_position - to_position), from_rank, from_position
        ) AS choice_of_new
    FROM candidate
),

best AS (
    SELECT record_key, from_milestone, to_milestone, from_rank, from_position, to_rank, to_position
    FROM ranked
    WHERE choice_of_old = 1 AND choice_of_new = 1
),

-- Of several outcomes of one wording two can have the same best one: what is left of that wording on both sides is the
-- same in its order, not dropped and added again.
left_before AS (
    SELECT old.record_key, old.from_milestone, old.to_milestone, old.rank, old.position, old.wording,
           row_number() OVER (
               PARTITION BY old.record_key, old.from_milestone, old.to_milestone, old.wording ORDER BY old.rank, old.position
           ) AS nth
    FROM from_outcome AS old
    ANTI JOIN best
        ON best.record_key = old.record_key AND best.from_milestone = old.from_milestone AND best.to_milestone = old.to_milestone
        AND best.from_rank = old.rank AND best.from_position = old.position
),

left_after AS (
    SELECT new.record_key, new.from_milestone, new.to_milestone, new.rank, new.position, new.wording,
           row_number() OVER (
               PARTITION BY new.record_key, new.from_milestone, new.to_milestone, new.wording ORDER BY new.rank, new.position
           ) AS nth
    FROM to_outcome AS new
    ANTI JOIN best
        ON best.record_key = new.record_key AND best.from_milestone = new.from_milestone AND best.to_milestone = new.to_milestone
        AND best.to_rank = new.rank AND best.to_position = new.position
),

same AS (
    SELECT record_key, from_milestone, to_milestone, from_rank, from_position, to_rank, to_position
    FROM best
    UNION ALL
    SELECT record_key, from_milestone, to_milestone, left_before.rank AS from_rank, left_before.position AS from_position,
           left_after.rank AS to_rank, left_after.position AS to_position
    FROM left_before
    JOIN left_after USING (record_key, from_milestone, to_milestone, wording, nth)
),

matched AS (
    SELECT record_key, from_milestone, to_milestone, from_rank, from_position, to_rank, to_position, likeness
    FROM candidate
    SEMI JOIN same USING (record_key, from_milestone, to_milestone, from_rank, from_position, to_rank, to_position)
),

old_side AS (
    SELECT
        old.record_key,
        old.from_milestone,
        old.to_milestone,
        old.rank,
        old.position,
        old.type,
        old.measure,
        old.time_frame,
        old.wording,
        old.plain_description,
        old.plain_time_frame,
        matched.to_rank AS match_rank,
        matched.to_position AS match_position,
        matched.likeness
    FROM from_outcome AS old
    LEFT JOIN matched
        ON matched.record_key = old.record_key AND matched.from_milestone = old.from_milestone
        AND matched.to_milestone = old.to_milestone AND matched.from_rank = old.rank
        AND matched.from_position = old.position
),

compared AS (
    SELECT
        coalesce(old.record_key, new.record_key) AS record_key,
        coalesce(old.from_milestone, new.from_milestone) AS from_milestone,
        coalesce(old.to_milestone, new.to_milestone) AS to_milestone,
        old.rank AS from_rank,
        old.position AS from_position,
        new.rank AS to_rank,
        new.position AS to_position,
        old.type AS from_type,
        new.type AS to_type,
        old.measure AS from_measure,
        new.measure AS to_measure,
        old.time_frame AS from_time_frame,
        new.time_frame AS to_time_frame,
        old.likeness,
        CASE
            WHEN old.rank IS NULL THEN 'added'
            WHEN new.rank IS NULL THEN 'dropped'
            WHEN old.rank <> new.rank AND new.rank = 1 THEN 'promoted'
            WHEN old.rank <> new.rank AND old.rank = 1 THEN 'demoted'
            WHEN old.rank <> new.rank THEN 'moved'
            WHEN old.wording <> new.wording THEN 'reworded'
            WHEN old.plain_time_frame IS DISTINCT FROM new.plain_time_frame THEN 'time_frame_changed'
            WHEN old.plain_description IS DISTINCT FROM new.plain_description THEN 'description_changed'
        END AS kind
    FROM old_side AS old
    FULL JOIN to_outcome AS new
        ON new.record_key = old.record_key AND new.from_milestone = old.from_milestone
        AND new.to_milestone = old.to_milestone AND new.rank = old.match_rank AND new.position = old.match_position
),

-- Nothing was exchanged where one of both entries names no outcome: old entries did not have to, parts of records cannot.
named AS (
    SELECT
        compared.record_key,
        compared.from_milestone,
        compared.to_milestone,
        CASE
            WHEN count(compared.from_rank) OVER entry = 0 THEN 'first_stated'
            WHEN count(compared.to_rank) OVER entry = 0 THEN 'no_longer_stated'
            ELSE compared.kind
        END AS kind,
        compared.from_rank,
        compared.from_position,
        compared.to_rank,
        compared.to_position,
        compared.from_type,
        compared.to_type,
        compared.from_measure,
        compared.to_measure,
        compared.from_time_frame,
        compared.to_time_frame,
        compared.likeness
    FROM compared
    WINDOW entry AS (PARTITION BY compared.record_key, compared.from_milestone, compared.to_milestone)
)

SELECT
    named.record_key,
    named.from_milestone,
    named.to_milestone,
    row_number() OVER (
        PARTITION BY named.record_key, named.from_milestone, named.to_milestone
        ORDER BY named.from_rank NULLS LAST, named.from_position, named.to_rank, named.to_position
    ) AS outcome_no,
    record.registry,
    record.registry_id,
    record.brief_title,
    record.lead_sponsor,
    named.kind,
    named.kind IN ('promoted', 'demoted')
        OR (named.kind = 'added' AND named.to_type = 'PRIMARY')
        OR (named.kind = 'dropped' AND named.from_type = 'PRIMARY') AS is_major,
    pair.is_prespecified,
    named.from_type,
    named.to_type,
    named.from_measure,
    named.to_measure,
    named.from_time_frame,
    named.to_time_frame,
    pair.from_version,
    pair.to_version,
    named.likeness
FROM named
JOIN pair USING (record_key, from_milestone, to_milestone)
JOIN core.record AS record ON record.record_key = named.record_key
WHERE named.kind IS NOT NULL
ORDER BY named.record_key, named.from_milestone, named.to_milestone, outcome_no
