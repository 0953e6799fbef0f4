/* ---
description: >-
  How often the records of a registry hold each item of the trial registration data set of the WHO (version 1.3.1, 24
  items). marts.who_dataset_completeness says how each item is found.
grain: one row per registry and item
owner: team:warehouse
tags: [marts, quality]
materialised: table
columns:
  registry: {type: VARCHAR, description: "Registry the records are from.", tests: [not_null]}
  item_no: {type: INTEGER, description: "Number of the item in the data set, 1 to 24.", tests: [not_null]}
  item: {type: VARCHAR, description: "The item in words.", tests: [not_null]}
  is_optional: {type: BOOLEAN, description: "Whether a trial may rightly have none of it: items 3, 6 and 20.", tests: [not_null]}
  records: {type: BIGINT, description: "Current records of the registry.", tests: [not_null]}
  records_present: {type: BIGINT, description: "Records that hold the item.", tests: [not_null]}
  records_absent: {type: BIGINT, description: "Records that lack it.", tests: [not_null]}
  records_not_evaluable: {type: BIGINT, description: "Records that do not tell, or to which it does not apply.", tests: [not_null]}
  share_present: {type: DOUBLE, description: "records_present / (records_present + records_absent); NULL where neither."}
tests:
  - unique: [registry, item_no]
metrics:
  share_present:
    meaning: "How often the item is registered where it can be told."
    formula: "records_present / (records_present + records_absent)"
    caveat: "Rests on the evaluable records only; of registries read from layouts that lose parts these are few."
--- */
WITH item AS (
    SELECT item_no, item, is_optional
    FROM (
        VALUES
        (1, 'registry and trial id', false),
        (2, 'date of registration', false),
        (3, 'secondary ids', true),
        (4, 'source of support', false),
        (5, 'primary sponsor', false),
        (6, 'secondary sponsors', true),
        (7, 'contact for public queries', false),
        (8, 'contact for scientific queries', false),
        (9, 'public title', false),
        (10, 'scientific title', false),
        (11, 'countries of recruitment', false),
        (12, 'health condition', false),
        (13, 'interventions', false),
        (14, 'inclusion and exclusion criteria', false),
        (15, 'study type and design', false),
        (16, 'date of first enrolment', false),
        (17, 'sample size', false),
        (18, 'recruitment status', false),
        (19, 'primary outcomes', false),
        (20, 'key secondary outcomes', true),
        (21, 'ethics review', false),
        (22, 'completion date', false),
        (23, 'summary results', false),
        (24, 'statement on sharing individual data', false)
    ) AS listed (item_no, item, is_optional)
),

-- A row for each record and item, in the order of the data set.
judged AS (
    SELECT
        registry,
        unnest(range(1, 25)) AS item_no,
        unnest([
            has_trial_id,
            has_registration_date,
            has_secondary_ids,
            has_funding,
            has_primary_sponsor,
            has_secondary_sponsors,
            has_public_contact,
            has_scientific_contact,
            has_public_title,
            has_scientific_title,
            has_countries,
            has_condition,
            has_intervention,
            has_eligibility,
            has_design,
            has_first_enrollment,
            has_sample_size,
            has_recruitment_status,
            has_primary_outcomes,
            has_secondary_outcomes,
            has_ethics_review,
            has_completion_date,
            has_results,
            has_ipd_statement
        ]) AS is_present
    FROM marts.who_dataset_completeness
),

counted AS (
    SELECT
        registry,
        item_no,
        count(*) AS records,
        count(*) FILTER (WHERE is_present) AS records_present,
        count(*) FILTER (WHERE NOT is_present) AS records_absent,
        count(*) FILTER (WHERE is_present IS NULL) AS records_not_evaluable
    FROM judged
    GROUP BY registry, item_no
)

SELECT
    counted.registry,
    item.item_no,
    item.item,
    item.is_optional,
    counted.records,
    counted.records_present,
    counted.records_absent,
    counted.records_not_evaluable,
    counted.records_present / nullif(counted.records_present + counted.records_absent, 0) AS share_present
FROM counted
JOIN item USING (item_no)
ORDER BY counted.registry, item.item_no
