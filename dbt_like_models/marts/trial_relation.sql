/* ---
description: >-
  Relations between trials as a typed graph: what a record states, ids two trials name, programmes of a sponsor, and
  similarity. Each edge says what it rests on, in words and figures, and how certain it is. Records of one trial are never
  related to each other: that is core.trial_member. Trials outside the warehouse are there by their id. How each type
  is found, and where it errs: docs/marts/trial_relation.md.
grain: one row per trial, type and related trial
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  trial_id: {type: VARCHAR, description: "The trial; of an undirected edge the one whose id is smaller, or the one that states it.", tests: [not_null, {relationships: core.trial.trial_id}]}
  relation_type:
    type: VARCHAR
    description: >-
      Reads "trial, type, related trial": has_expanded_access, follow_up_of, has_follow_up, sub_study_of, names,
      listed_as_similar; and of both alike: shared_identifier, same_programme, similar.
    tests: [not_null, {accepted_values: [has_expanded_access, follow_up_of, has_follow_up, sub_study_of, names, listed_as_similar, shared_identifier, same_programme, similar]}]
  is_directed: {type: BOOLEAN, description: "Whether the type holds from trial to related trial only.", tests: [not_null]}
  related_trial_id: {type: VARCHAR, description: "The related trial; NULL where no record of it is in the warehouse.", tests: [{relationships: core.trial.trial_id}]}
  related_id: {type: VARCHAR, description: "The id by which a record names the related trial; NULL where none does."}
  related_title: {type: VARCHAR, description: "Title of the related trial; as the list has it where the trial is not in the warehouse."}
  basis:
    type: VARCHAR
    description: >-
      stated (a record says so), identifier, programme, title or similarity.
    tests: [not_null, {accepted_values: [stated, identifier, programme, title, similarity]}]
  certainty:
    type: VARCHAR
    description: >-
      certain (a field for it, a list, or the id itself, says so), likely (a written rule reads it from words,
      codes or titles) or scored (score only).
    tests: [not_null, {accepted_values: [certain, likely, scored]}]
  score: {type: DOUBLE, description: "Of similar trials 0.6 to 1, of shared identifiers and titles as in core.record_link; NULL for others."}
  ground: {type: VARCHAR, description: "What the edge rests on, in words.", tests: [not_null]}
  record_key: {type: VARCHAR, description: "The record that states it, or whose evidence it is; NULL for programmes and similarity."}
tests:
  - unique: [trial_id, relation_type, related_trial_id, related_id, related_title]
metrics:
  score:
    meaning: "How alike two trials are, or how strong the evidence for one identity was."
    formula: "similar: 0.35 title + 0.25 conditions + 0.3 interventions + 0.1 sponsor (core.trial_similarity); others: core.record_link.score"
    caveat: "No probability that the trials belong together; the two kinds of score cannot be compared with each other."
--- */
WITH named AS (
    SELECT
        relation.record_key,
        member.trial_id,
        relation.relation_type,
        relation.target_id AS related_id,
        relation.target_title,
        relation.ground,
        CASE relation.ground
            WHEN 'mentioned in briefTitle' THEN record.brief_title
            WHEN 'mentioned in officialTitle' THEN record.official_title
            WHEN 'mentioned in briefSummary' THEN record.brief_summary
            WHEN 'mentioned in detailedDescription' THEN record.detailed_description
            WHEN 'mentioned in eligibilityCriteria' THEN record.eligibility_criteria
            WHEN 'mentioned in whyStopped' THEN record.why_stopped
            WHEN 'mentioned in recruitmentDetails' THEN study.participant_flow_recruitment_details
            WHEN 'mentioned in preAssignmentDetails' THEN study.participant_flow_pre_assignment_details
        END AS prose
    FROM core.relation AS relation
    JOIN core.trial_member AS member USING (record_key)
    JOIN core.record AS record USING (record_key)
    LEFT JOIN staging.study AS study USING (version_id)
),

target AS (
    SELECT identity.id_key, min(member.trial_id) AS trial_id
    FROM core.identity_key AS identity
    JOIN core.trial_member AS member USING (record_key)
    WHERE identity.role IN ('own', 'alias')
    GROUP BY identity.id_key
    HAVING count(DISTINCT member.trial_id) = 1
),

-- The words before the id say what it is: 140 characters of the same sentence. What excludes participants is no parent.
worded AS (
    SELECT
        named.record_key,
        named.trial_id,
        named.relation_type,
        named.related_id,
        named.target_title,
        named.ground,
        target.trial_id AS related_trial_id,
        instr(named.prose, named.related_id) AS place,
        regexp_extract(
            regexp_replace(substr(named.prose, greatest(place - 140, 1), least(place - 1, 140)), '\s+', ' ', 'g'),
            '((?:[^.]|\.\S)*)$',
            1
        ) AS words,
        lower(words) AS words_before,
        named.ground = 'mentioned in eligibilityCriteria'
        AND regexp_matches(left(named.prose, place), '(?i)exclusion') AS is_exclusion
    FROM named
    LEFT JOIN target ON target.id_key = named.related_id
),

stated AS (
    SELECT
        record_key,
        trial_id,
        related_trial_id,
        related_id,
        target_title,
        ground,
        words,
        CASE
            WHEN relation_type = 'expanded_access' THEN 'has_expanded_access'
            WHEN relation_type = 'similar' THEN 'listed_as_similar'
            WHEN coalesce(place, 0) = 0 OR is_exclusion THEN 'names'
            WHEN regexp_matches(words_before, '\b(sub-?study|ancillary study|nested study) (of|to|within|in)\b') THEN 'sub_study_of'
            WHEN regexp_matches(words_before, '\bpart of the\b.{0,60}\b(program(me)?|platform|umbrella|master protocol)\b')
                THEN 'same_programme'
            WHEN regexp_matches(
                words_before,
                '\b(extension|follow-? ?up|roll-?over|continuation)( study| trial| phase)? (of|to|from|for)\b'
                '|\b(parent|feeder|lead-in|core|preceding|precedent|predecessor|previous|prior|antecedent|qualifying|initial)( clinical)? (stud(y|ies)|trials?|protocols?)\b'
                '|\bcomplet(ed?|ion|ing)\b|\b(participat(ed|ion)|enrolled) in\b'
            ) AND NOT regexp_matches(words_before, '\b(not|never|excluded?|another|recently-completed|unlike)\b') THEN 'follow_up_of'
            WHEN regexp_matches(
                words_before,
                '\b(extension|follow-? ?up|roll-?over|continuation|long-term)( safety)? (study|trial|protocol)[^a-z0-9]{0,4}(nct|id|number|no)?[^a-z0-9]{0,4}$'
                '|\b(continued|rolled over) (in|into|to)\b[^.]{0,60}$'
            ) THEN 'has_follow_up'
            ELSE 'names'
        END AS relation_type
    FROM worded
    WHERE related_trial_id IS NULL OR related_trial_id <> trial_id
),

-- A typed reading of an id outweighs a bare mention of it elsewhere in the same trial's records.
said AS (
    SELECT
        trial_id,
        CASE
            WHEN relation_type IN ('has_expanded_access', 'listed_as_similar') THEN relation_type
            ELSE 'words'
        END AS relation_group,
        related_trial_id,
        CASE WHEN related_trial_id IS NULL THEN related_id END AS unknown_id,
        arg_min(
            relation_type,
            CASE relation_type
                WHEN 'sub_study_of' THEN 1 WHEN 'follow_up_of' THEN 2 WHEN 'has_follow_up' THEN 3 WHEN 'same_programme' THEN 4 ELSE 5
            END
        ) AS relation_type,
        min(related_id) AS related_id,
        min(target_title) AS target_title,
        string_agg(DISTINCT ground, '; ' ORDER BY ground) AS grounds,
        min(words) FILTER (WHERE relation_type IN ('sub_study_of', 'follow_up_of', 'has_follow_up', 'same_programme')) AS words,
        min(record_key) AS record_key
    FROM stated
    GROUP BY
        trial_id,
        relation_group,
        related_trial_id,
        unknown_id,
        CASE WHEN related_trial_id IS NULL AND related_id IS NULL THEN target_title END
),

-- Pairs that the identity step weighed and refused: they name one id, bear one study number, or have one title while only
-- one of them calls itself a follow-up.
refused AS (
    SELECT
        a.trial_id AS trial_id_a,
        b.trial_id AS trial_id_b,
        link.record_key_a,
        link.record_key_b,
        link.method,
        link.refused_by,
        link.score,
        link.evidence,
        feature_a.is_follow_up AND NOT feature_b.is_follow_up AS a_follows,
        feature_b.is_follow_up AND NOT feature_a.is_follow_up AS b_follows
    FROM core.record_link AS link
    JOIN core.trial_member AS a ON a.record_key = link.record_key_a
    JOIN core.trial_member AS b ON b.record_key = link.record_key_b
    JOIN core.identity_feature AS feature_a ON feature_a.record_key = link.record_key_a
    JOIN core.identity_feature AS feature_b ON feature_b.record_key = link.record_key_b
    WHERE NOT link.is_accepted AND a.trial_id <> b.trial_id
),

identified AS (
    SELECT
        least(trial_id_a, trial_id_b) AS trial_id,
        greatest(trial_id_a, trial_id_b) AS related_trial_id,
        max(score) AS score,
        arg_max(evidence, score) AS ground,
        arg_max(record_key_a, score) AS record_key
    FROM refused
    WHERE
        method IN ('same_own_id', 'alias_id', 'mutual_id', 'claimed_id', 'shared_id', 'sponsor_code')
        AND coalesce(refused_by, '') NOT IN ('id_shared_by_too_many', 'code_shared_by_too_many', 'placeholder_title')
    GROUP BY least(trial_id_a, trial_id_b), greatest(trial_id_a, trial_id_b)
),

followed AS (
    SELECT
        CASE WHEN a_follows THEN trial_id_a ELSE trial_id_b END AS trial_id,
        CASE WHEN a_follows THEN trial_id_b ELSE trial_id_a END AS related_trial_id,
        max(score) AS score,
        arg_max('only the first calls itself an extension or follow-up; ' || evidence, score) AS ground,
        min(CASE WHEN a_follows THEN record_key_a ELSE record_key_b END) AS record_key
    FROM refused
    WHERE refused_by IN ('follow_up_study', 'repeated_title') AND (a_follows OR b_follows) AND evidence LIKE '%same sponsor%'
    GROUP BY ALL
),

-- Within a programme each is tied to the next three codes; core.trial_programme has all of it.
chained AS (
    SELECT
        trial_id,
        unnest([
            lead(trial_id, 1) OVER by_place, lead(trial_id, 2) OVER by_place, lead(trial_id, 3) OVER by_place
        ]) AS other_id,
        unnest([
            lead(member, 1) OVER by_place, lead(member, 2) OVER by_place, lead(member, 3) OVER by_place
        ]) AS other_member,
        kind,
        programme,
        member,
        trial_count
    FROM core.trial_programme
    WINDOW by_place AS (PARTITION BY kind, sponsor_key, programme ORDER BY place)
),

programmed AS (
    SELECT trial_id, related_trial_id, concat_ws('; ', min(words), nullif(max(words), min(words))) AS ground
    FROM (
        SELECT
            least(trial_id, other_id) AS trial_id,
            greatest(trial_id, other_id) AS related_trial_id,
            kind || 's ' || least(member, other_member) || ' and ' || greatest(member, other_member)
            || ' of one sponsor: programme ' || programme || ' of ' || trial_count || ' trials' AS words
        FROM chained
        WHERE other_id IS NOT NULL
    )
    GROUP BY trial_id, related_trial_id
),

edge AS (
    SELECT
        trial_id,
        relation_type,
        relation_type <> 'same_programme' AS is_directed,
        related_trial_id,
        related_id,
        target_title,
        'stated' AS basis,
        CASE WHEN relation_type IN ('sub_study_of', 'follow_up_of', 'has_follow_up', 'same_programme') THEN 'likely' ELSE 'certain' END AS certainty,
        NULL::DOUBLE AS score,
        grounds || coalesce(': "…' || ltrim(words) || related_id || '"', '') AS ground,
        record_key
    FROM said
    UNION ALL
    SELECT trial_id, 'shared_identifier' AS relation_type, FALSE AS is_directed, related_trial_id, NULL AS related_id,
        NULL AS target_title, 'identifier' AS basis, 'certain' AS certainty, score, ground, record_key
    FROM identified
    UNION ALL
    SELECT trial_id, 'follow_up_of' AS relation_type, TRUE AS is_directed, related_trial_id, NULL AS related_id,
        NULL AS target_title, 'title' AS basis, 'likely' AS certainty, score, ground, record_key
    FROM followed
    ANTI JOIN said ON said.trial_id = followed.trial_id AND said.related_trial_id = followed.related_trial_id
        AND said.relation_type = 'follow_up_of'
    UNION ALL
    SELECT trial_id, 'same_programme' AS relation_type, FALSE AS is_directed, related_trial_id, NULL AS related_id,
        NULL AS target_title, 'programme' AS basis, 'likely' AS certainty, NULL AS score, ground, NULL AS record_key
    FROM programmed
    ANTI JOIN said ON said.relation_type = 'same_programme' AND (
        (said.trial_id = programmed.trial_id AND said.related_trial_id = programmed.related_trial_id)
        OR (said.trial_id = programmed.related_trial_id AND said.related_trial_id = programmed.trial_id)
    )
    UNION ALL
    SELECT trial_id_a AS trial_id, 'similar' AS relation_type, FALSE AS is_directed, trial_id_b AS related_trial_id,
        NULL AS related_id, NULL AS target_title, 'similarity' AS basis, 'scored' AS certainty, score,
        concat_ws(
            ', ', 'title ' || title_similarity,
            CASE WHEN shared_conditions > 0 THEN shared_conditions || ' shared conditions' END,
            CASE WHEN shared_interventions > 0 THEN shared_interventions || ' shared interventions' END,
            CASE WHEN has_same_sponsor THEN 'same sponsor' END
        ) AS ground,
        NULL AS record_key
    FROM core.trial_similarity
)

SELECT
    edge.trial_id,
    edge.relation_type,
    edge.is_directed,
    edge.related_trial_id,
    edge.related_id,
    coalesce(trial.title, edge.target_title) AS related_title,
    edge.basis,
    edge.certainty,
    edge.score,
    edge.ground,
    edge.record_key
FROM edge
LEFT JOIN core.trial AS trial ON trial.trial_id = edge.related_trial_id
ORDER BY edge.trial_id, edge.relation_type, edge.related_trial_id, edge.related_id
