/* ---
description: >-
  Other trials that a record points to: its expanded access record, the lists of similar trials on a registry
  page, and ids that its prose names. Why each is there stands in ground; none of these says that both
  describe the same trial (that is core.trial). The own ids of the record are never among them.
grain: one row per record, relation, target and ground
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position:
    type: INTEGER
    description: >-
      1-based: expanded access, then page lists in their order, then mentions in the order of the text.
    tests: [not_null]
  relation_type:
    type: VARCHAR
    description: >-
      expanded_access, similar or mentioned.
    tests: [not_null, {accepted_values: [expanded_access, similar, mentioned]}]
  target_id_type:
    type: VARCHAR
    description: >-
      Kind of the other trial's identifier: CTGOV, EUDRACT, …; NULL where no kind was recognised.
  target_id:
    type: VARCHAR
    description: >-
      Its identifier, normalised where its kind is known, else as written; NULL where a list gives a title
      only.
  target_title: {type: VARCHAR, description: "Its title, where a list gives one."}
  ground:
    type: VARCHAR
    description: >-
      What the relation rests on: expanded access information, page similarity list, or mentioned in <field>.
    tests: [not_null]
tests:
  - unique: [record_key, position]
--- */
WITH current_version AS (
    SELECT version_id, record_key
    FROM raw.record_version
    WHERE is_current
),

-- The ids by which a record is known itself: pointing to one of them is no relation.
own_id AS (
    SELECT DISTINCT version_id, id_type, id_norm
    FROM staging.identifier
    WHERE role IN ('own', 'alias', 'secondary') AND id_norm IS NOT NULL
),

-- One reading of each text that stands in an id field of a list of other trials.
related_id AS (
    SELECT version_id, id_raw, min(id_type) AS id_type, min(id_norm) AS id_norm
    FROM staging.identifier
    WHERE role = 'related'
    GROUP BY version_id, id_raw
),

listed AS (
    SELECT
        version_id,
        1 AS relation_order,
        1 AS source_position,
        'expanded_access' AS relation_type,
        expanded_access_nct_id AS id_raw,
        NULL AS target_title,
        'expanded access information' AS ground
    FROM staging.study
    WHERE expanded_access_nct_id IS NOT NULL
    UNION ALL
    SELECT version_id, 2 AS relation_order, position AS source_position, 'similar' AS relation_type, nct_id AS id_raw,
        brief_title AS target_title, 'page similarity list' AS ground
    FROM staging.page_related_clinical_trial
    UNION ALL
    SELECT version_id, 3 AS relation_order, position AS source_position, 'similar' AS relation_type, nct_id AS id_raw,
        brief_title AS target_title, 'page similarity list' AS ground
    FROM staging.page_more_related_trial
),

-- A path as prose has it: protocolSection.descriptionModule.briefSummary is "briefSummary". The ids that a reader noted
-- itself come second: they are mostly the same, and the identifier table names their kind.
mentioned AS (
    SELECT
        version_id,
        position AS source_position,
        id_type,
        coalesce(id_norm, id_raw) AS target_id,
        'mentioned in ' || coalesce(regexp_extract(source_path, '([^.]+)$', 1), 'text') AS ground
    FROM staging.identifier
    WHERE role = 'mention'
    UNION ALL
    SELECT
        version_id,
        1000000 + position AS source_position,
        registry AS id_type,
        id AS target_id,
        'mentioned in ' || coalesce(regexp_extract(found_in, '([^.]+)$', 1), 'text') AS ground
    FROM staging.page_mention
    WHERE id IS NOT NULL
),

relation AS (
    SELECT
        listed.version_id,
        listed.relation_order,
        listed.source_position,
        listed.relation_type,
        related_id.id_type AS target_id_type,
        coalesce(related_id.id_norm, listed.id_raw) AS target_id,
        listed.target_title,
        listed.ground
    FROM listed
    LEFT JOIN related_id USING (version_id, id_raw)
    WHERE listed.id_raw IS NOT NULL OR listed.target_title IS NOT NULL
    UNION ALL
    SELECT version_id, 4 AS relation_order, source_position, 'mentioned' AS relation_type, id_type AS target_id_type,
        target_id, NULL AS target_title, ground
    FROM mentioned
),

-- The same target on the same ground counts once, at its first place.
distinct_relation AS (
    SELECT
        version.record_key,
        relation.relation_type,
        arg_min(relation.target_id_type, relation.source_position) AS target_id_type,
        relation.target_id,
        min(relation.target_title) AS target_title,
        relation.ground,
        min(relation.relation_order) AS relation_order,
        min(relation.source_position) AS source_position
    FROM relation
    JOIN current_version AS version USING (version_id)
    ANTI JOIN own_id ON own_id.version_id = relation.version_id AND own_id.id_norm = relation.target_id
    GROUP BY
        version.record_key,
        relation.relation_type,
        relation.target_id,
        relation.ground,
        CASE WHEN relation.target_id IS NULL THEN relation.target_title END
)

SELECT
    record_key,
    row_number() OVER (
        PARTITION BY record_key ORDER BY relation_order, source_position, target_id, target_title, ground
    )::INTEGER AS position,
    relation_type,
    target_id_type,
    target_id,
    target_title,
    ground
FROM distinct_relation
ORDER BY record_key, position
