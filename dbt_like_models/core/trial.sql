/* ---
description: >-
  Real-world trials: clusters of registry records (core.trial_member; core.record_link for what ties them
  together).
grain: one row per trial
owner: team:warehouse
tags: [core]
materialised: table
columns:
  trial_id:
    type: VARCHAR
    description: >-
      The trial: TRIAL: and the key of the record it began with. It stays when records join; core.trial_event
      logs merges and splits.
    tests: [not_null, unique]
  primary_record_key:
    type: VARCHAR
    description: >-
      The record that stands for the trial.
    tests: [not_null, {relationships: core.record.record_key}]
  record_count: {type: BIGINT, description: "Registry records of the trial.", tests: [not_null]}
  registry_count: {type: BIGINT, description: "Registries these records are from.", tests: [not_null]}
  registries: {type: VARCHAR, description: "These registries, joined by a comma.", tests: [not_null]}
  link_count: {type: BIGINT, description: "Links that tie the records together.", tests: [not_null]}
  weakest_score:
    type: DOUBLE
    description: >-
      The smallest over the records of the score of a record's best link: how sure the least sure member is. NULL
      for a record that is alone, or where only a person links.
  title: {type: VARCHAR, description: "Brief title of the primary record, else its official title, else the title of its page."}
--- */
WITH trial AS (
    SELECT
        trial_id,
        min(record_key) FILTER (WHERE is_primary) AS primary_record_key,
        count(*) AS record_count,
        count(DISTINCT registry) AS registry_count,
        string_agg(DISTINCT registry, ', ' ORDER BY registry) AS registries,
        sum(link_count)::BIGINT // 2 AS link_count,
        min(best_score) AS weakest_score
    FROM core.trial_member
    GROUP BY trial_id
)

SELECT
    trial.trial_id,
    trial.primary_record_key,
    trial.record_count,
    trial.registry_count,
    trial.registries,
    trial.link_count,
    trial.weakest_score,
    coalesce(study.brief_title, study.official_title, study.page_title) AS title
FROM trial
JOIN raw.record_version AS version ON version.record_key = trial.primary_record_key AND version.is_current
LEFT JOIN staging.study AS study ON study.version_id = version.version_id
ORDER BY trial.trial_id
