/* ---
description: >-
  Development programmes that trials belong to by their sponsor's own numbering: a study code whose part before the last
  one goes on in other codes of the same sponsor (GS-US-174-0102), or an acronym that the sponsor counts (PALOMA-2).
  Running numbers of an institution and years are no programmes; rules and limits are in docs/marts/trial_relation.md.
grain: one row per trial and programme
owner: team:warehouse
tags: [core]
materialised: table
columns:
  trial_id: {type: VARCHAR, description: "The trial.", tests: [not_null, {relationships: core.trial.trial_id}]}
  kind:
    type: VARCHAR
    description: >-
      code (of a study number) or acronym.
    tests: [not_null, {accepted_values: [code, acronym]}]
  sponsor_key: {type: VARCHAR, description: "The lead sponsor, as in core.identity_feature.", tests: [not_null]}
  programme: {type: VARCHAR, description: "What the codes or acronyms have in common, in capital letters.", tests: [not_null]}
  member: {type: VARCHAR, description: "The code or acronym of this trial; the smallest where it has several.", tests: [not_null]}
  trial_count: {type: BIGINT, description: "Trials of the programme in the warehouse.", tests: [not_null]}
  place: {type: BIGINT, description: "1-based place of the trial in the order of the codes.", tests: [not_null]}
tests:
  - unique: [trial_id, kind, sponsor_key, programme]
--- */
WITH record AS (
    SELECT
        member.trial_id,
        record.record_key,
        feature.sponsor_key,
        record.lead_sponsor_class,
        upper(trim(record.acronym)) AS acronym,
        upper(regexp_extract(record.brief_title, '\(([A-Za-z]{3,20}[- ]?[0-9]{1,4}[A-Za-z]?)\)\s*$', 1)) AS titled
    FROM core.record AS record
    JOIN core.trial_member AS member USING (record_key)
    JOIN core.identity_feature AS feature USING (record_key)
    WHERE feature.sponsor_key IS NOT NULL AND feature.sponsor_key <> ''
),

code AS (
    SELECT DISTINCT record_key, upper(trim(id_raw)) AS member
    FROM core.identifier
    WHERE role = 'org' AND length(id_raw) BETWEEN 6 AND 40
),

-- GS-US-174-0102: all before the last number, if it holds a letter and a digit. D0540C00004: letters and digits, then letters
-- and digits again. A year in the prefix is the institution's
-- counting (DUIH 2017-0013), and so is a board's name or, but for companies, two figures that can be a year (RECHM19_0327).
coded AS (
    SELECT
        record.trial_id,
        'code' AS kind,
        record.sponsor_key,
        record.lead_sponsor_class,
        CASE
            WHEN regexp_matches(code.member, '^[A-Z][A-Z0-9 ._/-]*[A-Z0-9][-_ ./][A-Z]{0,4}[0-9]{1,5}[A-Z]?$')
                THEN regexp_extract(code.member, '^(.*)[-_ ./][A-Z]{0,4}[0-9]{1,5}[A-Z]?$', 1)
            WHEN regexp_matches(code.member, '^[A-Z]{1,6}[0-9]{3,6}[A-Z]{1,6}[0-9]{3,6}$')
                THEN regexp_extract(code.member, '^([A-Z]{1,6}[0-9]{3,6})', 1)
        END AS programme,
        code.member
    FROM record
    JOIN code USING (record_key)
    WHERE
        length(programme) >= 4
        AND regexp_matches(programme, '[0-9]')
        AND NOT regexp_matches(programme, '(^|[^0-9])(19|20)[0-9]{2}([^0-9]|$)')
        AND NOT regexp_matches(
            programme, '(^|[^A-Z])(IRB|REB|REC|HREC|HSC|HUM|IEC|CEIC|ERB|STUDY|PROTO|PRO|NCI|CDR|CCR|UMCC|NRES|RC)[0-9]*([^A-Z0-9]|$)'
        )
        AND (lead_sponsor_class = 'INDUSTRY' OR NOT regexp_matches(programme, '^[A-Z]{3,}[-_ ]?(9[0-9]|[0-2][0-9])$'))
),

named AS (
    SELECT
        trial_id,
        'acronym' AS kind,
        sponsor_key,
        lead_sponsor_class,
        regexp_extract(member, '^([A-Z]{3,20})', 1) AS programme,
        member
    FROM (
        SELECT trial_id, sponsor_key, lead_sponsor_class, acronym AS member FROM record
        UNION ALL
        SELECT trial_id, sponsor_key, lead_sponsor_class, titled AS member FROM record
    )
    WHERE
        regexp_matches(member, '^[A-Z]{3,20}[- ]?([0-9]{1,4}[A-Z]?|I{1,3}|IV|V)$')
        AND NOT regexp_matches(programme, '^(COVID|SARS|SARSCOV|COV|STUDY|PHASE|PART|TRIAL|COHORT|ARM|GROUP|STAGE|TYPE)$')
        AND NOT (regexp_matches(programme, '(COV|COVID)$') AND ends_with(member, '19'))
),

-- Beyond 60 trials, or 300 of a company, it is a running number and no programme (2026-11).
counted AS (
    SELECT
        trial_id,
        kind,
        sponsor_key,
        programme,
        min(member) AS member,
        bool_or(lead_sponsor_class = 'INDUSTRY') AS is_industry,
        count(*) OVER (PARTITION BY kind, sponsor_key, programme) AS trial_count,
        row_number() OVER (PARTITION BY kind, sponsor_key, programme ORDER BY min(member), trial_id) AS place
    FROM (
        SELECT trial_id, kind, sponsor_key, lead_sponsor_class, programme, member FROM coded
        UNION ALL
        SELECT trial_id, kind, sponsor_key, lead_sponsor_class, programme, member FROM named
    )
    GROUP BY trial_id, kind, sponsor_key, programme
)

SELECT trial_id, kind, sponsor_key, programme, member, trial_count, place
FROM counted
WHERE trial_count BETWEEN 2 AND CASE WHEN coalesce(is_industry, FALSE) THEN 300 ELSE 60 END
ORDER BY kind, sponsor_key, programme, place
