/* ---
description: >-
  Which organisation each name stands for, and why. Names are resolved conservatively: the same words but for
  case, accents, punctuation, articles and legal form; an abbreviation that a record explains; a rare misspelling
  of one letter at the same city. What is not resolved is an organisation by itself. The text of the record stays
  as it is in core.organisation_use.
grain: one row per name and, where sites of that name lie in many places, place
owner: team:warehouse
tags: [core, identity]
materialised: table
columns:
  name: {type: VARCHAR, description: "The name as records write it.", tests: [not_null]}
  country: {type: VARCHAR, description: "Country of the sites meant, where sites of that name lie in more than one country, more than three cities or two states of the USA; NULL: the name wherever it stands, or in places other than sites."}
  city: {type: VARCHAR, description: "City of the sites meant, in small letters without accents and punctuation, St. as Saint, where they lie in more than three cities of the country or in two states of the USA; else NULL."}
  covers:
    type: VARCHAR
    description: >-
      sites, other (places other than sites, and sites without a country) or all.
    tests: [not_null, {accepted_values: [sites, other, all]}]
  organisation_id: {type: VARCHAR, description: "The organisation (core.organisation); NULL for a name that stands for none."}
  method:
    type: VARCHAR
    description: >-
      main_name (the organisation is called so), same_spelling, same_words, explained_name (Long Name (LN)),
      explained_abbreviation (LN), misspelling, placeholder (no organisation).
    tests: [not_null, {accepted_values: [main_name, same_spelling, same_words, explained_name, explained_abbreviation, misspelling, placeholder]}]
  evidence: {type: VARCHAR, description: "Why, in words.", tests: [not_null]}
  ground_record_key: {type: VARCHAR, description: "A record that explains the abbreviation; NULL for other methods."}
  record_count: {type: BIGINT, description: "Records that have the name there.", tests: [not_null]}
tests:
  - unique: [name, country, city, covers]
--- */
WITH name AS (
    SELECT name, spelling_key, word_key, legal_form, long_key, abbreviation, abbreviation_key, is_placeholder, record_count, first_record_key
    FROM core.organisation_name
),

-- "Acme Ltd" and "Acme" are one; where there is an "Acme Inc." too, each legal form is an organisation of its own.
word AS (
    SELECT word_key, sum(record_count) AS record_count, count(DISTINCT legal_form) AS legal_forms
    FROM name
    WHERE NOT is_placeholder
    GROUP BY word_key
),

-- Abbreviations that records explain in one way only, and the countries of the records that do.
explained AS (
    SELECT
        abbreviation_key,
        min(long_key) AS long_key,
        arg_min(name, (-record_count, name)) AS explaining_name,
        arg_min(first_record_key, (-record_count, name)) AS ground_record_key
    FROM name
    WHERE long_key IS NOT NULL AND length(replace(abbreviation_key, ' ', '')) >= 3
    GROUP BY abbreviation_key
    HAVING count(DISTINCT long_key) = 1
),

record_country AS (
    SELECT DISTINCT record_key, country
    FROM core.organisation_use
    WHERE country IS NOT NULL
),

long_country AS (
    SELECT DISTINCT explained.abbreviation_key, place.country
    FROM explained
    JOIN (
        SELECT name, word_key AS long_key FROM name
        UNION
        SELECT name, long_key FROM name WHERE long_key IS NOT NULL
    ) AS name USING (long_key)
    JOIN core.organisation_use AS uses ON uses.name = name.name
    JOIN record_country AS place USING (record_key)
),

-- The abbreviation alone stands for the long name where records of both lie in one country at least.
short AS (
    SELECT DISTINCT name.word_key, explained.long_key, explained.explaining_name, explained.ground_record_key
    FROM name
    JOIN explained ON explained.abbreviation_key = name.spelling_key
    JOIN core.organisation_use AS uses ON uses.name = name.name
    JOIN record_country AS place USING (record_key)
    JOIN long_country ON long_country.abbreviation_key = explained.abbreviation_key AND long_country.country = place.country
),

-- Each word of a site's name left out in turn: names that differ in one word meet, if they lie in one city.
at_city AS (
    SELECT DISTINCT
        name.word_key,
        string_split(name.word_key, ' ') AS words,
        uses.country,
        uses.city_key AS city
    FROM core.organisation_use AS uses
    JOIN name USING (name)
    WHERE uses.place = 'site' AND uses.city IS NOT NULL AND NOT name.is_placeholder
),

placed AS (
    SELECT word_key, words, country, city, unnest(generate_series(1, len(words))) AS place
    FROM at_city
    WHERE len(words) BETWEEN 2 AND 12
),

masked AS (
    SELECT
        placed.word_key,
        placed.country,
        placed.city,
        placed.place,
        placed.words[placed.place] AS word,
        array_to_string(list_slice(placed.words, 1, placed.place - 1), ' ')
        || ' * ' || array_to_string(list_slice(placed.words, placed.place + 1, len(placed.words)), ' ') AS others,
        word.record_count
    FROM placed
    JOIN word USING (word_key)
    WHERE length(placed.words[placed.place]) BETWEEN 7 AND 100 AND NOT regexp_matches(placed.words[placed.place], '[0-9]')
),

-- One slip of the pen behind the first letter, in a name that hardly occurs, of one that does (2026-11).
misspelt AS (
    SELECT
        rare.word_key,
        arg_min(usual.word_key, (-usual.record_count, usual.word_key)) AS usual_key,
        arg_min(rare.city, (-usual.record_count, usual.word_key)) AS city
    FROM masked AS rare
    JOIN masked AS usual
        ON usual.country = rare.country
        AND usual.city = rare.city
        AND usual.place = rare.place
        AND usual.others = rare.others
        AND left(usual.word, 1) = left(rare.word, 1)
    WHERE
        rare.record_count <= 2
        AND usual.record_count >= 5
        AND usual.record_count >= 5 * rare.record_count
        AND damerau_levenshtein(rare.word, usual.word) = 1
    GROUP BY rare.word_key
),

-- The key of the organisation: first the name's own words, then what an explanation or a slip makes of them.
resolved AS (
    SELECT
        name.name,
        name.spelling_key,
        name.word_key,
        name.is_placeholder,
        coalesce(
            name.long_key,
            short.long_key,
            misspelt.usual_key,
            CASE WHEN word.legal_forms > 1 THEN name.word_key || ' ' || name.legal_form END,
            name.word_key
        ) AS organisation_key,
        CASE WHEN NOT name.is_placeholder THEN organisation_key END AS site_key,
        CASE
            WHEN name.long_key IS NOT NULL THEN 'explained_name'
            WHEN short.long_key IS NOT NULL THEN 'explained_abbreviation'
            WHEN misspelt.usual_key IS NOT NULL THEN 'misspelling'
        END AS special,
        name.abbreviation,
        short.explaining_name,
        CASE WHEN name.long_key IS NOT NULL THEN name.first_record_key ELSE short.ground_record_key END AS ground_record_key,
        misspelt.city AS slip_city
    FROM name
    LEFT JOIN word ON word.word_key = name.word_key
    LEFT JOIN short ON short.word_key = name.word_key
    LEFT JOIN misspelt ON misspelt.word_key = name.word_key
),

-- Sites of one name in many places are different organisations: by country, and beyond three cities, or in two states of
-- the USA (Mercy Hospital of Cedar Rapids, of Coon Rapids, of Scranton), by city (2026-11). Elsewhere states are free text
-- and of many spellings: Seoul, Seoul Teugbyeolsi.
state_count AS (
    SELECT resolved.organisation_key, location.country, count(DISTINCT lower(trim(location.state))) AS states
    FROM core.location AS location
    JOIN resolved ON resolved.name = location.facility
    WHERE NOT resolved.is_placeholder AND location.country = 'United States' AND trim(location.state) <> ''
    GROUP BY resolved.organisation_key, location.country
),

city_count AS (
    SELECT sited.organisation_key, sited.country, sited.cities > 3 OR coalesce(state_count.states > 1, FALSE) AS is_apart
    FROM (
        SELECT resolved.organisation_key, uses.country, count(DISTINCT replace(uses.city_key, ' ', '')) AS cities
        FROM core.organisation_use AS uses
        JOIN resolved USING (name)
        WHERE uses.place = 'site' AND NOT resolved.is_placeholder
        GROUP BY resolved.organisation_key, uses.country
    ) AS sited
    LEFT JOIN state_count USING (organisation_key, country)
),

spread AS (
    SELECT organisation_key, count(country) > 1 OR bool_or(is_apart) AS is_apart
    FROM city_count
    GROUP BY organisation_key
),

entry AS (
    SELECT
        resolved.name,
        CASE WHEN spread.is_apart THEN uses.country END AS country,
        CASE WHEN city_count.is_apart THEN coalesce(uses.city_key, '') END AS city,
        bool_or(uses.place = 'site' AND (uses.country IS NOT NULL OR coalesce(NOT spread.is_apart, TRUE))) AS has_sites,
        bool_or(uses.place <> 'site' OR (uses.country IS NULL AND spread.is_apart)) AS has_others,
        count(DISTINCT uses.record_key) AS record_count
    FROM core.organisation_use AS uses
    JOIN resolved USING (name)
    LEFT JOIN spread ON spread.organisation_key = resolved.site_key
    LEFT JOIN city_count
        ON city_count.organisation_key = resolved.site_key
        AND city_count.country = uses.country
    GROUP BY 1, 2, 3
),

-- The name that stands for all: one with the organisation's own words, then the most frequent.
called AS (
    SELECT
        entry.*,
        resolved.* EXCLUDE (name),
        first_value(entry.name) OVER main AS main_name,
        first_value(resolved.spelling_key) OVER main AS main_spelling
    FROM entry
    JOIN resolved USING (name)
    WINDOW main AS (
        PARTITION BY resolved.organisation_key, resolved.is_placeholder, entry.country, entry.city
        ORDER BY resolved.special IS NOT NULL, entry.record_count DESC, entry.name
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
)

SELECT
    name,
    country,
    city,
    CASE WHEN has_sites AND has_others THEN 'all' WHEN has_sites THEN 'sites' ELSE 'other' END AS covers,
    CASE WHEN NOT is_placeholder THEN concat_ws(' | ', 'ORG:' || organisation_key, country, city) END AS organisation_id,
    CASE
        WHEN is_placeholder THEN 'placeholder'
        WHEN name = main_name THEN 'main_name'
        WHEN special IS NOT NULL THEN special
        WHEN spelling_key = main_spelling THEN 'same_spelling'
        ELSE 'same_words'
    END AS method,
    CASE
        WHEN is_placeholder THEN 'the name stands for no organisation that could be known'
        WHEN name = main_name THEN 'no other name of the organisation is more frequent'
        WHEN special = 'explained_name' THEN 'explains ' || abbreviation || ' as "' || main_name || '"'
        WHEN special = 'explained_abbreviation' THEN 'explained by "' || explaining_name || '", and by no other name; both stand in records of one country'
        WHEN special = 'misspelling' THEN 'one letter off "' || main_name || '", which is far more frequent, at the same city: ' || slip_city
        WHEN spelling_key = main_spelling THEN 'the same as "' || main_name || '" but for case, accents, punctuation or the number of the site'
        ELSE 'the same words as "' || main_name || '" but for articles, prepositions, legal form, an abbreviated word or initials written apart'
    END AS evidence,
    CASE WHEN special LIKE 'explained%' AND name <> main_name THEN ground_record_key END AS ground_record_key,
    record_count
FROM called
ORDER BY name, country, city
