/* ---
description: >-
  Pairs of records that may describe the same trial, with everything that speaks for and against it, weighed.
  Pairs come from shared ids, from an organisation's own study number and from equal titles; a record of a group
  (core.identity_feature.group_key) is compared for all of it. Weights are powers of two in the sense of Fellegi
  and Sunter: +1 doubles the odds. Whether a pair becomes a link is said in core.record_link.
grain: one row per pair of records, the smaller key first
owner: team:warehouse
tags: [core, identity]
materialised: table
columns:
  record_key_a: {type: VARCHAR, description: "One record.", tests: [not_null]}
  record_key_b: {type: VARCHAR, description: "The other; greater than record_key_a.", tests: [not_null]}
  method:
    type: VARCHAR
    description: >-
      The strongest evidence: same_own_id, alias_id, mutual_id (each names the other), claimed_id (one names the
      other), shared_id (both name a third id), sponsor_code, title.
    tests: [not_null, {accepted_values: [same_own_id, alias_id, mutual_id, claimed_id, shared_id, sponsor_code, title]}]
  evidence: {type: VARCHAR, description: "Each piece of evidence in words, with its weight.", tests: [not_null]}
  evidence_fields: {type: VARCHAR, description: "The fields it comes from."}
  match_weight:
    type: DOUBLE
    description: >-
      Sum of the weights and of the prior of -8.
    tests: [not_null]
  score:
    type: DOUBLE
    description: >-
      match_weight as a probability: 1 / (1 + 2^-match_weight).
    tests: [not_null]
  refused_by:
    type: VARCHAR
    description: >-
      The negative rule that the pair itself breaks; NULL where it breaks none. weak_evidence: below a weight of 3.
    tests: [{accepted_values: [follow_up_study, placeholder_title, repeated_title, several_ids_listed, id_shared_by_too_many, code_shared_by_too_many, starts_apart, weak_evidence]}]
tests:
  - unique: [record_key_a, record_key_b]
--- */
WITH grouped_id AS (
    SELECT
        feature.group_key,
        identity.record_key,
        identity.id_type,
        identity.id_key,
        identity.series,
        identity.role,
        identity.source_path
    FROM core.identity_key AS identity
    JOIN core.identity_feature AS feature USING (record_key)
),

-- Who bears an id: its own before aliases, then the smallest key. All others with that id are tied to this one.
bearer AS (
    SELECT
        id_type,
        id_key,
        arg_min(record_key, bearer_order) AS record_key,
        arg_min(group_key, bearer_order) AS group_key,
        arg_min(role, bearer_order) AS role
    FROM (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY id_type, id_key ORDER BY CASE role WHEN 'own' THEN 1 ELSE 2 END, record_key
            ) AS bearer_order
        FROM grouped_id
        WHERE role IN ('own', 'alias')
    )
    GROUP BY id_type, id_key
),

same_id AS (
    SELECT
        bearer.record_key AS from_key,
        identity.record_key AS to_key,
        CASE WHEN bearer.role = 'own' AND identity.role = 'own' THEN 'same_own_id' ELSE 'alias_id' END AS kind,
        'both are ' || identity.id_type || ' ' || identity.id_key AS words,
        identity.source_path AS field
    FROM bearer
    JOIN grouped_id AS identity USING (id_type, id_key)
    WHERE identity.role IN ('own', 'alias') AND identity.record_key <> bearer.record_key
),

-- A record (or the member states of one trial together) that names several ids of one registry names at most one right.
named AS (
    SELECT
        group_key,
        id_type,
        id_key,
        count(*) OVER (PARTITION BY group_key, series) > 1 AS is_one_of_several,
        source_path
    FROM (
        SELECT group_key, id_type, id_key, series, min(source_path) AS source_path
        FROM grouped_id
        WHERE role = 'secondary'
        GROUP BY group_key, id_type, id_key, series
    )
),

claim AS (
    SELECT
        named.group_key AS from_key,
        bearer.group_key AS to_key,
        CASE WHEN named.is_one_of_several THEN 'claim_among_several' ELSE 'claim' END AS kind,
        named.group_key || ' names ' || named.id_type || ' ' || named.id_key
        || CASE WHEN named.is_one_of_several THEN ' among several of that registry' ELSE '' END AS words,
        named.source_path AS field
    FROM named
    JOIN bearer USING (id_type, id_key)
    WHERE named.group_key <> bearer.group_key
),

-- Ids that nobody here bears: all who name one are paired, up to eight; beyond that it is no trial's id (2026-11).
unborne AS (
    SELECT
        group_key,
        id_type,
        id_key,
        is_one_of_several,
        source_path,
        count(*) OVER (PARTITION BY id_type, id_key) AS namers,
        row_number() OVER (PARTITION BY id_type, id_key ORDER BY group_key) AS place
    FROM named
    ANTI JOIN bearer USING (id_type, id_key)
),

shared AS (
    SELECT
        a.group_key AS from_key,
        b.group_key AS to_key,
        CASE
            WHEN a.namers > 8 THEN 'shared_by_too_many'
            WHEN a.is_one_of_several OR b.is_one_of_several THEN 'shared_among_several'
            ELSE 'shared'
        END AS kind,
        'both name ' || a.id_type || ' ' || a.id_key
        || CASE
            WHEN a.namers > 8 THEN ', as ' || a.namers || ' trials do'
            WHEN a.is_one_of_several OR b.is_one_of_several THEN ' among several of that registry'
            ELSE ''
        END AS words,
        a.source_path AS field
    FROM unborne AS a
    JOIN unborne AS b ON b.id_type = a.id_type AND b.id_key = a.id_key AND b.place > a.place
    WHERE a.namers <= 8 OR a.place = 1
),

-- The sponsor's own number of the study, which other registries keep as a secondary id of no known kind. Numbers of grants
-- stand there too, and are of many studies: by their declared type, or in the form of the NIH (U10CA031946, UL1TR000135).
grant_id AS (
    SELECT DISTINCT version_id, id AS id_raw
    FROM staging.secondary_id
    WHERE type IN ('NIH', 'FDA', 'VA', 'CDC', 'AHRQ', 'SAMHSA', 'OTHER_GRANT')
),

code AS (
    SELECT DISTINCT
        feature.group_key,
        upper(regexp_replace(identifier.id_norm, '[^A-Za-z0-9]', '', 'g')) AS code
    FROM staging.identifier AS identifier
    JOIN raw.record_version AS version USING (version_id)
    JOIN core.identity_feature AS feature USING (record_key)
    ANTI JOIN grant_id ON grant_id.version_id = identifier.version_id AND grant_id.id_raw = identifier.id_raw
    WHERE
        version.is_current
        AND identifier.is_valid
        AND (identifier.role = 'org' OR (identifier.role = 'secondary' AND identifier.id_type = 'OTHER'))
),

placed_code AS (
    SELECT
        group_key,
        code,
        count(*) OVER (PARTITION BY code) AS bearers,
        row_number() OVER (PARTITION BY code ORDER BY group_key) AS place
    FROM code
    WHERE regexp_matches(code, '[0-9]') AND (length(code) >= 8 OR (length(code) >= 5 AND regexp_matches(code, '[A-Z]')))
        AND NOT regexp_matches(code, '^0+$')
        AND NOT regexp_matches(code, '^[0-9]?([A-Z][0-9]{2}|[A-Z][0-9][A-Z]|[A-Z]{2}[0-9])[A-Z]{2}[0-9]{5,6}([0-9]{2}|[0-9]{2}[AS][0-9])?$')
),

same_code AS (
    SELECT
        a.group_key AS from_key,
        b.group_key AS to_key,
        CASE WHEN a.bearers > 8 THEN 'code_of_too_many' ELSE 'code' END AS kind,
        'both bear the study number ' || a.code
        || CASE WHEN a.bearers > 8 THEN ', as ' || a.bearers || ' trials do' ELSE '' END AS words,
        'orgStudyIdInfo.id' AS field
    FROM placed_code AS a
    JOIN placed_code AS b ON b.code = a.code AND b.place > a.place
    WHERE a.bearers <= 8 OR a.place = 1
),

title AS (
    SELECT group_key, title, bool_or(is_placeholder) AS is_placeholder
    FROM (
        SELECT group_key, title_key AS title, has_placeholder_title AS is_placeholder
        FROM core.identity_feature
        WHERE title_key IS NOT NULL
        UNION ALL
        SELECT group_key, other_title_key AS title, has_other_placeholder_title AS is_placeholder
        FROM core.identity_feature
        WHERE other_title_key IS NOT NULL
    )
    GROUP BY group_key, title
),

-- A title that two trials of one registry bear tells nothing: follow-ups share their parent's, and some are generic.
repeated AS (
    SELECT DISTINCT title.title
    FROM title
    JOIN grouped_id AS identity USING (group_key)
    WHERE identity.role = 'own'
    GROUP BY title.title, identity.series
    HAVING count(DISTINCT identity.id_key) > 1
),

placed_title AS (
    SELECT
        title.group_key,
        title.title,
        title.is_placeholder,
        count(*) OVER (PARTITION BY title.title) AS bearers,
        repeated.title IS NOT NULL OR count(*) OVER (PARTITION BY title.title) > 8 AS is_repeated,
        row_number() OVER (PARTITION BY title.title ORDER BY title.group_key) AS place
    FROM title
    LEFT JOIN repeated ON repeated.title = title.title
),

-- Of a repeated title only a few pairs are kept, to show that they were seen and refused.
same_title AS (
    SELECT
        a.group_key AS from_key,
        b.group_key AS to_key,
        CASE
            WHEN a.is_placeholder OR b.is_placeholder THEN 'placeholder_title'
            WHEN a.is_repeated THEN 'repeated_title'
            ELSE 'title'
        END AS kind,
        NULL AS words,
        'officialTitle' AS field
    FROM placed_title AS a
    JOIN placed_title AS b ON b.title = a.title AND b.place > a.place
    WHERE NOT a.is_repeated AND NOT a.is_placeholder OR a.bearers <= 4 OR (a.place = 1 AND b.place <= 8)
),

-- One registry has the acronym behind the title, or in brackets, and the other has not: a title as a whole is compared with
-- shortened ones, never two shortened ones, which sister trials share ("… (EXAMPLE 1)", "… (EXAMPLE 2)").
short_title AS (
    SELECT group_key, title, bool_and(is_short) AS is_short
    FROM (
        SELECT group_key, title, FALSE AS is_short FROM title WHERE NOT is_placeholder
        UNION ALL
        SELECT group_key, short_title_key AS title, TRUE AS is_short FROM core.identity_feature WHERE short_title_key IS NOT NULL
        UNION ALL
        SELECT group_key, other_short_title_key AS title, TRUE AS is_short
        FROM core.identity_feature
        WHERE other_short_title_key IS NOT NULL
    )
    GROUP BY group_key, title
),

repeated_short AS (
    SELECT DISTINCT short_title.title
    FROM short_title
    JOIN grouped_id AS identity USING (group_key)
    WHERE identity.role = 'own'
    GROUP BY short_title.title, identity.series
    HAVING count(DISTINCT identity.id_key) > 1
),

placed_short AS (
    SELECT short_title.group_key, short_title.title, short_title.is_short, count(*) OVER (PARTITION BY short_title.title) AS bearers
    FROM short_title
    ANTI JOIN repeated_short ON repeated_short.title = short_title.title
),

same_short_title AS (
    SELECT a.group_key AS from_key, b.group_key AS to_key, 'short_title' AS kind, NULL AS words, 'officialTitle' AS field
    FROM placed_short AS a
    JOIN placed_short AS b ON b.title = a.title AND b.group_key > a.group_key
    WHERE a.is_short <> b.is_short AND a.bearers <= 8
),

found AS (
    SELECT from_key, to_key, kind, words, field FROM same_id
    UNION ALL
    SELECT from_key, to_key, kind, words, field FROM claim
    UNION ALL
    SELECT from_key, to_key, kind, words, field FROM shared
    UNION ALL
    SELECT from_key, to_key, kind, words, field FROM same_code
    UNION ALL
    SELECT from_key, to_key, kind, words, field FROM same_title
    UNION ALL
    SELECT from_key, to_key, kind, words, field FROM same_short_title
),

pair AS (
    SELECT
        least(from_key, to_key) AS record_key_a,
        greatest(from_key, to_key) AS record_key_b,
        bool_or(kind = 'same_own_id') AS has_same_id,
        bool_or(kind = 'alias_id') AS has_alias,
        count(DISTINCT from_key) FILTER (WHERE kind = 'claim') AS claimants,
        count(DISTINCT from_key) FILTER (WHERE kind IN ('claim', 'claim_among_several')) AS all_claimants,
        bool_or(kind = 'shared') AS has_shared,
        bool_or(kind = 'shared_among_several') AS has_shared_several,
        bool_or(kind = 'shared_by_too_many') AS has_shared_many,
        bool_or(kind = 'code') AS has_code,
        bool_or(kind = 'code_of_too_many') AS has_code_many,
        bool_or(kind = 'title') AS has_title,
        bool_or(kind = 'repeated_title') AS has_repeated_title,
        bool_or(kind = 'placeholder_title') AS has_placeholder,
        bool_or(kind = 'short_title') AS names_short_title,
        string_agg(DISTINCT words, '; ' ORDER BY words) AS words,
        string_agg(DISTINCT field, ', ' ORDER BY field) AS fields
    FROM found
    GROUP BY least(from_key, to_key), greatest(from_key, to_key)
),

-- Likeness is that of the first 1,000 characters: its time grows with the product of both lengths, and two titles of a
-- million characters took minutes (2026-11).
compared AS (
    SELECT
        pair.*,
        a.is_follow_up <> b.is_follow_up AS one_is_follow_up,
        -- An acronym that the other's title does not have is another trial's.
        coalesce(names_short_title, FALSE)
        AND NOT (has_title OR has_repeated_title OR has_placeholder)
        AND (
            a.acronym_key IS NULL OR coalesce(a.acronym_key = b.acronym_key, FALSE)
            OR contains(replace(concat_ws(' | ', b.title_key, b.other_title_key), ' ', ''), a.acronym_key)
        )
        AND (
            b.acronym_key IS NULL OR coalesce(b.acronym_key = a.acronym_key, FALSE)
            OR contains(replace(concat_ws(' | ', a.title_key, a.other_title_key), ' ', ''), b.acronym_key)
        ) AS has_short_title,
        NOT (has_title OR has_repeated_title OR has_placeholder)
        AND NOT (a.has_placeholder_title OR b.has_placeholder_title)
        AND jaro_winkler_similarity(left(a.title_key, 1000), left(b.title_key, 1000)) >= 0.93 AS has_similar_title,
        a.sponsor_key = b.sponsor_key
        OR (
            length(a.sponsor_key) >= 6
            AND jaro_winkler_similarity(left(a.sponsor_key, 1000), left(b.sponsor_key, 1000)) >= 0.95
        ) AS has_sponsor,
        a.sponsor AS sponsor_a,
        b.sponsor AS sponsor_b,
        CASE
            WHEN a.start_earliest IS NOT NULL AND b.start_earliest IS NOT NULL
                THEN greatest(a.start_earliest - b.start_latest, b.start_earliest - a.start_latest, 0)
        END AS days_apart,
        a.enrollment AS enrollment_a,
        b.enrollment AS enrollment_b,
        a.enrollment = b.enrollment AND a.enrollment >= 10 AS has_enrollment,
        a.study_type <> b.study_type AS has_other_type,
        a.study_type AS study_type_a,
        b.study_type AS study_type_b
    FROM pair
    JOIN core.identity_feature AS a ON a.record_key = pair.record_key_a
    JOIN core.identity_feature AS b ON b.record_key = pair.record_key_b
),

-- The weights; docs/identity.md says where they come from.
weighed AS (
    SELECT
        *,
        CASE
            WHEN has_same_id THEN 24
            WHEN has_alias THEN 20
            WHEN claimants = 2 THEN 20
            WHEN all_claimants = 2 THEN 15
            WHEN claimants = 1 THEN 14
            WHEN has_shared THEN 12
            WHEN all_claimants = 1 THEN 8
            WHEN has_shared_several THEN 7
            ELSE 0
        END AS id_weight,
        CASE WHEN has_code THEN CASE WHEN coalesce(has_sponsor, FALSE) THEN 8 ELSE 7 END ELSE 0 END AS code_weight,
        CASE WHEN has_title THEN 7 WHEN has_repeated_title AND NOT has_placeholder THEN 1 WHEN has_short_title THEN 6 WHEN coalesce(has_similar_title, FALSE) THEN 3 ELSE 0 END AS title_weight,
        CASE WHEN coalesce(has_sponsor, FALSE) THEN 3 ELSE 0 END AS sponsor_weight,
        CASE WHEN days_apart <= 31 THEN 2 WHEN days_apart > 366 THEN -4 ELSE 0 END AS start_weight,
        CASE WHEN coalesce(has_enrollment, FALSE) THEN 2 ELSE 0 END AS enrollment_weight,
        CASE WHEN coalesce(has_other_type, FALSE) THEN -3 ELSE 0 END AS type_weight
    FROM compared
),

summed AS (
    SELECT
        *,
        -8 + id_weight + code_weight + title_weight + sponsor_weight + start_weight + enrollment_weight + type_weight
            AS total
    FROM weighed
)

SELECT
    record_key_a,
    record_key_b,
    CASE
        WHEN has_same_id THEN 'same_own_id'
        WHEN has_alias THEN 'alias_id'
        WHEN all_claimants = 2 THEN 'mutual_id'
        WHEN all_claimants = 1 THEN 'claimed_id'
        WHEN has_shared OR has_shared_several OR has_shared_many THEN 'shared_id'
        WHEN has_code OR has_code_many THEN 'sponsor_code'
        ELSE 'title'
    END AS method,
    concat_ws(
        '; ',
        words || ' (' || (CASE WHEN id_weight + code_weight > 0 THEN '+' ELSE '' END) || (id_weight + code_weight) || ')',
        CASE
            WHEN has_placeholder THEN 'the same placeholder for a title (0)'
            WHEN has_title THEN 'same title (+7)'
            WHEN has_repeated_title THEN 'same title, which other trials bear too (+1)'
            WHEN has_short_title THEN 'same title but for brackets or an ending (+6)'
            WHEN has_similar_title THEN 'similar titles (+3)'
            WHEN names_short_title THEN 'same title but for another acronym (0)'
        END,
        CASE WHEN has_sponsor THEN 'same sponsor: ' || sponsor_a || CASE WHEN sponsor_b <> sponsor_a THEN ' / ' || sponsor_b ELSE '' END || ' (+3)' END,
        CASE
            WHEN start_weight > 0 THEN 'starts at most 31 days apart (+2)'
            WHEN start_weight < 0 THEN 'starts ' || days_apart || ' days apart (-4)'
        END,
        CASE WHEN has_enrollment THEN 'same size: ' || enrollment_a || ' (+2)' END,
        CASE WHEN has_other_type THEN study_type_a || ' / ' || study_type_b || ' (-3)' END
    ) AS evidence,
    concat_ws(
        ', ',
        CASE WHEN words IS NOT NULL THEN fields END,
        CASE WHEN title_weight > 0 OR has_placeholder THEN 'briefTitle, officialTitle' END,
        CASE WHEN has_sponsor THEN 'leadSponsor.name' END,
        CASE WHEN start_weight <> 0 THEN 'startDateStruct.date' END,
        CASE WHEN has_enrollment THEN 'enrollmentInfo.count' END,
        CASE WHEN has_other_type THEN 'studyType' END
    ) AS evidence_fields,
    total::DOUBLE AS match_weight,
    1 / (1 + pow(2::DOUBLE, -total)) AS score,
    CASE
        WHEN one_is_follow_up AND id_weight < 15 AND coalesce(days_apart > 92, TRUE) THEN 'follow_up_study'
        WHEN total >= 3 THEN NULL
        WHEN total + 4 >= 3 AND start_weight < 0 THEN 'starts_apart'
        WHEN all_claimants > claimants OR has_shared_several THEN 'several_ids_listed'
        WHEN has_shared_many THEN 'id_shared_by_too_many'
        WHEN has_code_many THEN 'code_shared_by_too_many'
        WHEN has_placeholder THEN 'placeholder_title'
        WHEN has_repeated_title THEN 'repeated_title'
        ELSE 'weak_evidence'
    END AS refused_by
FROM summed
ORDER BY record_key_a, record_key_b
