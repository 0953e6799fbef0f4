/* ---
description: >-
  For each trial with records of several registries and each field: whether the registries tell the same. Records
  of different registries are compared two by two. Partial dates are intervals: two that overlap do not disagree,
  and unless both are exact they do not agree either. What cannot be compared is said, with the reason.
grain: one row per trial with records of two or more registries, and field
owner: team:warehouse
tags: [marts, identity]
materialised: table
columns:
  trial_id: {type: VARCHAR, description: "The trial.", tests: [not_null, {relationships: core.trial.trial_id}]}
  title: {type: VARCHAR, description: "Title of the trial."}
  field:
    type: VARCHAR
    description: >-
      The column of core.record (of dates the stem) that is compared.
    tests: [not_null, {accepted_values: [overall_status, start, primary_completion, completion, enrollment, sex, has_results, phase, study_type, minimum_age, maximum_age, healthy_volunteers]}]
  verdict:
    type: VARCHAR
    description: >-
      disagree: two registries at least say different things; agree: none do, and two at least say the same;
      not_comparable: see reason.
    tests: [not_null, {accepted_values: [agree, disagree, not_comparable]}]
  reason: {type: VARCHAR, description: "Why pairs of records cannot be compared, each reason once; NULL where all can."}
  record_values: {type: VARCHAR, description: "What each record says, in the order of record keys; a dash for nothing."}
  largest_difference: {type: DOUBLE, description: "Largest difference between records of two registries that disagree; of intervals the smallest it can be. NULL for fields without a measure."}
  difference_unit: {type: VARCHAR, description: "days or participants."}
  pairs_agreeing: {type: BIGINT, description: "Pairs of records of different registries that agree.", tests: [not_null]}
  pairs_disagreeing: {type: BIGINT, description: "Pairs that disagree.", tests: [not_null]}
  pairs_not_comparable: {type: BIGINT, description: "Pairs that cannot be compared.", tests: [not_null]}
  record_count: {type: BIGINT, description: "Records of the trial.", tests: [not_null]}
  registries: {type: VARCHAR, description: "Registries these are from.", tests: [not_null]}
tests:
  - unique: [trial_id, field]
metrics:
  verdict:
    meaning: "Whether registries contradict each other on one trial."
    formula: "disagree if any pair of records of different registries disagrees; else agree if any agrees; else not_comparable"
    caveat: "Records are compared as they stand in the warehouse, however old each is: a disagreement may be one record that is no longer kept up. Member states of one EudraCT number are one registry and are not compared with each other."
  largest_difference:
    meaning: "How far apart they are."
    formula: "dates: days between the intervals; enrollment: difference in participants; ages: difference in days"
    caveat: "Sizes reached and sizes aimed at are not comparable, so a trial that missed its target does not count."
--- */
WITH record AS (
    SELECT
        record.trial_id,
        record.record_key,
        record.registry,
        record.overall_status,
        record.start_raw,
        record.start_type,
        record.start_earliest,
        record.start_latest,
        record.primary_completion_raw,
        record.primary_completion_type,
        record.primary_completion_earliest,
        record.primary_completion_latest,
        record.completion_raw,
        record.completion_type,
        record.completion_earliest,
        record.completion_latest,
        record.enrollment,
        record.enrollment_type,
        record.sex,
        record.has_results,
        record.phase,
        record.study_type,
        record.minimum_age,
        record.minimum_age_days,
        record.maximum_age,
        record.maximum_age_days,
        record.healthy_volunteers
    FROM core.record AS record
    JOIN core.trial AS trial USING (trial_id)
    WHERE trial.registry_count > 1
),

-- Each field as text, or as an interval of numbers (days since 1970, participants, days of age) with its kind.
said AS (
    SELECT trial_id, record_key, registry, 'overall_status' AS field, nullif(overall_status, 'UNKNOWN') AS words,
        overall_status AS shown, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL AS kind, NULL AS unit
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'start', NULL, concat_ws(' ', start_raw, start_type),
        date_diff('day', DATE '1970-01-01', start_earliest), date_diff('day', DATE '1970-01-01', start_latest), NULL, 'days'
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'primary_completion', NULL, concat_ws(' ', primary_completion_raw, primary_completion_type),
        date_diff('day', DATE '1970-01-01', primary_completion_earliest),
        date_diff('day', DATE '1970-01-01', primary_completion_latest), NULL, 'days'
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'completion', NULL, concat_ws(' ', completion_raw, completion_type),
        date_diff('day', DATE '1970-01-01', completion_earliest), date_diff('day', DATE '1970-01-01', completion_latest), NULL, 'days'
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'enrollment', NULL, concat_ws(' ', enrollment, enrollment_type),
        enrollment, enrollment, coalesce(enrollment_type, 'not stated'), 'participants'
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'sex', sex, sex, NULL, NULL, NULL, NULL
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'has_results', has_results::VARCHAR, has_results::VARCHAR, NULL, NULL, NULL, NULL
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'phase', phase, phase, NULL, NULL, NULL, NULL
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'study_type', study_type, study_type, NULL, NULL, NULL, NULL
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'minimum_age', NULL, minimum_age, minimum_age_days, minimum_age_days, NULL, 'days'
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'maximum_age', NULL, maximum_age, maximum_age_days, maximum_age_days, NULL, 'days'
    FROM record
    UNION ALL
    SELECT trial_id, record_key, registry, 'healthy_volunteers', healthy_volunteers::VARCHAR, healthy_volunteers::VARCHAR,
        NULL, NULL, NULL, NULL
    FROM record
),

paired AS (
    SELECT
        a.trial_id,
        a.field,
        a.unit,
        coalesce(a.words, a.low::VARCHAR) IS NULL OR coalesce(b.words, b.low::VARCHAR) IS NULL AS is_missing,
        a.words <> b.words AS differs,
        greatest(a.low - b.high, b.low - a.high) AS difference,
        a.low < a.high OR b.low < b.high AS is_partial,
        a.kind <> b.kind OR a.kind = 'not stated' AS is_other_kind
    FROM said AS a
    JOIN said AS b
        ON b.trial_id = a.trial_id AND b.field = a.field AND b.record_key > a.record_key AND b.registry <> a.registry
),

judged AS (
    SELECT
        trial_id,
        field,
        unit,
        difference,
        CASE
            WHEN is_missing THEN 'not_comparable'
            WHEN differs OR difference > 0 THEN CASE WHEN is_other_kind THEN 'not_comparable' ELSE 'disagree' END
            WHEN is_partial THEN 'not_comparable'
            ELSE 'agree'
        END AS verdict,
        CASE
            WHEN is_missing THEN 'one of two records does not say it'
            WHEN difference > 0 AND is_other_kind THEN 'sizes reached and sizes aimed at, or not stated which'
            WHEN is_partial AND difference <= 0 THEN 'dates overlap that are not exact'
        END AS reason
    FROM paired
),

counted AS (
    SELECT
        trial_id,
        field,
        count(*) FILTER (WHERE verdict = 'agree') AS pairs_agreeing,
        count(*) FILTER (WHERE verdict = 'disagree') AS pairs_disagreeing,
        count(*) FILTER (WHERE verdict = 'not_comparable') AS pairs_not_comparable,
        string_agg(DISTINCT reason, '; ' ORDER BY reason) AS reason,
        max(difference) FILTER (WHERE verdict = 'disagree') AS largest_difference,
        max(unit) FILTER (WHERE verdict = 'disagree') AS difference_unit
    FROM judged
    GROUP BY trial_id, field
),

listed AS (
    SELECT
        trial_id,
        field,
        string_agg(record_key || ': ' || coalesce(nullif(shown, ''), '–'), '; ' ORDER BY record_key) AS record_values
    FROM said
    GROUP BY trial_id, field
)

SELECT
    counted.trial_id,
    trial.title,
    counted.field,
    CASE
        WHEN counted.pairs_disagreeing > 0 THEN 'disagree'
        WHEN counted.pairs_agreeing > 0 THEN 'agree'
        ELSE 'not_comparable'
    END AS verdict,
    counted.reason,
    listed.record_values,
    counted.largest_difference,
    counted.difference_unit,
    counted.pairs_agreeing,
    counted.pairs_disagreeing,
    counted.pairs_not_comparable,
    trial.record_count,
    trial.registries
FROM counted
JOIN core.trial AS trial USING (trial_id)
JOIN listed USING (trial_id, field)
ORDER BY counted.trial_id, counted.field
