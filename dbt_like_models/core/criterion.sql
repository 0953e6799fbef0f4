/* ---
description: >-
  Eligibility criteria as rows. Where the reader has cut the criteria itself (registry page text), its rows
  are taken; otherwise the text is cut at its lines: each item or paragraph is a row, its kind is that of the
  last heading above it, and text before any heading is of kind unknown. Headings are no rows; column heading
  shows the one that a row stands under.
grain: one row per criterion of a record
owner: team:warehouse
tags: [core]
materialised: table
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place among the criteria of the record, in the order of the text.", tests: [not_null]}
  kind:
    type: VARCHAR
    description: >-
      inclusion, exclusion or unknown (no heading says).
    tests: [not_null, {accepted_values: [inclusion, exclusion, unknown]}]
  number:
    type: INTEGER
    description: >-
      Number of the item as the text has it (3 for "3." or "3)"); NULL for bullets, letters and paragraphs.
  label:
    type: VARCHAR
    description: >-
      Bullet, number or letter before the item, as written; NULL for paragraphs and where the reader cut the
      text.
  indent: {type: INTEGER, description: "Blanks before the item: a larger indent means a sub-item. NULL where the reader cut the text."}
  heading: {type: VARCHAR, description: "The heading the row stands under, as written; NULL before any, and where the reader cut the text."}
  text:
    type: VARCHAR
    description: >-
      The criterion without its bullet or number and without CommonMark escapes; NULL where the reader knows
      of an item that the source has lost.
  is_damaged:
    type: BOOLEAN
    description: >-
      True where something seems lost: numbering starts late, jumps or starts over with no heading or
      paragraph between, or the reader saw a loss.
    tests: [not_null]
  ground:
    type: VARCHAR
    description: >-
      reader (cut by the reader) or split (cut here).
    tests: [not_null, {accepted_values: [reader, split]}]
tests:
  - unique: [record_key, position]
--- */
WITH reader_criterion AS (
    SELECT version_id, position, kind, number, text, damaged
    FROM staging.parsed_criterion
),

line AS (
    SELECT
        study.version_id,
        unnest(string_split(replace(study.eligibility_criteria, chr(13), ''), chr(10))) AS raw_text,
        generate_subscripts(string_split(replace(study.eligibility_criteria, chr(13), ''), chr(10)), 1) AS line_no
    FROM raw.record_version AS version
    JOIN staging.study AS study USING (version_id)
    ANTI JOIN reader_criterion USING (version_id)
    WHERE version.is_current AND study.eligibility_criteria IS NOT NULL
),

-- Lines without a letter or digit are left-overs of lists ("\-"). A bullet may stand before a number: "* 3\. Age".
bulleted AS (
    SELECT
        version_id,
        line_no,
        (strlen(raw_text) - strlen(ltrim(raw_text)))::INTEGER AS indent,
        regexp_extract(ltrim(raw_text), '^(?:\\?[*+]\s+|\\?[-–—•●▪◦○·]\s*)*') AS bullet,
        rtrim(ltrim(raw_text)[length(bullet) + 1:]) AS bulleted_text
    FROM line
    WHERE regexp_matches(raw_text, '[\pL\pN]')
),

-- A number counts before a stop or bracket that no digit follows: "3. Age" is item 3, "3.5 mg" is none. A letter or a
-- Roman number also needs a blank behind: "a. Age" and "(ii) Age" are items, "e.g. age" and "(s)he" are none.
marked AS (
    SELECT
        version_id,
        line_no,
        indent,
        bullet,
        regexp_extract(
            bulleted_text,
            '^(\(?[0-9]{1,3}\\?[.)]|\(?(?:[A-Za-z]|[ivxIVX]{2,5})\\?[.)]\s)(?:[^0-9]|$)',
            1
        ) AS enumerator,
        ltrim(bulleted_text[length(enumerator) + 1:]) AS marked_text
    FROM bulleted
),

-- CommonMark puts a backslash before punctuation that is meant literally: "\<" is "<".
item AS (
    SELECT
        version_id,
        line_no,
        indent,
        nullif(trim(bullet || replace(enumerator, '\', '')), '') AS label,
        try_cast(regexp_extract(enumerator, '[0-9]+') AS INTEGER) AS number,
        regexp_replace(marked_text, '\\([!-/:-@\[-`{-~])', '\1', 'g') AS text,
        -- Only these lines can be headings; for the others the words are not needed.
        CASE
            WHEN ends_with(text, ':') OR contains(lower(text), 'clusion')
                THEN regexp_replace(lower(trim(text, ' *_#')), 'non[- ]inclusion', 'exclusion')
        END AS words
    FROM marked
),

-- A heading names inclusion or exclusion, not both, in one of these forms:
--   whole line      "Key Exclusion Criteria:", "Asthma group inclusion criteria", "Exclusions"
--   with a tail     "Inclusion criteria for controls", "Exclusion Criteria - Part B"
--   sentence        "Patients must meet all of these inclusion criteria:", "Patients are excluded if:"
--   with its text   "Exclusion criteria: none" (the text behind the colon is a row)
-- An item with a bullet or number is a heading only as a plain whole line; others may be criteria about other criteria.
judged AS (
    SELECT
        version_id,
        line_no,
        indent,
        label,
        number,
        text,
        words,
        coalesce(contains(words, 'inclusion'), false) AS names_inclusion,
        coalesce(contains(words, 'exclusion'), false) AS names_exclusion,
        CASE
            WHEN words IS NULL THEN false
            WHEN NOT contains(words, 'clusion')
                THEN label IS NULL AND indent = 0 AND words LIKE '%:' AND length(words) <= 200 AND regexp_matches(
                    words, '\b(?:excluded?|excludes|ineligible|disqualified|not (?:be )?(?:eligible|included|enrolled))\b'
                )
            WHEN names_inclusion AND names_exclusion
                THEN regexp_matches(words, '^\W*inclusion\W{1,3}(?:and |or )?exclusion crit[a-z]+\W*$')
            WHEN names_inclusion AND regexp_matches(words, '\bnot\b') THEN false
            WHEN label IS NOT NULL
                THEN regexp_matches(
                    words,
                    '^(?:(?:key|main|major|general|specific|additional|other|group|part|cohort|[a-z]|[0-9]+) ){0,3}'
                    '(?:in|ex)clusion crit[a-z]+(?: for [^.;:]{1,80})?\s*[:.]?$'
                )
            WHEN regexp_matches(words, '\b(?:meet|meets|meeting|met|fulfil\w*|above|apply|applies|applied)\b[^:]*$')
                THEN names_exclusion AND words LIKE '%:' AND length(words) <= 200
            ELSE (words LIKE '%:' AND length(words) <= 200)
                OR regexp_matches(
                    words, '^(?:[^.;:]{0,80}\s)?(?:pre-?)?(?:in|ex)clusion crit[a-z]+\s*(?:\([^)]*\))?\s*[:.]?$'
                )
                OR regexp_matches(words, '^(?:\w+ ){0,2}(?:in|ex)clusions?\s*[:.]?$')
                OR (
                    length(words) <= 120
                    AND regexp_matches(
                        words,
                        '^(?:[^.;:]{0,60}\s)?(?:in|ex)clusion crit[a-z]+\s*(?:for|of|specific|[-–,(])\s*[^.;]+$'
                    )
                )
        END AS is_heading,
        CASE
            WHEN label IS NULL AND contains(words, 'clusion') AND NOT words LIKE '%:'
                THEN nullif(regexp_extract(
                    text,
                    '(?i)^\W*(?:(?:\w+ ){0,2}(?:in|ex)clusion crit[a-z]+|(?:in|ex)clusions?)\s*:\s*(.+)$',
                    1
                ), '')
        END AS text_behind
    FROM item
),

placed AS (
    SELECT
        version_id,
        line_no,
        indent,
        label,
        number,
        coalesce(text_behind, text) AS text,
        text_behind IS NOT NULL OR is_heading AS opens_section,
        text_behind IS NOT NULL OR NOT is_heading AS is_row,
        number IS NOT NULL AND indent = 0 AS is_top_item,
        CASE
            WHEN NOT opens_section THEN NULL
            WHEN text_behind IS NOT NULL AND contains(split_part(words, ':', 1), 'inclusion') THEN 'inclusion'
            WHEN text_behind IS NOT NULL THEN 'exclusion'
            WHEN names_inclusion AND names_exclusion THEN 'unknown'
            WHEN names_inclusion THEN 'inclusion'
            ELSE 'exclusion'
        END AS opened_kind,
        CASE WHEN opens_section THEN text END AS opened_heading
    FROM judged
),

-- The last heading above, and the number before: in this run of items (0 after a heading, a paragraph, or a bullet or
-- letter that announces a list with a colon: "* i. Allergic to milk, all of:") and in all.
ordered AS (
    SELECT
        version_id,
        line_no,
        indent,
        label,
        number,
        text,
        is_row,
        is_top_item,
        last_value(opened_kind IGNORE NULLS) OVER so_far AS kind,
        last_value(opened_heading IGNORE NULLS) OVER so_far AS heading,
        count(*) FILTER (WHERE is_row) OVER so_far AS position,
        last_value(
            CASE
                WHEN is_top_item THEN number
                WHEN opens_section OR (indent = 0 AND (label IS NULL OR text LIKE '%:')) THEN 0
            END IGNORE NULLS
        ) OVER before AS number_before,
        last_value(CASE WHEN is_top_item THEN number END IGNORE NULLS) OVER before AS number_before_in_all
    FROM placed
    WINDOW
        so_far AS (PARTITION BY version_id ORDER BY line_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
        before AS (PARTITION BY version_id ORDER BY line_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),

split_criterion AS (
    SELECT
        version_id,
        position,
        coalesce(kind, 'unknown') AS kind,
        number,
        label,
        indent,
        heading,
        text,
        is_top_item
        AND number <> coalesce(number_before, 0) + 1
        AND NOT (coalesce(number_before, 0) = 0 AND number = coalesce(number_before_in_all, 0) + 1) AS is_damaged,
        'split' AS ground
    FROM ordered
    WHERE is_row
),

criterion AS (
    SELECT version_id, position, kind, number, label, indent, heading, text, is_damaged, ground
    FROM split_criterion
    UNION ALL
    SELECT
        cut.version_id,
        cut.position,
        coalesce(cut.kind, 'unknown') AS kind,
        cut.number,
        NULL AS label,
        NULL AS indent,
        NULL AS heading,
        cut.text,
        coalesce(cut.damaged, false) AS is_damaged,
        'reader' AS ground
    FROM reader_criterion AS cut
)

SELECT
    version.record_key,
    criterion.position::INTEGER AS position,
    criterion.kind,
    criterion.number::INTEGER AS number,
    criterion.label,
    criterion.indent,
    criterion.heading,
    criterion.text,
    criterion.is_damaged,
    criterion.ground
FROM criterion
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
ORDER BY version.record_key, position
