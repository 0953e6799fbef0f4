/* ---
description: >-
  Every name of an organisation in core.organisation_use, with the keys by which spellings of one name are found.
  Which organisation a name stands for is said in core.organisation_alias.
grain: one row per name, exactly as written
owner: team:warehouse
tags: [core, identity]
materialised: table
columns:
  name: {type: VARCHAR, description: "The name as records write it.", tests: [not_null, unique]}
  spelling_key:
    type: VARCHAR
    description: >-
      The name in small letters without accents and punctuation, and without the number that a sponsor gives its site
      behind the name (/ID# 254022, ( Site 3101), Site Number : 8400013).
    tests: [not_null]
  word_key:
    type: VARCHAR
    description: >-
      spelling_key without articles and prepositions (English, French, German, Dutch, Spanish, Portuguese,
      Italian) and without a legal form at its end; letters that stand alone side by side are one word, 3rd is third.
    tests: [not_null]
  legal_form: {type: VARCHAR, description: "The legal form at its end in one spelling: ltd, inc, gmbh, …; NULL for none."}
  long_name: {type: VARCHAR, description: "Of a name like Long Name (LN) the part before the abbreviation; NULL for others."}
  long_key: {type: VARCHAR, description: "word_key of long_name."}
  abbreviation: {type: VARCHAR, description: "The abbreviation in brackets, where its letters are the initials of long_name."}
  abbreviation_key: {type: VARCHAR, description: "spelling_key of the abbreviation."}
  is_placeholder: {type: BOOLEAN, description: "Whether the name stands for no organisation: Research Site, Site 012, N/A.", tests: [not_null]}
  sponsor_count: {type: BIGINT, description: "Records that have it as lead sponsor.", tests: [not_null]}
  collaborator_count: {type: BIGINT, description: "Records that have it as collaborator, or as sponsor without a role.", tests: [not_null]}
  registrant_count: {type: BIGINT, description: "Records that were registered by it.", tests: [not_null]}
  affiliation_count: {type: BIGINT, description: "Records in which it is somebody's affiliation.", tests: [not_null]}
  site_count: {type: BIGINT, description: "Records that have it as a site.", tests: [not_null]}
  record_count: {type: BIGINT, description: "Records that have it in any place.", tests: [not_null]}
  first_record_key: {type: VARCHAR, description: "The smallest record key among them.", tests: [not_null]}
--- */
WITH counted AS (
    SELECT
        name,
        count(DISTINCT record_key) FILTER (WHERE place = 'sponsor') AS sponsor_count,
        count(DISTINCT record_key) FILTER (WHERE place = 'collaborator') AS collaborator_count,
        count(DISTINCT record_key) FILTER (WHERE place = 'registrant') AS registrant_count,
        count(DISTINCT record_key) FILTER (WHERE place = 'affiliation') AS affiliation_count,
        count(DISTINCT record_key) FILTER (WHERE place = 'site') AS site_count,
        count(DISTINCT record_key) AS record_count,
        min(record_key) AS first_record_key
    FROM core.organisation_use
    GROUP BY name
),

-- What a sponsor writes behind the name to number its site is none of it: "Asan Medical Center /ID# 254022", "Gustave
-- Roussy ( Site 3101)", "Lakeside Hospital Site Number : 8400013" (2026-11: 103 organisations of the development data were in
-- pieces for it). An Investigational Site Number 8400013 has no name in front.
bared AS (
    SELECT
        *,
        coalesce(
            nullif(
                CASE
                    WHEN regexp_matches(name, '(?i)\b(investigat\pL*|research|study|trial|clinical|local)[\s,-]*site\s*number[\s:#]*[0-9]+\s*$') THEN name
                    ELSE regexp_replace(
                        name,
                        '(?i)\s*(/\s*ID\s*#\s*[0-9]+|\(\s*site\s*(#|no\.?|nr\.?|number)?\s*[0-9][0-9-]*\s*\)|[\s,-]\s*site\s*number\s*[:#]\s*[0-9]+)\s*$', ''
                    )
                END,
                ''
            ),
            name
        ) AS bare_name
    FROM counted
),

-- "L'Hôpital" is two words, "Children's" is one; "&" is a word. Letters with a stroke are no accents to DuckDB: ø, ł, ß.
spelt AS (
    SELECT
        *,
        trim(regexp_replace(
            replace(replace(replace(translate(
                lower(strip_accents(replace(
                    regexp_replace(regexp_replace(bare_name, '\b([LlDd])[''’`´]', '\1 ', 'g'), '[''’`´]', '', 'g'), '&', ' and '
                ))),
                'øłđıð', 'oldid'
            ), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
            '[^\pL\pN]+', ' ', 'g'
        )) AS spelling_key,
        regexp_extract(bare_name, '^\s*(\pL.{5,})\s+\(\s*([\pL][\pL\pN&./ -]{1,11})\s*\)\s*$', ['long_name', 'abbreviation']) AS bracket
    FROM bared
),

formed AS (
    SELECT
        *,
        trim(regexp_extract(
            spelling_key,
            '( (?:inc|incorporated|ltd|limited|llc|llp|lp|plc|gmbh|mbh|ag|kg|kgaa|co|company|corp|corporation|sa|sas|sarl|sl|slu|srl|spa|bv|nv|ab|aps|asa|oy|oyj|kk|pty|pvt|pte|sdn|bhd|pllc|pc|pa|p c|p a|l l c|s a s|s a|s l|s r l|s p a|b v|n v|k k|a g|a s))+$'
        )) AS legal_words
    FROM spelt
),

-- Word by word, as a pattern's border of words is blind to letters that are not English. Without the legal form, numbers
-- and abbreviations that stand for one word only written out: "Columbia Univ", "St. Luke's Hosp", "Wuhan 3rd Hospital".
-- Not Centre and Center: the Queen's Medical Centre is in Nottingham, the Queen's Medical Center in Honolulu.
-- Letters that stand alone side by side are one word: "M. D. Anderson".
written AS (
    SELECT
        *,
        trim(replace(
            regexp_replace(
                translate(
                    replace(
                        array_to_string(
                            list_transform(
                                string_split(trim(left(spelling_key, length(spelling_key) - length(legal_words))), ' '),
                                lambda word: CASE word
                                    WHEN 'univ' THEN ' university '
                                    WHEN 'hosp' THEN ' hospital '
                                    WHEN 'ctr' THEN ' center '
                                    WHEN 'cntr' THEN ' center '
                                    WHEN 'st' THEN ' saint '
                                    WHEN '1st' THEN ' first '
                                    WHEN '2nd' THEN ' second '
                                    WHEN '3rd' THEN ' third '
                                    WHEN '4th' THEN ' fourth '
                                    WHEN '5th' THEN ' fifth '
                                    WHEN '6th' THEN ' sixth '
                                    WHEN '7th' THEN ' seventh '
                                    WHEN '8th' THEN ' eighth '
                                    WHEN '9th' THEN ' ninth '
                                    WHEN '10th' THEN ' tenth '
                                    ELSE CASE WHEN regexp_full_match(word, '\pL') THEN '|' || word || '|' ELSE ' ' || word || ' ' END
                                END
                            ),
                            ''
                        ),
                        '||', ''
                    ),
                    '|', ' '
                ),
                '\s+', ' ', 'g'
            ),
            ' med center ', ' medical center '
        )) AS written_out
    FROM formed
),

-- The first letters of all words, and of all but the small ones, beside the letters in brackets.
keyed AS (
    SELECT
        *,
        array_to_string(
            list_filter(
                string_split(written_out, ' '),
                lambda word: word NOT IN (
                    'of', 'the', 'for', 'at', 'in', 'on', 'to', 'with', 'and', 'de', 'du', 'des', 'del', 'della', 'delle', 'dei', 'di',
                    'da', 'do', 'dos', 'das', 'd', 'l', 'la', 'le', 'les', 'los', 'las', 'el', 'et', 'e', 'y', 'und', 'der', 'die',
                    'fur', 'fuer', 'zu', 'zur', 'am', 'im', 'van', 'het', 'voor', 'en'
                )
            ),
            ' '
        ) AS short_key,
        regexp_replace(
            replace(
                replace(
                    replace(replace(replace(legal_words, 'limited', 'ltd'), 'incorporated', 'inc'), 'corporation', 'corp'),
                    'company', 'co'
                ),
                ' ', ''
            ),
            '^co(ltd|inc|llc|kg|sa|pty|pvt)', '\1'
        ) AS legal_letters,
        trim(bracket.long_name) AS bracket_name,
        lower(regexp_replace(strip_accents(bracket.abbreviation), '[^\pL\pN]+', '', 'g')) AS bracket_letters,
        trim(regexp_replace(lower(strip_accents(bracket.abbreviation)), '[^\pL\pN]+', ' ', 'g')) AS bracket_words,
        trim(regexp_replace(lower(strip_accents(bracket.long_name)), '[^\pL\pN]+', ' ', 'g')) AS bracket_key
    FROM written
),

lettered AS (
    SELECT
        *,
        regexp_replace(bracket_key, '([\pL\pN])[\pL\pN]*( |$)', '\1', 'g') AS initials,
        regexp_replace(
            trim(regexp_replace(
                bracket_key, '\b(of|the|for|at|in|on|to|with|and|de|du|des|del|della|di|da|do|d|l|la|le|les|et|und|der|van|voor)\b', '', 'g'
            )),
            '([\pL\pN])[\pL\pN]*( +|$)', '\1', 'g'
        ) AS main_initials
    FROM keyed
)

SELECT
    name,
    spelling_key,
    CASE WHEN short_key = '' THEN spelling_key ELSE short_key END AS word_key,
    CASE WHEN short_key <> '' THEN nullif(legal_letters, '') END AS legal_form,
    CASE WHEN bracket_letters <> '' AND bracket_letters IN (initials, main_initials) THEN bracket_name END AS long_name,
    CASE
        WHEN bracket_letters <> '' AND bracket_letters IN (initials, main_initials) AND suffix(short_key, ' ' || bracket_words)
            THEN left(short_key, length(short_key) - length(bracket_words) - 1)
    END AS long_key,
    CASE
        WHEN bracket_letters <> '' AND bracket_letters IN (initials, main_initials) THEN trim(bracket.abbreviation)
    END AS abbreviation,
    CASE WHEN bracket_letters <> '' AND bracket_letters IN (initials, main_initials) THEN bracket_words END AS abbreviation_key,
    spelling_key = ''
    -- The networks of the NIH call their hospitals so: "Lakeside Clinical Research Site".
    OR (
        regexp_matches(
            spelling_key,
            '(^|\b)(investigat(ive|ional|or|ors|ion|ing)|research|clinical|clinical trial|study|trial|local|unnamed|undisclosed|selected) sites?( (number|no|nr|id))?( ?[0-9a-z]*[0-9][0-9a-z]*)*$'
        )
        AND NOT regexp_matches(spelling_key, '\S clinical research site$')
    )
    -- Of a facility these must be the first words: the Southampton Clinical Research Facility is one.
    OR regexp_matches(
        spelling_key,
        '^(clinical )?(investigat(ive|ional|or|ors|ion|ing)|research|clinical|clinical trial|study|trial|local|unnamed|undisclosed|test|site) facilit(y|ies)( (number|no|nr|id))?( ?[0-9a-z]*[0-9][0-9a-z]*)*$'
    )
    OR regexp_matches(spelling_key, '\bcall cent(er|re)$')
    -- A study's code with the number of the site: "AS0006 101".
    OR regexp_matches(spelling_key, '^[a-z]{1,4}[0-9]{2,6}( [0-9]+)+$')
    OR regexp_matches(
        spelling_key,
        '(^|\b)(investigat(ive|ional|or|ors) cent(er|re)|local institution)s?( (number|no|nr|id))?( ?[0-9a-z]*[0-9][0-9a-z]*)*$'
    )
    OR regexp_matches(spelling_key, '^investigat(ive|ional|or|ors) (site|cent(er|re))s?( in)?( \pL+){1,2}$')
    OR regexp_matches(
        spelling_key,
        '^(site|sites|id|facility|cent(er|re)|location|institution|hospital)( (number|no|nr|id))?( [0-9a-z]*[0-9][0-9a-z]*)+$'
    )
    OR regexp_matches(spelling_key, '^[0-9 ]+$')
    OR regexp_matches(
        spelling_key,
        '^(not (applicable|available|provided|specified|known)|n a|na|nil|none|no|unknown|other|others|various|multiple|several|pending|tbd|to be (determined|confirmed)|test|self|self funded|individual|many locations|multiple (sites|locations|centers|centres)|please contact .*|for additional information .*|call for information.*|contact .* for .*)$'
    ) AS is_placeholder,
    sponsor_count,
    collaborator_count,
    registrant_count,
    affiliation_count,
    site_count,
    record_count,
    first_record_key
FROM lettered
ORDER BY name
