/* ---
description: >-
  The words of each record that a search looks in: ids and titles, conditions, and interventions with keywords, in small
  letters without accents and punctuation, each word between blanks. The table macro marts.search(query) ranks by it;
  marts.search_criteria(query) searches the eligibility criteria themselves. docs/marts/search.md
grain: one row per record
owner: team:warehouse
tags: [marts]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record.", tests: [not_null, unique]}
  trial_id: {type: VARCHAR, description: "Its trial.", tests: [not_null]}
  title_words: {type: VARCHAR, description: "Registry id, acronym, brief and official title.", tests: [not_null]}
  condition_words: {type: VARCHAR, description: "Conditions.", tests: [not_null]}
  other_words: {type: VARCHAR, description: "Names of interventions, their other names, and keywords.", tests: [not_null]}
  word_count: {type: BIGINT, description: "Words in the three.", tests: [not_null]}
--- */
WITH condition AS (
    SELECT record_key, string_agg(condition, ' ' ORDER BY position) AS words
    FROM core.condition
    GROUP BY record_key
),

named AS (
    SELECT record_key, 1 AS list_no, position, concat_ws(' ', name, array_to_string(other_names, ' ')) AS words
    FROM core.intervention
    UNION ALL
    SELECT record_key, 2 AS list_no, position, keyword AS words
    FROM core.keyword
),

other AS (
    SELECT record_key, string_agg(words, ' ' ORDER BY list_no, position) AS words
    FROM named
    GROUP BY record_key
),

folded AS (
    SELECT
        record.record_key,
        record.trial_id,
        ' ' || trim(regexp_replace(
            lower(strip_accents(concat_ws(' ', record.registry_id, record.acronym, record.brief_title, record.official_title))),
            '[^\pL\pN]+', ' ', 'g'
        )) || ' ' AS title_words,
        ' ' || trim(regexp_replace(lower(strip_accents(coalesce(condition.words, ''))), '[^\pL\pN]+', ' ', 'g')) || ' ' AS condition_words,
        ' ' || trim(regexp_replace(lower(strip_accents(coalesce(other.words, ''))), '[^\pL\pN]+', ' ', 'g')) || ' ' AS other_words
    FROM core.record AS record
    LEFT JOIN condition ON condition.record_key = record.record_key
    LEFT JOIN other ON other.record_key = record.record_key
)

SELECT
    record_key,
    trial_id,
    title_words,
    condition_words,
    other_words,
    -- One blank more than words in each; where there is no word, two.
    length(title_words) - length(replace(title_words, ' ', '')) - if(title_words = '  ', 2, 1)
    + length(condition_words) - length(replace(condition_words, ' ', '')) - if(condition_words = '  ', 2, 1)
    + length(other_words) - length(replace(other_words, ' ', '')) - if(other_words = '  ', 2, 1) AS word_count
FROM folded
ORDER BY record_key
