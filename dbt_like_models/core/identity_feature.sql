/* ---
description: >-
  What of a current record can speak for or against its being the same trial as another, beside its ids: titles,
  sponsor, start, size, type, and whether it calls itself a follow-up of another study.
grain: one row per record (current version)
owner: team:warehouse
tags: [core, identity]
materialised: table
incremental: record_key
lookups: {core.organisation_name.name: staging.study.lead_sponsor_name}
columns:
  record_key: {type: VARCHAR, description: "The record.", tests: [not_null, unique]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  group_key:
    type: VARCHAR
    description: >-
      The smallest record key among the records that have an own id with it in common (the member states of one
      EudraCT number, submissions of one EU CT number); its own key for others. Further evidence is compared once
      for such a group.
    tests: [not_null]
  title_key: {type: VARCHAR, description: "Official title, else brief title, in small letters, without accents and punctuation; NULL for one of less than 25 characters or 4 words."}
  other_title_key: {type: VARCHAR, description: "Brief title likewise."}
  short_title_key:
    type: VARCHAR
    description: >-
      title_key without brackets and without up to four words behind a last dash, which hold an acronym in one registry
      and nothing in the other ("… for asthma (EXAMPLE)", "… for asthma - EXAMPLE"); NULL where that changes nothing, leaves
      too little, or takes away which part or cohort it is.
  other_short_title_key: {type: VARCHAR, description: "The same of other_title_key."}
  acronym_key: {type: VARCHAR, description: "Acronym, letters and digits only, in small letters."}
  has_placeholder_title: {type: BOOLEAN, description: "Whether that of title_key only says that there is none to tell; it is no evidence.", tests: [not_null]}
  has_other_placeholder_title: {type: BOOLEAN, description: "The same of other_title_key.", tests: [not_null]}
  is_follow_up: {type: BOOLEAN, description: "Whether a title speaks of an extension, follow-up or rollover study (English, German, French, Spanish, Portuguese, Italian, Dutch).", tests: [not_null]}
  sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  sponsor_key: {type: VARCHAR, description: "core.organisation_name.word_key of the lead sponsor; of a person the name in small letters."}
  start_earliest: {type: DATE, description: "Study start: first day the date can mean."}
  start_latest: {type: DATE, description: "Study start: last day the date can mean."}
  enrollment: {type: BIGINT, description: "Participants, reached or aimed at."}
  study_type: {type: VARCHAR, description: "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS."}
--- */
WITH titled AS (
    SELECT
        version.record_key,
        version.registry,
        study.lead_sponsor_name,
        study.start_date_earliest,
        study.start_date_latest,
        study.enrollment_count,
        study.study_type,
        trim(regexp_replace(lower(strip_accents(coalesce(study.official_title, study.brief_title))), '[^\pL\pN]+', ' ', 'g')) AS first_title,
        trim(regexp_replace(lower(strip_accents(study.brief_title)), '[^\pL\pN]+', ' ', 'g')) AS second_title,
        coalesce(study.official_title, study.brief_title) AS first_text,
        study.brief_title AS second_text,
        regexp_replace(lower(strip_accents(study.acronym)), '[^\pL\pN]+', '', 'g') AS acronym_letters
    FROM raw.record_version AS version
    LEFT JOIN staging.study AS study USING (version_id)
    WHERE version.is_current
),

shortened AS (
    SELECT
        *,
        trim(regexp_replace(lower(strip_accents(
            regexp_replace(regexp_replace(first_text, '[(\[][^()\[\]]*[)\]]', ' ', 'g'), '\s[-–—]\s+\S+(\s+\S+){0,3}\s*$', '')
        )), '[^\pL\pN]+', ' ', 'g')) AS first_short,
        trim(regexp_replace(lower(strip_accents(
            regexp_replace(regexp_replace(second_text, '[(\[][^()\[\]]*[)\]]', ' ', 'g'), '\s[-–—]\s+\S+(\s+\S+){0,3}\s*$', '')
        )), '[^\pL\pN]+', ' ', 'g')) AS second_short,
        coalesce(regexp_matches(
            concat_ws(' | ', first_text, second_text),
            '(?i)([(\[]|\s[-–—]\s)[^()\[\]]*\b(part|cohort|stage|step|arm|group|period|phase|study|trial|sub-?study)[ -]*([0-9]+|[a-e]|i{1,3}|iv)\b'
        ), FALSE) AS names_a_part
    FROM titled
)

SELECT
    titled.record_key,
    titled.registry,
    coalesce(own_group.group_key, titled.record_key) AS group_key,
    CASE
        WHEN length(titled.first_title) >= 25 AND regexp_matches(titled.first_title, '^\S+ \S+ \S+ \S') THEN titled.first_title
    END AS title_key,
    CASE
        WHEN length(titled.second_title) >= 25 AND regexp_matches(titled.second_title, '^\S+ \S+ \S+ \S') THEN titled.second_title
    END AS other_title_key,
    CASE
        WHEN
            NOT titled.names_a_part AND titled.first_short <> titled.first_title
            AND length(titled.first_short) >= 25 AND regexp_matches(titled.first_short, '^\S+ \S+ \S+ \S')
            THEN titled.first_short
    END AS short_title_key,
    CASE
        WHEN
            NOT titled.names_a_part AND titled.second_short <> titled.second_title
            AND length(titled.second_short) >= 25 AND regexp_matches(titled.second_short, '^\S+ \S+ \S+ \S')
            THEN titled.second_short
    END AS other_short_title_key,
    nullif(titled.acronym_letters, '') AS acronym_key,
    coalesce(
        regexp_matches(
            titled.first_title,
            'not approved or cleared by the u s fda|\btitle (is |was |has been )?(not |un)(yet )?(available|provided|disclosed|known)|\btitle (is |was |has been )?(withheld|redacted|confidential)|^(test|dummy) (study|trial|record|registration)\b|^(not|to be) (applicable|available|provided|announced|determined)'
        ),
        FALSE
    ) AS has_placeholder_title,
    coalesce(
        regexp_matches(
            titled.second_title,
            'not approved or cleared by the u s fda|\btitle (is |was |has been )?(not |un)(yet )?(available|provided|disclosed|known)|\btitle (is |was |has been )?(withheld|redacted|confidential)|^(test|dummy) (study|trial|record|registration)\b|^(not|to be) (applicable|available|provided|announced|determined)'
        ),
        FALSE
    ) AS has_other_placeholder_title,
    coalesce(
        regexp_matches(
            concat_ws(' | ', titled.first_title, titled.second_title),
            '\b(extension|follow ?ups?|followup|roll ?over|sub ?study|ancillary|continuation|continued (access|treatment)|post trial access|long term (safety|efficacy|treatment|outcomes?|follow)|verlangerung(sstudie)?|nachbeobachtung|folgestudie|suivi|prolongation|seguimiento|estensione|extensao|vervolgstudie|verlenging)\b'
        ),
        FALSE
    ) AS is_follow_up,
    titled.lead_sponsor_name AS sponsor,
    coalesce(
        organisation.word_key,
        trim(regexp_replace(lower(strip_accents(titled.lead_sponsor_name)), '[^\pL\pN]+', ' ', 'g'))
    ) AS sponsor_key,
    titled.start_date_earliest AS start_earliest,
    titled.start_date_latest AS start_latest,
    titled.enrollment_count AS enrollment,
    titled.study_type
FROM shortened AS titled
LEFT JOIN core.own_id_group AS own_group USING (record_key)
LEFT JOIN core.organisation_name AS organisation ON organisation.name = titled.lead_sponsor_name
ORDER BY titled.record_key
