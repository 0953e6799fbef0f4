/* ---
description: >-
  Investigators as the records name them, with their trials: overall officials, and principal and sponsor-investigators as
  responsible party. A row is a name with an affiliation, not a person.
grain: one row per investigator name and affiliation (case, accents and punctuation aside, and degrees and titles of the name)
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  name: {type: VARCHAR, description: "Name and degrees, in the most frequent spelling.", tests: [not_null]}
  affiliation: {type: VARCHAR, description: "Affiliation as written, in the most frequent spelling; NULL where the records give none."}
  organisation_id: {type: VARCHAR, description: "The organisation that the affiliation stands for (core.organisation), where one is known."}
  roles: {type: "VARCHAR[]", description: "Roles in the records: PRINCIPAL_INVESTIGATOR, STUDY_CHAIR, STUDY_DIRECTOR, SUB_INVESTIGATOR, RESPONSIBLE_PARTY; NOT_STATED where a record gives none.", tests: [not_null]}
  trials: {type: BIGINT, description: "Trials that name them.", tests: [not_null]}
  open_trials: {type: BIGINT, description: "Of these, open ones.", tests: [not_null]}
  completed_trials: {type: BIGINT, description: "Trials completed.", tests: [not_null]}
  stopped_trials: {type: BIGINT, description: "Trials suspended, terminated or withdrawn.", tests: [not_null]}
  records: {type: BIGINT, description: "Registry records that name them.", tests: [not_null]}
  first_start: {type: DATE, description: "First day that the earliest start of a trial can mean."}
  last_start: {type: DATE, description: "Last day that the latest start of a trial can mean."}
  top_conditions: {type: "VARCHAR[]", description: "The conditions of most of these trials, at most three, in small letters, the most frequent first.", tests: [not_null]}
metrics:
  trials:
    meaning: "Trials whose records give this name with this affiliation."
    formula: "number of different trial_id"
    caveat: "A name match is no identity: two persons of one name at one place are one row, and one person with two affiliations or spellings is several; degrees and titles make no difference. Never judge a person by it. Investigators of single sites are not here."
--- */
WITH stated AS (
    SELECT record_key, name, affiliation, coalesce(role, 'NOT_STATED') AS role
    FROM core.official
    UNION ALL
    SELECT record_key, responsible_party_name AS name, responsible_party_affiliation AS affiliation, 'RESPONSIBLE_PARTY' AS role
    FROM core.record
    WHERE responsible_party_type IN ('PRINCIPAL_INVESTIGATOR', 'SPONSOR_INVESTIGATOR')
),

named AS (
    SELECT
        stated.record_key,
        member.trial_id,
        trim(regexp_replace(stated.name, '\s+', ' ', 'g')) AS name,
        nullif(trim(regexp_replace(stated.affiliation, '\s+', ' ', 'g')), '') AS affiliation,
        stated.affiliation AS affiliation_raw,
        stated.role
    FROM stated
    JOIN core.trial_member AS member USING (record_key)
    WHERE stated.name IS NOT NULL AND trim(stated.name) <> ''
),

-- Officials have their degrees behind the name, responsible parties mostly not, of one and the same record. What stands behind
-- a comma counts as degrees where it is nothing else; without a comma only what is no surname ("Ma", "Do").
plain AS (
    SELECT
        *,
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    lower(strip_accents(replace(name, '.', ''))),
                    '(\s*,\s*(md|m d|phd|ph d|dphil|drph|drmed|dr med|dr|pd|prof|professor|doctor|mph|mba|mbbs|mbchb|mb|bch|bs|bsc|ba|ms|msc|mscs|msce|mscr|ma|mas|mmed|mmsc|mmedsc|msph|mspt|mpa|mpp|mha|mhs|mhsc|med|master|do|dm|dds|dmd|dvm|dnp|dpt|dsc|scd|edd|psyd|pharmd|jd|rn|bsn|msn|np|aprn|pa|pac|pt|ot|rd|rdn|ccrp|frcp|frcpc|frcs|frcsc|fracp|mrcp|facp|facs|facc|faan|faaaai|facaai|fccp|faha|fasco|fasn|frca|faap|facog|facg|agaf|ccfp)([ /&-]+(md|m d|phd|ph d|dphil|drph|drmed|dr med|dr|pd|prof|professor|doctor|mph|mba|mbbs|mbchb|mb|bch|bs|bsc|ba|ms|msc|mscs|msce|mscr|ma|mas|mmed|mmsc|mmedsc|msph|mspt|mpa|mpp|mha|mhs|mhsc|med|master|do|dm|dds|dmd|dvm|dnp|dpt|dsc|scd|edd|psyd|pharmd|jd|rn|bsn|msn|np|aprn|pa|pac|pt|ot|rd|rdn|ccrp|frcp|frcpc|frcs|frcsc|fracp|mrcp|facp|facs|facc|faan|faaaai|facaai|fccp|faha|fasco|fasn|frca|faap|facog|facg|agaf|ccfp))*)+[\s,]*$', ''
                ),
                '\s+(md|phd|dphil|drph|mph|mba|mbbs|mbchb|pharmd|psyd|dds|dmd|dvm|edd|frcp|frcpc|facp|facs)([ ,/&-]+(md|m d|phd|ph d|dphil|drph|drmed|dr med|dr|pd|prof|professor|doctor|mph|mba|mbbs|mbchb|mb|bch|bs|bsc|ba|ms|msc|mscs|msce|mscr|ma|mas|mmed|mmsc|mmedsc|msph|mspt|mpa|mpp|mha|mhs|mhsc|med|master|do|dm|dds|dmd|dvm|dnp|dpt|dsc|scd|edd|psyd|pharmd|jd|rn|bsn|msn|np|aprn|pa|pac|pt|ot|rd|rdn|ccrp|frcp|frcpc|frcs|frcsc|fracp|mrcp|facp|facs|facc|faan|faaaai|facaai|fccp|faha|fasco|fasn|frca|faap|facog|facg|agaf|ccfp))*[\s,]*$', ''
            ),
            '^((prof|professor|dr|pd|priv-?doz|univ-?prof|assoc prof|med)[\s,]+)+(\S+[\s,]+\S)', '\3'
        ) AS plain_name
    FROM named
),

spelling AS (
    SELECT
        coalesce(nullif(trim(regexp_replace(plain_name, '[^\pL\pN]+', ' ', 'g')), ''), lower(name)) AS name_key,
        coalesce(nullif(trim(regexp_replace(lower(strip_accents(affiliation)), '[^\pL\pN]+', ' ', 'g')), ''), lower(affiliation)) AS affiliation_key,
        name,
        affiliation,
        min(affiliation_raw) AS affiliation_raw,
        count(*) AS uses,
        list(role) AS roles,
        list(record_key) AS records,
        list(DISTINCT trial_id) AS trials
    FROM plain
    GROUP BY name, plain_name, affiliation
),

person AS (
    SELECT
        row_number() OVER (ORDER BY name_key, affiliation_key) AS person_no,
        name_key,
        affiliation_key,
        arg_max(name, (uses, name)) AS name,
        arg_max(affiliation, (uses, affiliation)) AS affiliation,
        arg_max(affiliation_raw, (uses, affiliation)) AS affiliation_raw,
        list_sort(list_distinct(flatten(list(roles)))) AS roles,
        len(list_distinct(flatten(list(records)))) AS records,
        list_distinct(flatten(list(trials))) AS trials
    FROM spelling
    GROUP BY name_key, affiliation_key
),

person_trial AS (
    SELECT person_no, unnest(trials) AS trial_id
    FROM person
),

counted AS (
    SELECT
        person_trial.person_no,
        count(*) AS trials,
        count(*) FILTER (WHERE trial.is_open) AS open_trials,
        count(*) FILTER (WHERE trial.status_group = 'completed') AS completed_trials,
        count(*) FILTER (WHERE trial.status_group = 'stopped') AS stopped_trials,
        min(trial.start_earliest) AS first_start,
        max(trial.start_latest) AS last_start
    FROM person_trial
    JOIN marts.trial_profile AS trial ON trial.trial_id = person_trial.trial_id
    GROUP BY person_trial.person_no
),

trial_condition AS (
    SELECT DISTINCT member.trial_id, lower(trim(regexp_replace(condition.condition, '\s+', ' ', 'g'))) AS condition
    FROM core.condition AS condition
    JOIN core.trial_member AS member USING (record_key)
),

top_condition AS (
    SELECT person_no, list(condition ORDER BY trials DESC, condition)[1:3] AS conditions
    FROM (
        SELECT person_trial.person_no, trial_condition.condition, count(*) AS trials
        FROM person_trial
        JOIN trial_condition ON trial_condition.trial_id = person_trial.trial_id
        WHERE trial_condition.condition <> ''
        GROUP BY person_trial.person_no, trial_condition.condition
    )
    GROUP BY person_no
),

-- Affiliations that stand for one organisation wherever they are written.
affiliation_organisation AS (
    SELECT name, any_value(organisation_id) AS organisation_id
    FROM core.organisation_alias
    WHERE covers IN ('all', 'other') AND country IS NULL
    GROUP BY name
    HAVING count(DISTINCT organisation_id) = 1
)

SELECT
    person.name,
    person.affiliation,
    organisation.organisation_id,
    person.roles,
    counted.trials,
    counted.open_trials,
    counted.completed_trials,
    counted.stopped_trials,
    person.records,
    counted.first_start,
    counted.last_start,
    coalesce(top_condition.conditions, []) AS top_conditions
FROM person
JOIN counted ON counted.person_no = person.person_no
LEFT JOIN top_condition ON top_condition.person_no = person.person_no
LEFT JOIN affiliation_organisation AS organisation ON organisation.name = person.affiliation_raw
ORDER BY person.name, person.affiliation
