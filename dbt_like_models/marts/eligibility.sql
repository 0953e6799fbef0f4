/* ---
description: >-
  Who may take part in each study: ages in years, sex and healthy volunteers as the record's own fields say, the age groups
  they reach, and what the text of the criteria holds. The criteria one by one: core.criterion.
grain: one row per record
owner: team:warehouse
tags: [marts]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record.", tests: [not_null, unique]}
  trial_id: {type: VARCHAR, description: "Its trial.", tests: [not_null]}
  minimum_age_years: {type: DOUBLE, description: "Youngest eligible age in years; NULL where the record gives none or its form is not known."}
  maximum_age_years: {type: DOUBLE, description: "Oldest eligible age in years; NULL where the record gives none or its form is not known."}
  age_state:
    type: VARCHAR
    description: >-
      stated (both limits), minimum_only, maximum_only, not_stated, unreadable (a limit is written that is no number with
      a unit), contradictory (the minimum is above the maximum).
    tests: [not_null, {accepted_values: [stated, minimum_only, maximum_only, not_stated, unreadable, contradictory]}]
  takes_children: {type: BOOLEAN, description: "Whether someone under 18 can be of eligible age; NULL where neither the limits nor the registry's age groups settle it, and the format does not say that a missing limit is none."}
  takes_adults: {type: BOOLEAN, description: "Whether someone of 18 to 64 years can; NULL likewise."}
  takes_older_adults: {type: BOOLEAN, description: "Whether someone of 65 years or more can; NULL likewise."}
  sex: {type: VARCHAR, description: "FEMALE, MALE or ALL as the record says; NULL where it does not."}
  healthy_volunteers: {type: BOOLEAN, description: "Whether healthy volunteers may take part; NULL where the record does not say."}
  has_criteria: {type: BOOLEAN, description: "Whether there is a text of criteria.", tests: [not_null]}
  has_both_kinds: {type: BOOLEAN, description: "Whether it has criteria of inclusion and of exclusion; NULL without a text."}
  inclusion_count: {type: BIGINT, description: "Criteria of inclusion.", tests: [not_null]}
  exclusion_count: {type: BIGINT, description: "Criteria of exclusion.", tests: [not_null]}
  unknown_count: {type: BIGINT, description: "Criteria of which no heading says the kind.", tests: [not_null]}
  part_count: {type: BIGINT, description: "Criteria that are part of another.", tests: [not_null]}
  lost_count: {type: BIGINT, description: "Places where a number or text is missing or numbering starts over.", tests: [not_null]}
  deepest: {type: INTEGER, description: "Levels of the tree: 0 for a list without parts; NULL without a text."}
metrics:
  minimum_age_years:
    meaning: "From which age one may take part."
    formula: "core.record.minimum_age_days / 365.25, rounded to two places"
    caveat: "6 months are 0.5. NULL is no limit of 0: in ClinicalTrials.gov a missing limit means that there is none, other registries may just not say; age_state tells the two cases apart from unreadable ones, not from each other."
  maximum_age_years:
    meaning: "Up to which age one may take part."
    formula: "core.record.maximum_age_days / 365.25, rounded to two places"
    caveat: "The age stated is still eligible: 17 years is up to the 18th birthday. NULL as for minimum_age_years."
  takes_children:
    meaning: "Whether someone under 18 can be eligible by age."
    formula: "minimum_age_years < 18 where a minimum is stated, else TRUE for a maximum below 18, else the registry's std_ages, else TRUE where a missing limit is none: ClinicalTrials.gov's legacy XML and AACT's tables, which write N/A for it"
    caveat: "By these fields only; the text may say otherwise. NULL where none settles it."
  inclusion_count:
    meaning: "How many criteria of inclusion the text lists."
    formula: "rows of core.criterion of that kind at the top of the tree (depth 0)"
    caveat: "Counts items as the text lists them, not demands: one item may hold several. Texts in one paragraph count one."
  lost_count:
    meaning: "Signs that something of the text was lost."
    formula: "rows of core.criterion with damage other than line_breaks_lost"
    caveat: "Mostly numbering slips of the writer in registry exports; real losses are in page texts."
--- */
WITH criterion AS (
    SELECT
        record_key,
        count(*) FILTER (WHERE kind = 'inclusion' AND depth = 0) AS inclusion_count,
        count(*) FILTER (WHERE kind = 'exclusion' AND depth = 0) AS exclusion_count,
        count(*) FILTER (WHERE kind = 'unknown' AND depth = 0) AS unknown_count,
        count(*) FILTER (WHERE depth > 0) AS part_count,
        count(*) FILTER (WHERE damage <> 'line_breaks_lost') AS lost_count,
        max(depth) AS deepest
    FROM core.criterion
    GROUP BY record_key
),

-- The registry's own reading of the limits, where it gives one; it knows whether a missing limit means none.
grouped AS (
    SELECT
        version_id,
        bool_or(std_age = 'CHILD') AS has_children,
        bool_or(std_age = 'ADULT') AS has_adults,
        bool_or(std_age = 'OLDER_ADULT') AS has_older_adults
    FROM staging.std_age
    GROUP BY version_id
),

aged AS (
    SELECT
        version_id,
        record_key,
        trial_id,
        round(minimum_age_days / 365.25, 2) AS minimum_age_years,
        round(maximum_age_days / 365.25, 2) AS maximum_age_years,
        CASE
            WHEN (minimum_age IS NOT NULL AND minimum_age_days IS NULL) OR (maximum_age IS NOT NULL AND maximum_age_days IS NULL)
                THEN 'unreadable'
            WHEN minimum_age_days > maximum_age_days THEN 'contradictory'
            WHEN minimum_age_days IS NOT NULL AND maximum_age_days IS NOT NULL THEN 'stated'
            WHEN minimum_age_days IS NOT NULL THEN 'minimum_only'
            WHEN maximum_age_days IS NOT NULL THEN 'maximum_only'
            ELSE 'not_stated'
        END AS age_state,
        -- These formats write N/A where a study has no limit, whenever they show who may take part (the sex is always
        -- stated then; 541 of 541 legacy records, 2026-11). Others leave it out, as they do what was not asked for.
        source_format IN ('ctgov_xml', 'aact_flat') AND sex IS NOT NULL AS is_missing_none,
        sex,
        healthy_volunteers,
        eligibility_criteria IS NOT NULL AS has_criteria
    FROM core.record
)

SELECT
    aged.record_key,
    aged.trial_id,
    aged.minimum_age_years,
    aged.maximum_age_years,
    aged.age_state,
    CASE
        WHEN aged.age_state = 'contradictory' THEN NULL
        WHEN aged.minimum_age_years IS NOT NULL THEN aged.minimum_age_years < 18
        WHEN aged.maximum_age_years < 18 THEN TRUE
        WHEN aged.age_state = 'unreadable' OR NOT aged.is_missing_none THEN grouped.has_children
        ELSE coalesce(grouped.has_children, TRUE)
    END AS takes_children,
    CASE
        WHEN aged.age_state = 'contradictory' THEN NULL
        WHEN aged.minimum_age_years >= 65 OR aged.maximum_age_years < 18 THEN FALSE
        WHEN aged.age_state = 'stated' OR aged.minimum_age_years >= 18 OR aged.maximum_age_years < 65 THEN TRUE
        WHEN aged.age_state = 'unreadable' OR NOT aged.is_missing_none THEN grouped.has_adults
        ELSE coalesce(grouped.has_adults, TRUE)
    END AS takes_adults,
    CASE
        WHEN aged.age_state = 'contradictory' THEN NULL
        WHEN aged.maximum_age_years IS NOT NULL THEN aged.maximum_age_years >= 65
        WHEN aged.minimum_age_years >= 65 THEN TRUE
        WHEN aged.age_state = 'unreadable' OR NOT aged.is_missing_none THEN grouped.has_older_adults
        ELSE coalesce(grouped.has_older_adults, TRUE)
    END AS takes_older_adults,
    aged.sex,
    aged.healthy_volunteers,
    aged.has_criteria,
    CASE WHEN aged.has_criteria THEN coalesce(criterion.inclusion_count > 0 AND criterion.exclusion_count > 0, FALSE) END AS has_both_kinds,
    coalesce(criterion.inclusion_count, 0) AS inclusion_count,
    coalesce(criterion.exclusion_count, 0) AS exclusion_count,
    coalesce(criterion.unknown_count, 0) AS unknown_count,
    coalesce(criterion.part_count, 0) AS part_count,
    coalesce(criterion.lost_count, 0) AS lost_count,
    criterion.deepest
FROM aged
LEFT JOIN grouped ON grouped.version_id = aged.version_id
LEFT JOIN criterion ON criterion.record_key = aged.record_key
ORDER BY aged.record_key
