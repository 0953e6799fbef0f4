/* ---
description: >-
  Pairs of trials that study the same thing in the same words: conditions, interventions, title and sponsor of their
  primary records, with a score. Trials are compared only where they have a condition and an intervention in common, a
  condition and the sponsor, or the title, and there only with their neighbours by title, so that a common condition or a
  title of thousands costs no more than others. docs/marts/trial_relation.md explains the score.
grain: one row per pair of trials, the smaller id first
owner: team:warehouse
tags: [core]
materialised: table
columns:
  trial_id_a: {type: VARCHAR, description: "One trial.", tests: [not_null]}
  trial_id_b: {type: VARCHAR, description: "The other.", tests: [not_null]}
  score: {type: DOUBLE, description: "0 to 1: 0.35 title + 0.25 conditions + 0.3 interventions + 0.1 sponsor.", tests: [not_null]}
  title_similarity: {type: DOUBLE, description: "Jaro-Winkler similarity of the titles (their first 1,000 characters) from 0.6 to 1, stretched to 0 to 1; 0 where one has none worth comparing.", tests: [not_null]}
  shared_conditions: {type: BIGINT, description: "Conditions that both name, case, accents and punctuation apart.", tests: [not_null]}
  shared_interventions: {type: BIGINT, description: "Interventions that both name; never placebo, usual care and their like.", tests: [not_null]}
  has_same_sponsor: {type: BOOLEAN, description: "Whether both have the same lead sponsor.", tests: [not_null]}
tests:
  - unique: [trial_id_a, trial_id_b]
--- */
-- Hashes of words instead of the words: a tenth of the processor time less for comparing lists (2026-11).
WITH condition AS (
    SELECT record_key, list_transform(list(DISTINCT words ORDER BY words)[1:6], lambda word: hash(word)) AS conditions
    FROM (
        SELECT record_key, trim(regexp_replace(lower(strip_accents(condition)), '[^\pL\pN]+', ' ', 'g')) AS words
        FROM core.condition
        WHERE position <= 12
    )
    WHERE length(words) >= 3 AND NOT regexp_matches(words, '^healthy|^(normal )?volunteers?$|^(not applicable|none|other|cancer)$')
    GROUP BY record_key
),

-- What everybody compares with tells nothing about the trial.
intervention AS (
    SELECT
        record_key,
        list_transform(list(DISTINCT words ORDER BY words)[1:6], lambda word: hash(word)) AS interventions
    FROM (
        SELECT record_key, trim(regexp_replace(lower(strip_accents(name)), '[^\pL\pN]+', ' ', 'g')) AS words
        FROM core.intervention
        WHERE position <= 12
    )
    WHERE
        length(words) >= 3
        AND NOT regexp_matches(
            words,
            'placebo|\bsham\b|^(no|without) (intervention|treatment)|^(usual|standard|routine|conventional|regular) (of )?'
            '(care|treatment|therapy|medical)|^(best supportive|supportive) care|^(control|observation|normal saline|saline|'
            'questionnaires?|survey|surgery|laboratory biomarker analysis|quality of life assessment|biospecimen collection|'
            'blood (sample|draw|test)s?|education|not applicable|none|cohort|exercise)$'
        )
    GROUP BY record_key
),

-- Numbers instead of ids: a sixth of the processor time less for comparing, ranking and telling pairs apart (2026-11).
trial AS (
    SELECT
        row_number() OVER (ORDER BY trial.trial_id) AS number,
        trial.trial_id,
        -- Comparing takes the product of both lengths: titles of a megabyte kept a run for minutes (2026-11).
        CASE WHEN feature.has_placeholder_title THEN NULL ELSE left(feature.title_key, 1000) END AS title,
        nullif(feature.sponsor_key, '') AS sponsor,
        coalesce(condition.conditions, []) AS conditions,
        coalesce(intervention.interventions, []) AS interventions
    FROM core.trial AS trial
    JOIN core.identity_feature AS feature ON feature.record_key = trial.primary_record_key
    LEFT JOIN condition ON condition.record_key = trial.primary_record_key
    LEFT JOIN intervention ON intervention.record_key = trial.primary_record_key
),

block AS (
    SELECT number, title, hash('ci', unnest(conditions), intervention) AS block_key
    FROM (SELECT number, title, conditions, unnest(interventions) AS intervention FROM trial)
    UNION ALL
    SELECT number, title, hash('cs', unnest(conditions), sponsor) AS block_key
    FROM trial
    WHERE sponsor IS NOT NULL
    UNION ALL
    SELECT number, title, hash('t', title) AS block_key
    FROM trial
    WHERE title IS NOT NULL
),

-- Each is compared with the next six by title: pairs grow with the records, whatever the size of a block.
neighbour AS (
    SELECT
        number,
        unnest([
            lead(number, 1) OVER by_title, lead(number, 2) OVER by_title, lead(number, 3) OVER by_title,
            lead(number, 4) OVER by_title, lead(number, 5) OVER by_title, lead(number, 6) OVER by_title
        ]) AS other
    FROM block
    WINDOW by_title AS (PARTITION BY block_key ORDER BY title, number)
),

pair AS (
    SELECT DISTINCT least(number, other) AS number_a, greatest(number, other) AS number_b
    FROM neighbour
    WHERE other IS NOT NULL AND other <> number
),

compared AS (
    SELECT
        pair.number_a,
        pair.number_b,
        greatest(coalesce(jaro_winkler_similarity(a.title, b.title), 0) - 0.6, 0) / 0.4 AS title_similarity,
        len(list_filter(a.conditions, lambda word: list_contains(b.conditions, word))) AS shared_conditions,
        len(list_filter(a.interventions, lambda word: list_contains(b.interventions, word))) AS shared_interventions,
        least(len(a.conditions), len(b.conditions)) AS possible_conditions,
        least(len(a.interventions), len(b.interventions)) AS possible_interventions,
        coalesce(a.sponsor = b.sponsor, FALSE) AS has_same_sponsor
    FROM pair
    JOIN trial AS a ON a.number = pair.number_a
    JOIN trial AS b ON b.number = pair.number_b
),

scored AS (
    SELECT
        number_a,
        number_b,
        round(
            0.35 * title_similarity
            + 0.25 * coalesce(shared_conditions / nullif(possible_conditions, 0), 0)
            + 0.3 * coalesce(shared_interventions / nullif(possible_interventions, 0), 0)
            + CASE WHEN has_same_sponsor THEN 0.1 ELSE 0 END,
            3
        ) AS score,
        round(title_similarity, 3) AS title_similarity,
        shared_conditions,
        shared_interventions,
        has_same_sponsor
    FROM compared
),

-- Five for each trial, and none in more than twenty pairs.
candidate AS (
    SELECT number_a, number_b, score, title_similarity, shared_conditions, shared_interventions, has_same_sponsor
    FROM scored
    WHERE score >= 0.6
),

ranked AS (
    SELECT
        number_a,
        number_b,
        row_number() OVER (
            PARTITION BY number ORDER BY score DESC, CASE WHEN number = number_a THEN number_b ELSE number_a END
        ) AS rank_of_end
    FROM (
        SELECT number_a AS number, number_a, number_b, score FROM candidate
        UNION ALL
        SELECT number_b AS number, number_a, number_b, score FROM candidate
    )
),

kept AS (
    SELECT number_a, number_b
    FROM ranked
    GROUP BY number_a, number_b
    HAVING min(rank_of_end) <= 5 AND max(rank_of_end) <= 20
)

SELECT
    a.trial_id AS trial_id_a,
    b.trial_id AS trial_id_b,
    candidate.score,
    candidate.title_similarity,
    candidate.shared_conditions,
    candidate.shared_interventions,
    candidate.has_same_sponsor
FROM candidate
JOIN kept USING (number_a, number_b)
JOIN trial AS a ON a.number = candidate.number_a
JOIN trial AS b ON b.number = candidate.number_b
ORDER BY trial_id_a, trial_id_b
