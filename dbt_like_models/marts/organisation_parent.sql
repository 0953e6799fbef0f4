/* ---
description: >-
  Which organisation belongs to which other, as far as the records themselves say so: a name that states its owner
  ("X, a Y company", "X, an affiliate of Y", "X is now a wholly owned subsidiary of Y"), or the registry's class NIH. Nothing
  is known here that no record says.
grain: one row per organisation, relation and name of the parent
owner: team:warehouse
tags: [marts, identity]
materialised: table
columns:
  organisation_id: {type: VARCHAR, description: "The organisation (core.organisation).", tests: [not_null]}
  relation:
    type: VARCHAR
    description: >-
      subsidiary (also owned or acquired by), affiliate, division, member, company (a Y company), part, or nih_institute
      (class NIH in the registry).
    tests: [not_null, {accepted_values: [subsidiary, affiliate, division, member, company, part, nih_institute]}]
  parent_name: {type: VARCHAR, description: "The parent, as the name states it.", tests: [not_null]}
  parent_organisation_id: {type: VARCHAR, description: "The parent as an organisation; NULL where no record names it by itself, or where the name stands for several."}
  evidence: {type: VARCHAR, description: "The name that says so, as a record writes it, or the class.", tests: [not_null]}
  ground_record_key: {type: VARCHAR, description: "A record with that name.", tests: [not_null]}
tests:
  - unique: [organisation_id, relation, parent_name]
metrics:
  parent_organisation_id:
    meaning: "The organisation named as parent."
    formula: "the one organisation that a name with the parent's words (or the words before its first comma) stands for"
    caveat: "Only what names say: most takeovers are in no name. As old as the records: a company can have been sold since. One step up; follow the rows for more."
--- */
WITH named AS (
    SELECT DISTINCT alias.organisation_id, alias.name, name.first_record_key
    FROM core.organisation_alias AS alias
    JOIN core.organisation_name AS name ON name.name = alias.name
    WHERE alias.organisation_id IS NOT NULL
        AND regexp_matches(alias.name, '(?i)\b(subsidiary|affiliate|division|member|part|owned|acquired|company)\b')
),

-- The first form that fits counts; what stands before it must be a name by itself.
stated AS (
    SELECT
        organisation_id,
        name,
        first_record_key,
        CASE
            WHEN regexp_matches(name, '(?i)\pL.*\b(subsidiary of|owned by|acquired by)\s+\pL') THEN 'subsidiary'
            WHEN regexp_matches(name, '(?i)\pL.*\ban? affiliate of\s+\pL') THEN 'affiliate'
            WHEN regexp_matches(name, '(?i)\pL.*\ba (business )?division of\s+\pL') THEN 'division'
            WHEN regexp_matches(name, '(?i)\pL.*\ba member (company )?of\s+\pL') THEN 'member'
            WHEN regexp_matches(name, '(?i)\pL.*\b(now|is|a) part of\s+\pL') THEN 'part'
            WHEN regexp_matches(name, '(?i)\pL.*,\s*an? [^,]+? company\W*$') THEN 'company'
        END AS relation,
        trim(CASE
            WHEN relation = 'company' THEN regexp_extract(name, '(?i),\s*an? ([^,]+?)(?: group)? company\W*$', 1)
            ELSE regexp_extract(
                name,
                '(?i)\b(?:subsidiary of|owned by|acquired by|an? affiliate of|division of|a member (?:company )?of|(?:now|is|a) part of)\s+(?:the )?(.+?)[\s.)]*$',
                1
            )
        END) AS parent_name
    FROM named
),

institute AS (
    SELECT
        role.organisation_id,
        min(role.name) AS name,
        min(role.record_key) AS first_record_key
    FROM core.organisation_role AS role
    JOIN core.record AS record USING (record_key)
    WHERE role.place = 'sponsor' AND role.organisation_id IS NOT NULL
    GROUP BY role.organisation_id
    HAVING bool_and(record.lead_sponsor_class = 'NIH')  -- records of registries without classes say nothing
),

parent AS (
    SELECT organisation_id, relation, parent_name, 'the name: ' || min(name) AS evidence, min(first_record_key) AS ground_record_key
    FROM stated
    WHERE relation IS NOT NULL AND parent_name <> ''
    GROUP BY organisation_id, relation, parent_name
    UNION ALL
    SELECT
        organisation_id,
        'nih_institute' AS relation,
        'National Institutes of Health' AS parent_name,
        'class NIH in the registry: ' || name AS evidence,
        first_record_key AS ground_record_key
    FROM institute
    WHERE NOT regexp_matches(name, '(?i)^national institutes of health\s*(\(nih\))?$')
),

-- Words as in core.organisation_name.spelling_key.
spelling AS (
    SELECT name.spelling_key, any_value(alias.organisation_id) AS organisation_id
    FROM core.organisation_name AS name
    JOIN core.organisation_alias AS alias ON alias.name = name.name
    WHERE alias.organisation_id IS NOT NULL AND alias.covers IN ('all', 'other')
    GROUP BY name.spelling_key
    HAVING count(DISTINCT alias.organisation_id) = 1
),

keyed AS (
    SELECT
        organisation_id,
        relation,
        parent_name,
        evidence,
        ground_record_key,
        trim(regexp_replace(replace(replace(replace(translate(lower(strip_accents(replace(regexp_replace(parent_name, '[''’`´]', '', 'g'), '&', ' and '))), 'øłđıð', 'oldid'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), '[^\pL\pN]+', ' ', 'g')) AS whole_key,
        trim(regexp_replace(replace(replace(replace(translate(lower(strip_accents(replace(regexp_replace(split_part(parent_name, ',', 1), '[''’`´]', '', 'g'), '&', ' and '))), 'øłđıð', 'oldid'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), '[^\pL\pN]+', ' ', 'g')) AS first_key
    FROM parent
)

SELECT
    keyed.organisation_id,
    keyed.relation,
    keyed.parent_name,
    nullif(coalesce(whole.organisation_id, first_part.organisation_id), keyed.organisation_id) AS parent_organisation_id,
    keyed.evidence,
    keyed.ground_record_key
FROM keyed
LEFT JOIN spelling AS whole ON whole.spelling_key = keyed.whole_key
LEFT JOIN spelling AS first_part ON first_part.spelling_key = keyed.first_key
ORDER BY keyed.organisation_id, keyed.relation, keyed.parent_name
